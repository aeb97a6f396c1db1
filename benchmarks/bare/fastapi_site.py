"""The site in FastAPI and SQLAlchemy with nothing around it.

The tables and the templates are the project's. There is no middleware and no dependency,
and each answer takes the shortest queries that give it.
"""

import os
from datetime import datetime
from typing import Annotated, Any

import app.routes  # noqa: F401  # it fills `templates`
from app.accounts.passwords import hash_password, verify_password
from app.catalogue.models import Product as Stored
from app.catalogue.services import ProductPage
from app.database import engine_for
from app.pages import templates
from fastapi import FastAPI, HTTPException
from pydantic import AliasPath, BaseModel, BeforeValidator, Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

TYPED = "the password of everybody"
STORED = hash_password(TYPED)
NEWEST_FIRST = (Stored.created_at.desc(), Stored.id.desc())
CONTEXT: dict[str, Any] = {
    "user": None,
    "csrf_token": lambda: "none",
    "message": "",
    "debug": False,
}

engine = engine_for(os.environ["DATABASE_URL"])


class Product(BaseModel):
    """A product, with the name of its owner."""

    id: int
    slug: str
    name: str
    description: str
    price: Annotated[str, BeforeValidator(str)]
    stock: int
    owner: str = Field(validation_alias=AliasPath("owner", "display_name"))
    created_at: datetime
    updated_at: datetime
    version: int


class Page(BaseModel):
    """One page of them."""

    items: list[Product]
    total: int
    page: int
    page_size: int
    pages: int


application = FastAPI()


@application.get("/")
async def home(request: Request) -> Response:
    """Show the newest products."""
    async with AsyncSession(engine) as session:
        newest = list(await session.scalars(select(Stored).order_by(*NEWEST_FIRST).limit(6)))
    return templates.TemplateResponse(request, "home.html", CONTEXT | {"products": newest})


@application.get("/products")
async def products(request: Request) -> Response:
    """Show a page of products, newest first."""
    async with AsyncSession(engine) as session:
        total = await session.scalar(select(func.count()).select_from(Stored))
        found = await session.scalars(select(Stored).order_by(*NEWEST_FIRST).limit(12))
        page = ProductPage(list(found), total or 0, 1, 12)
    context = CONTEXT | {"page": page, "search": ""}
    return templates.TemplateResponse(request, "catalogue/products.html", context)


@application.get("/api/products", response_model=Page)
async def api_products(page: int = 1, page_size: int = 20) -> dict[str, Any]:
    """List products, newest first."""
    async with AsyncSession(engine) as session:
        total = await session.scalar(select(func.count()).select_from(Stored)) or 0
        pages = -(-total // page_size)
        if not 1 <= page <= max(pages, 1):
            raise HTTPException(404)
        found = await session.scalars(
            select(Stored)
            .options(joinedload(Stored.owner))
            .order_by(*NEWEST_FIRST)
            .limit(page_size)
            .offset((page - 1) * page_size)
        )
        items = list(found)
    return {
        "items": items,
        "total": total,
        "page": page,
        "page_size": page_size,
        "pages": pages,
    }


@application.post("/login")
def login() -> Response:
    """Check a password, and that is all."""
    assert verify_password(TYPED, STORED)
    return RedirectResponse("/", 303)
