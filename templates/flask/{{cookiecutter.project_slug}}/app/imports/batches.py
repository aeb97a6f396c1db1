"""What a worker does with an import in the database, each step one transaction.

A batch of rows and how far it has come are stored together, so that whoever goes on
after a worker that died imports each row once.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from time import sleep
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import defer

from app.catalogue.models import Product
from app.catalogue.services import TAKEN_SLUGS, next_slug, slugify, slugs_like
from app.database import db, now
from app.imports import rows
from app.imports.files import Row
from app.imports.models import UNDER_WAY, ProductImport

BATCH = 100
# How long nobody else goes on with an import after its worker was last heard of.
CLAIM = timedelta(seconds=15)
TRIES = 5
# After a try that failed because others write too, in seconds.
PAUSE = 0.1


def _is_free() -> list[ColumnElement[bool]]:
    """Which imports somebody should work at."""
    claimed = ProductImport.claimed_until
    return [
        ProductImport.state.in_(UNDER_WAY),
        or_(claimed.is_(None), claimed < now()),
    ]


def _is_ours(number: int, claim: datetime) -> list[ColumnElement[bool]]:
    return [ProductImport.id == number, ProductImport.claimed_until == claim]


def free_imports() -> Sequence[int]:
    query = select(ProductImport.id).where(*_is_free()).order_by(ProductImport.id)
    found = db.session.scalars(query).all()
    db.session.rollback()
    return found


def claim_import(number: int) -> datetime | None:
    """Begin to work at an import; return until when, if nobody was faster."""
    until = now() + CLAIM
    free = [ProductImport.id == number, *_is_free()]
    is_claimed = _change(free, state="running", claimed_until=until)
    db.session.commit()
    return until if is_claimed else None


def content_of(number: int) -> str:
    query = select(ProductImport.content).where(ProductImport.id == number)
    content = db.session.scalar(query) or ""
    db.session.rollback()
    return content


def import_batch(number: int, claim: datetime, found: Sequence[Row]) -> datetime | None:
    """Import the next rows; return until when the import is claimed now.

    That is `None` if there is nothing more to do: or not for this worker, because it
    was too slow and somebody else goes on.
    """
    for attempt in range(TRIES - 1):
        try:
            return _try_batch(number, claim, found)
        except (IntegrityError, OperationalError):
            # Somebody took a slug in this very moment, or waits for a row of ours.
            db.session.rollback()
            sleep(PAUSE * attempt)
    return _try_batch(number, claim, found, is_last=True)


def _try_batch(
    number: int, claim: datetime, found: Sequence[Row], is_last: bool = False
) -> datetime | None:
    further = now() + CLAIM
    # At first, so that nobody else claims it while we are at it.
    if not _change(_is_ours(number, claim), claimed_until=further):
        db.session.rollback()
        return None
    without_content = [defer(ProductImport.content)]
    work = db.session.get_one(ProductImport, number, options=without_content)
    products = []
    for row in found[work.rows_done : work.rows_done + BATCH]:
        try:
            products.append(rows.values_of(row))
        except ValueError as error:
            work.refuse(row.line, str(error))
        work.rows_done += 1
    work.imported += len(products)
    slugs = _slugs([values["name"] for values in products], is_last)
    for slug, values in zip(slugs, products, strict=True):
        db.session.add(Product(slug=slug, owner_id=work.owner_id, **values))
    if work.rows_done >= len(found):
        work.end("finished")
    is_under_way = work.is_under_way
    db.session.commit()
    return further if is_under_way else None


def _slugs(names: Sequence[str], is_last: bool) -> list[str]:
    """A slug for each name; at the last try one that nobody else will think of."""
    bases = [slugify(name) for name in names]
    if is_last:
        return [f"{base}-{secrets.token_hex(4)}" for base in bases]
    query = select(Product.slug).where(Product.slug.in_(bases))
    seen = TAKEN_SLUGS.union(db.session.scalars(query))
    like = cache(slugs_like)
    slugs: list[str] = []
    for base in bases:
        taken = like(base).union(slugs) if base in seen else set[str]()
        slugs.append(next_slug(base, taken))
        seen |= {base, slugs[-1]}
    return slugs


def leave_import(number: int, claim: datetime) -> bool:
    """Give an import back: the next worker goes on at once."""
    is_left = _change(_is_ours(number, claim), claimed_until=None)
    db.session.commit()
    return is_left


def fail_import(number: int, claim: datetime) -> None:
    """End an import that cannot go on; what it has imported stays."""
    db.session.rollback()
    query = select(ProductImport).where(*_is_ours(number, claim))
    work = db.session.scalar(query)
    if work:
        work.end("failed")
        db.session.commit()


def _change(which: Sequence[ColumnElement[bool]], **values: Any) -> bool:
    """The database compares and changes in one step: of two at once one is refused."""
    changed = db.session.scalar(
        update(ProductImport)
        .where(*which)
        .values(**values)
        .returning(ProductImport.id)
        .execution_options(synchronize_session=False)
    )
    return changed is not None
