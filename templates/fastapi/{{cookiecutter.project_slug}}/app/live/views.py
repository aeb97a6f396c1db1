"""The page that shows each change as it comes."""

from datetime import UTC
from pathlib import Path

from fastapi import Request
from sqlalchemy import select
from starlette.responses import Response

from app.catalogue.models import Product
from app.dependencies import DatabaseSession
from app.files import CachedStaticFiles
from app.pages import Page, loader, page_router, templates

SHOWN = 10
FOLDER = Path(__file__).parent

router = page_router()
static_files = CachedStaticFiles(directory=FOLDER / "static")
loader.searchpath.append(str(FOLDER / "templates"))


@router.get("/live")
async def live(request: Request, session: DatabaseSession) -> Response:
    changed_last = (Product.updated_at.desc(), Product.id.desc())
    query = select(Product).order_by(*changed_last).limit(SHOWN)
    products = list(await session.scalars(query))
    return Page(request, "live.html", products=products, utc=UTC)


def _static(name: str) -> str:
    """The address of a static file, another one whenever the file changes."""
    version = (FOLDER / "static" / name).stat().st_mtime_ns
    return f"/live/static/{name}?v={version}"


templates.env.globals["live_static"] = _static
