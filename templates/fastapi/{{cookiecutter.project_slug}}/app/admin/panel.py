"""The admin panel: which tables are in it, and who may see them."""

from pathlib import Path
from types import new_class
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from pydantic import Field
from sqladmin.application import BaseAdmin
from starlette.responses import Response

from app.accounts.dependencies import CurrentUser
from app.accounts.models import User
from app.admin.products import ProductTable
from app.admin.tables import Table
from app.admin.users import UserTable
from app.database import sessions_for
from app.dependencies import DatabaseSession
from app.files import CachedStaticFiles
from app.pages import Page, PageRoute, loader, templates

TABLES: list[type[Table]] = [ProductTable, UserTable]

FOLDER = Path(__file__).parent

static_files = CachedStaticFiles(directory=FOLDER / "static")
loader.searchpath.append(str(FOLDER / "templates"))


async def member_of_staff(user: CurrentUser, session: DatabaseSession) -> User:
    if not user.is_staff:
        raise HTTPException(403)
    # Gives its connection back: the tables have sessions of their own, and whoever
    # holds one connection and waits for another can end up waiting for each other.
    await session.commit()
    return user


Staff = Annotated[User, Depends(member_of_staff)]


def admin_router() -> APIRouter:
    """A router for the staff."""
    return APIRouter(
        prefix="/admin",
        route_class=PageRoute,
        dependencies=[Depends(member_of_staff)],
    )


def set_up(app: FastAPI) -> None:
    """Let the tables know the database.

    `BaseAdmin`, for `Admin` would open addresses of its own, without our checks. With a
    maker of sessions of its own, for it changes the settings of what it is given. And
    with classes of its own, because it writes on them to which application they belong.
    """
    admin = BaseAdmin(app, session_maker=sessions_for(app.state.engine))
    for table in TABLES:
        admin.add_view(new_class(table.__name__, (table,)))
    app.state.admin_tables = admin.views


async def _table(request: Request, identity: str) -> Table:
    tables: list[Table] = request.app.state.admin_tables
    for table in tables:
        if table.identity == identity:
            return table
    raise HTTPException(404)


TableInPath = Annotated[Table, Depends(_table)]
# No row has a higher one, and PostgreSQL would not even look for it.
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


def page_for(
    request: Request, template: str, status_code: int = 200, **context: Any
) -> Response:
    tables = request.app.state.admin_tables
    return Page(request, template, status_code, tables=tables, **context)


def _static(name: str) -> str:
    """The address of a static file, another one whenever the file changes."""
    version = (FOLDER / "static" / name).stat().st_mtime_ns
    return f"/admin/static/{name}?v={version}"


templates.env.globals["admin_static"] = _static
