"""Uploading products, and watching how their import goes on: for the staff."""

from pathlib import Path
from typing import Annotated

from anyio import to_thread
from fastapi import Depends, HTTPException, Request
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import defer
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from app.accounts.dependencies import CurrentUser
from app.accounts.models import User
from app.csrf import UPLOADS, SubmittedForm
from app.dependencies import DatabaseSession
from app.files import CachedStaticFiles
from app.imports import files, work
from app.imports.models import ProductImport
from app.languages import _
from app.pages import Page, loader, page_router, templates

FOLDER = Path(__file__).parent
ADDRESS = "/products/import"

router = page_router()
static_files = CachedStaticFiles(directory=FOLDER / "static")
loader.searchpath.append(str(FOLDER / "templates"))
UPLOADS.add(ADDRESS)


async def _member_of_staff(user: CurrentUser) -> User:
    if not user.is_staff:
        raise HTTPException(403)
    return user


Staff = Annotated[User, Depends(_member_of_staff)]
# No row has a higher one, and PostgreSQL would not even look for it.
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


@router.get(ADDRESS)
async def new_import(request: Request, staff: Staff) -> Response:
    return Page(request, "imports/new.html", errors={})


@router.post(ADDRESS)
async def add_import(
    request: Request, staff: Staff, session: DatabaseSession, submitted: SubmittedForm
) -> Response:
    try:
        filename, file = await _file_in(submitted)
    except ValueError as error:
        return Page(request, "imports/new.html", 422, errors={"file": str(error)})
    queued = await work.queue(session, file, filename, staff)
    return RedirectResponse(f"{ADDRESS}/{queued.id}", 303)


@router.get(ADDRESS + "/{number}")
async def show_import(
    request: Request, number: Number, staff: Staff, session: DatabaseSession
) -> Response:
    query = select(ProductImport).where(ProductImport.id == number)
    found = await session.scalar(query.options(defer(ProductImport.content)))
    if found is None:
        raise HTTPException(404)
    return Page(request, "imports/show.html", work=found)


async def _file_in(submitted: FormData) -> tuple[str, files.ProductFile]:
    sent = submitted.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise ValueError(_("Choose a file."))
    # A file is long enough to hold up others.
    return sent.filename, await to_thread.run_sync(files.read, await sent.read())


def _static(name: str) -> str:
    """The address of a static file, another one whenever the file changes."""
    version = (FOLDER / "static" / name).stat().st_mtime_ns
    return f"/imports/static/{name}?v={version}"


templates.env.globals["import_static"] = _static
