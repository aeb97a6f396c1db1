"""The list of products in FastAPI and SQLAlchemy, as short as it can be written."""

import os
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException
from pydantic import AliasPath, BaseModel, BeforeValidator, Field
from sqlalchemy import create_engine, func, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.orm import joinedload

Base = automap_base()
Base.prepare(autoload_with=create_engine(f"sqlite:///{os.environ['DATABASE']}"))
Stored = Base.classes.product
owner = joinedload(Stored.user_account)
engine = create_async_engine(f"sqlite+aiosqlite:///{os.environ['DATABASE']}")

Moment = Annotated[datetime, BeforeValidator(lambda moment: moment.replace(tzinfo=UTC))]


class Product(BaseModel):
    """A product, with the name of its owner."""

    id: int
    slug: str
    name: str
    description: str
    price: Annotated[str, BeforeValidator(str)]
    stock: int
    owner: str = Field(validation_alias=AliasPath("user_account", "display_name"))
    created_at: Moment
    updated_at: Moment
    version: int


class Page(BaseModel):
    """One page of them."""

    items: list[Product]
    total: int
    page: int
    page_size: int
    pages: int


application = FastAPI()


@application.get("/api/products", response_model=Page)
async def products(page: int = 1, page_size: int = 20) -> dict[str, Any]:
    """List products, newest first."""
    async with AsyncSession(engine) as session:
        total = await session.scalar(select(func.count()).select_from(Stored))
        pages = -(-total // page_size)
        if not 1 <= page <= max(pages, 1):
            raise HTTPException(404)
        found = await session.scalars(
            select(Stored)
            .options(owner)
            .order_by(Stored.created_at.desc(), Stored.id.desc())
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
