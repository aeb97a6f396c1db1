"""The description of the API, made from its endpoints, and two pages that show it."""

from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from starlette.responses import FileResponse, JSONResponse, RedirectResponse

from app.api import accounts, products
from app.api.problems import MEDIA_TYPE
from app.files import CachedStaticFiles
from app.settings import SITE_NAME

FOLDER = Path(__file__).parent
# Features add to it.
DESCRIBED: list[APIRouter] = [accounts.token_router, accounts.router, products.router]

router = APIRouter(prefix="/api")
# It shows the way to programmers, where no page of the site has this address.
front_door = APIRouter()
static_files = CachedStaticFiles(directory=FOLDER / "static")


@cache
def description() -> dict[str, Any]:
    """https://fastapi.tiangolo.com/how-to/extending-openapi/"""
    found = get_openapi(
        title=SITE_NAME,
        version="1",
        routes=[route for part in DESCRIBED for route in part.routes],
        tags=[{"name": name} for part in DESCRIBED for name in part.tags],
    )
    for path in found["paths"].values():
        for operation in path.values():
            _say_problem(operation["responses"])
            for parameter in operation.get("parameters", []):
                parameter["schema"].pop("description", None)  # it is said already
    return found


def _say_problem(responses: dict[str, Any]) -> None:
    """FastAPI knows one media type for each endpoint: errors have another."""
    for status, response in responses.items():
        if status >= "400":
            response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}


@router.api_route("/openapi.json", methods=["GET", "HEAD"])
async def openapi() -> JSONResponse:
    return JSONResponse(description(), headers={"Cache-Control": "no-cache"})


@router.api_route("/docs", methods=["GET", "HEAD"])
async def swagger() -> FileResponse:
    return _page("swagger.html")


@router.api_route("/redoc", methods=["GET", "HEAD"])
async def redoc() -> FileResponse:
    return _page("redoc.html")


@front_door.api_route("/", methods=["GET", "HEAD"])
async def to_documentation() -> RedirectResponse:
    return RedirectResponse("/api/docs", 307)


def _page(name: str) -> FileResponse:
    return FileResponse(FOLDER / name, headers={"Cache-Control": "no-cache"})
