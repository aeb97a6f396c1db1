"""What can be done with products, whoever asks for it: a page, a command, an API."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from app.accounts.models import AccountGone, User
from app.catalogue.models import Product
from app.catalogue.slugs import free_slug, random_slug, slugify
from app.database import now

NEWEST_FIRST = (Product.created_at.desc(), Product.id.desc())
# So many rows are passed over faster than their numbers are looked up first.
SHALLOW = 1000


class ProductValues(TypedDict):
    """What a person says about a product."""

    name: str
    description: str
    price: Decimal
    stock: int


class ProductChange(TypedDict, total=False):
    """The same, or some of it."""

    name: str
    description: str
    price: Decimal
    stock: int


@dataclass(frozen=True)
class ProductPage:
    products: list[Product]
    total: int
    number: int
    size: int

    @property
    def pages(self) -> int:
        return -(-self.total // self.size)


async def search_products(
    session: AsyncSession,
    search: str,
    number: int,
    size: int,
    *,
    with_owners: bool = False,
) -> ProductPage | None:
    """One page of the products that match, newest first, if there is such a page."""
    matches = _matches(search)
    count = select(func.count()).select_from(Product).where(*matches)
    page = ProductPage([], await session.scalar(count) or 0, number, size)
    if number > max(page.pages, 1):
        return None
    offset = (number - 1) * size
    query = select(Product).order_by(*NEWEST_FIRST)
    if with_owners:
        query = query.options(joinedload(Product.owner))
    if offset <= SHALLOW:
        query = query.where(*matches).limit(size).offset(offset)
    else:
        # Only the index is read up to the page, and whole rows on the page alone.
        ids = (
            select(Product.id)
            .where(*matches)
            .order_by(*NEWEST_FIRST)
            .limit(size)
            .offset(offset)
            .subquery()
        )
        query = query.join(ids, ids.c.id == Product.id)
    page.products.extend(await session.scalars(query))
    return page


async def find_product(
    session: AsyncSession, condition: ColumnElement[bool]
) -> Product | None:
    """The product as it is stored now, with its owner."""
    return await session.scalar(
        select(Product)
        .where(condition)
        .options(joinedload(Product.owner))
        .execution_options(populate_existing=True)
    )


async def add_product(
    session: AsyncSession, owner: User, values: ProductValues
) -> Product:
    """Store a new product under a slug of its own.

    Raises:
        AccountGone: the owner's account was deleted meanwhile.
    """
    base, owner_id = slugify(values["name"]), owner.id
    taken = await session.scalars(
        select(Product.slug).where(Product.slug.startswith(base, autoescape=True))
    )
    for slug in (free_slug(base, set(taken)), random_slug(base)):
        product = Product(slug=slug, owner_id=owner_id, **values)
        session.add(product)
        try:
            return await _stored(session, product)
        except IntegrityError:  # somebody took the slug in this very moment
            await session.rollback()
    raise AccountGone


async def _stored(session: AsyncSession, product: Product) -> Product:
    """Commit, with the product's owner at hand: afterwards somebody may delete it."""
    await session.flush()
    await session.refresh(product, ["owner"])
    await session.commit()
    return product


async def change_product(
    session: AsyncSession,
    product: Product,
    version: int | None,
    values: ProductValues | ProductChange,
) -> bool:
    """Store a change to the version that somebody has seen; tell whether it still was.

    The database compares and changes in one step, so of two at once one is refused.
    Without a version each of them counts.
    """
    changed = await session.scalar(
        update(Product)
        .where(*_is(product, version))
        .values(version=Product.version + 1, updated_at=now(), **values)
        .returning(Product),
        execution_options={"populate_existing": True},
    )
    if changed is None:
        return False
    await _stored(session, changed)
    return True


async def delete_product(
    session: AsyncSession, product: Product, version: int | None = None
) -> bool:
    """Delete a product, or only this version of it; tell whether it was still there."""
    gone = await session.scalar(
        delete(Product).where(*_is(product, version)).returning(Product.id)
    )
    await session.commit()
    return gone is not None


def _is(product: Product, version: int | None) -> list[ColumnElement[bool]]:
    conditions = [Product.id == product.id]
    if version is not None:
        conditions.append(Product.version == version)
    return conditions


def _matches(search: str) -> list[ColumnElement[bool]]:
    """Without a word to search for, all do."""
    if not search:
        return []
    return [
        or_(
            Product.name.icontains(search, autoescape=True),
            Product.description.icontains(search, autoescape=True),
        )
    ]
