"""What a worker does with an import in the database, each step one transaction.

A batch of rows and how far it has come are stored together, so that whoever goes on after
a worker that died imports each row once.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from app.catalogue.models import Product
from app.catalogue.services import ProductValues
from app.catalogue.slugs import TAKEN, free_slug, random_slug, slugify
from app.database import Sessions, now
from app.imports import rows
from app.imports.files import Row
from app.imports.models import UNDER_WAY, ProductImport

BATCH = 100
# How long nobody else goes on with an import after its worker was last heard of.
CLAIM = timedelta(seconds=15)
TRIES = 5
# So many of them with the slugs that seem free, then with some that nobody else has.
LOOKED_UP = 2


def _is_free() -> list[ColumnElement[bool]]:
    """Which imports somebody should work at."""
    claimed = ProductImport.claimed_until
    return [
        ProductImport.state.in_(UNDER_WAY),
        or_(claimed.is_(None), claimed < now()),
    ]


def _is_ours(number: int, claim: datetime) -> list[ColumnElement[bool]]:
    return [ProductImport.id == number, ProductImport.claimed_until == claim]


async def free_imports(sessions: Sessions) -> Sequence[int]:
    async with sessions() as session:
        query = select(ProductImport.id).where(*_is_free()).order_by(ProductImport.id)
        return (await session.scalars(query)).all()


async def claim_import(sessions: Sessions, number: int) -> datetime | None:
    """Begin to work at an import; return until when, if nobody was faster."""
    until = now() + CLAIM
    async with sessions() as session:
        free = [ProductImport.id == number, *_is_free()]
        is_claimed = await _change(session, free, state="running", claimed_until=until)
        await session.commit()
    return until if is_claimed else None


async def content_of(sessions: Sessions, number: int) -> str:
    async with sessions() as session:
        query = select(ProductImport.content).where(ProductImport.id == number)
        return await session.scalar(query) or ""


async def import_batch(
    sessions: Sessions, number: int, claim: datetime, found: Sequence[Row]
) -> datetime | None:
    """Import the next rows; return until when the import is claimed now.

    That is `None` if there is nothing more to do: or not for this worker, because it was
    too slow and somebody else goes on.
    """
    for attempt in range(TRIES):
        async with sessions() as session:
            try:
                return await _try_batch(session, number, claim, found, attempt)
            except IntegrityError:  # somebody took a slug in this very moment
                if attempt == TRIES - 1:
                    raise
    return None


async def _try_batch(
    session: AsyncSession,
    number: int,
    claim: datetime,
    found: Sequence[Row],
    attempt: int,
) -> datetime | None:
    further = now() + CLAIM
    # At first, so that nobody else claims it while we are at it.
    if not await _change(session, _is_ours(number, claim), claimed_until=further):
        return None
    work = await session.get_one(
        ProductImport, number, options=[defer(ProductImport.content)]
    )
    products: list[ProductValues] = []
    for row in found[work.rows_done : work.rows_done + BATCH]:
        try:
            products.append(rows.values_of(row))
        except ValueError as error:
            work.refuse(row.line, str(error))
        work.rows_done += 1
    bases = [slugify(values["name"]) for values in products]
    taken = await _taken(session, bases)
    for base, values in zip(bases, products, strict=True):
        slug = free_slug(base, taken) if attempt < LOOKED_UP else random_slug(base)
        taken.add(slug)
        session.add(Product(slug=slug, owner_id=work.owner_id, **values))
        work.imported += 1
    if work.rows_done >= len(found):
        work.end("finished")
    await session.commit()
    return further if work.is_under_way else None


async def _taken(session: AsyncSession, bases: Iterable[str]) -> set[str]:
    """The slugs that are there already, as far as these are concerned."""
    wanted = Counter(bases)
    there = select(Product.slug).where(Product.slug.in_(wanted))
    taken = TAKEN.union(await session.scalars(there))
    for base in [base for base in wanted if base in taken or wanted[base] > 1]:
        like_it = Product.slug.startswith(base, autoescape=True)
        taken.update(await session.scalars(select(Product.slug).where(like_it)))
    return taken


async def leave_import(sessions: Sessions, number: int, claim: datetime) -> bool:
    """Give an import back: the next worker goes on at once."""
    async with sessions() as session:
        is_left = await _change(session, _is_ours(number, claim), claimed_until=None)
        await session.commit()
        return is_left


async def fail_import(sessions: Sessions, number: int, claim: datetime) -> None:
    """End an import that cannot go on; what it has imported stays."""
    async with sessions() as session:
        query = select(ProductImport).where(*_is_ours(number, claim))
        work = await session.scalar(query)
        if work:
            work.end("failed")
            await session.commit()


async def _change(
    session: AsyncSession, which: Sequence[ColumnElement[bool]], **values: Any
) -> bool:
    """The database compares and changes in one step: of two at once one is refused."""
    changed = await session.scalar(
        update(ProductImport)
        .where(*which)
        .values(**values)
        .returning(ProductImport.id)
        .execution_options(synchronize_session=False)
    )
    return changed is not None
