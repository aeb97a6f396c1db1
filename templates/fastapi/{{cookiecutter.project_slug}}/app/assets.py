"""Static files, and the two that browsers and robots look for at the root."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse

from app.files import CachedStaticFiles
from app.settings import PROJECT

FOLDER = PROJECT / "app" / "static"

router = APIRouter()
static_files = CachedStaticFiles(directory=FOLDER)


def static(name: str) -> str:
    """The address of a static file, another one whenever the file changes."""
    path = FOLDER / name
    return f"/static/{name}?v={_digest(path, path.stat().st_mtime_ns)}"


@cache
def _digest(path: Path, _: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


@router.api_route("/favicon.ico", methods=["GET", "HEAD"])
async def favicon() -> FileResponse:
    return FileResponse(
        FOLDER / "favicon.ico", headers={"Cache-Control": "public, max-age=86400"}
    )


@router.api_route("/robots.txt", methods=["GET", "HEAD"])
async def robots() -> FileResponse:
    return FileResponse(FOLDER / "robots.txt")
