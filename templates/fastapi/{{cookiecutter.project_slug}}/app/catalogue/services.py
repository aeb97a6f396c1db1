"""What can be done with products, whoever asks for it: a page, a command, an API."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict

from sqlalchemy import ColumnElement, delete, func, or_, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.catalogue.models import Product
from app.catalogue.slugs import free_slug, random_slug, slugify
from app.database import now

PAGE_SIZE = 12
NEWEST_FIRST = (Product.created_at.desc(), Product.id.desc())


class ProductValues(TypedDict):
    """What a person says about a product."""

    name: str
    description: str
    price: Decimal
    stock: int


@dataclass(frozen=True)
class ProductPage:
    products: list[Product]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return _pages(self.total)


async def newest_products(session: AsyncSession, limit: int) -> list[Product]:
    found = await session.scalars(select(Product).order_by(*NEWEST_FIRST).limit(limit))
    return list(found)


async def search_products(
    session: AsyncSession, search: str, number: int
) -> ProductPage | None:
    """One page of the products that match, newest first, if there is such a page."""
    matches = _matches(search)
    total = await session.scalar(select(func.count(Product.id)).where(matches)) or 0
    if number > _pages(total):
        return None
    found = await session.scalars(
        select(Product)
        .where(matches)
        .order_by(*NEWEST_FIRST)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return ProductPage(list(found), total, number)


async def find_product(session: AsyncSession, slug: str) -> Product | None:
    """The product as it is stored now, with its owner."""
    return await session.scalar(
        select(Product)
        .where(Product.slug == slug)
        .options(joinedload(Product.owner))
        .execution_options(populate_existing=True)
    )


async def add_product(
    session: AsyncSession, owner: User, values: ProductValues
) -> Product:
    """Store a new product under a slug of its own."""
    base = slugify(values["name"])
    taken = await session.scalars(
        select(Product.slug).where(Product.slug.startswith(base, autoescape=True))
    )
    product = Product(slug=free_slug(base, set(taken)), owner_id=owner.id, **values)
    another = Product(slug=random_slug(base), owner_id=owner.id, **values)
    session.add(product)
    try:
        await session.commit()
    except IntegrityError:  # somebody took the slug in this very moment
        await session.rollback()
        session.add(another)
        await session.commit()
        return another
    return product


async def change_product(
    session: AsyncSession, product: Product, version: int, values: ProductValues
) -> bool:
    """Store a change to the version that somebody has seen; tell whether it still was.

    The database compares and changes in one step, so of two at once one is refused.
    """
    changed = await session.scalar(
        update(Product)
        .where(Product.id == product.id, Product.version == version)
        .values(version=Product.version + 1, updated_at=now(), **values)
        .returning(Product.id)
    )
    await session.commit()
    return changed is not None


async def delete_product(session: AsyncSession, product: Product) -> bool:
    """Delete a product; tell whether it was still there."""
    gone = await session.scalar(
        delete(Product).where(Product.id == product.id).returning(Product.id)
    )
    await session.commit()
    return gone is not None


def _matches(search: str) -> ColumnElement[bool]:
    if not search:
        return true()
    return or_(
        Product.name.icontains(search, autoescape=True),
        Product.description.icontains(search, autoescape=True),
    )


def _pages(total: int) -> int:
    return max(1, -(-total // PAGE_SIZE))
