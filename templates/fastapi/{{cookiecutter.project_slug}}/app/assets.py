"""Static files, and the two that browsers and robots look for at the root."""

import hashlib
from functools import cache
from os import PathLike, stat_result
from pathlib import Path

from fastapi import APIRouter
from starlette.datastructures import QueryParams
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.settings import PROJECT

FOLDER = PROJECT / "app" / "static"

router = APIRouter()


def static(name: str) -> str:
    """The address of a static file, another one whenever the file changes."""
    path = FOLDER / name
    return f"/static/{name}?v={_digest(path, path.stat().st_mtime_ns)}"


@cache
def _digest(path: Path, _: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


class CachedStaticFiles(StaticFiles):
    """Kept by browsers: for a year if the address tells the version."""

    def file_response(
        self,
        full_path: "str | PathLike[str]",
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        versioned = "v" in QueryParams(scope["query_string"])
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable"
            if versioned
            else "public, max-age=3600"
        )
        return response


static_files = CachedStaticFiles(directory=FOLDER)


@router.api_route("/favicon.ico", methods=["GET", "HEAD"])
async def favicon() -> FileResponse:
    return FileResponse(
        FOLDER / "favicon.ico", headers={"Cache-Control": "public, max-age=86400"}
    )


@router.api_route("/robots.txt", methods=["GET", "HEAD"])
async def robots() -> FileResponse:
    return FileResponse(FOLDER / "robots.txt")
