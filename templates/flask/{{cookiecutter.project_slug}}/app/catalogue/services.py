"""What can be done with products, whoever asks for it: pages, an API, a command."""

import itertools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort
from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError

from app.accounts.models import User
from app.catalogue.models import Product
from app.database import db, now

# `/products/new` and `/products/import` are pages of their own.
TAKEN_SLUGS = {"import", "new"}

# Behind so many products it is faster to find the ids first, with the index alone, and
# to read only the products of the page. For the first pages that is one step too many.
DEEP = 1000


class ProductChangedError(Exception):
    """Somebody else has changed the product since its form was opened."""


@dataclass(frozen=True)
class Page:
    """Some of the products that match, and how many there are."""

    items: list[Product]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return -(-self.total // self.size)


def products() -> Select[Product]:
    """All products with their owners, newest first."""
    return (
        select(Product)
        .options(joinedload(Product.owner))
        .order_by(Product.created_at.desc(), Product.id.desc())
    )


def find_page(text: str, number: int, size: int) -> Page:
    """One page of the products with the text in their name or description.

    Raises:
        NotFound: there is no such page; but the first one there always is.
    """
    count, found = select(func.count()).select_from(Product), products()
    if text:
        columns = (Product.name, Product.description)
        matches = or_(*(one.icontains(text, autoescape=True) for one in columns))
        count, found = count.where(matches), found.where(matches)
    total = db.session.scalar(count) or 0
    before = (number - 1) * size
    if before and before >= total:
        abort(404)
    found = found.limit(size).offset(before)
    if before > DEEP:
        found = products().where(Product.id.in_(found.with_only_columns(Product.id)))
    return Page(list(db.session.scalars(found)), number, size, total)


def add_product(owner: User, values: Mapping[str, Any]) -> Product:
    """Add a product to those of a user.

    Raises:
        Unauthorized: the user was deleted meanwhile.
    """
    owner_id = owner.id
    while True:
        slug = free_slug(values["name"])
        product = Product(slug=slug, owner_id=owner_id, **values)
        db.session.add(product)
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            if db.session.get(User, owner_id) is None:
                abort(401)
            if free_slug(values["name"]) == slug:
                raise  # nobody took the slug just now: something else is wrong
        else:
            return product


def change_product(product: Product, version: int, values: Mapping[str, Any]) -> None:
    """Save an edit.

    Raises:
        ProductChangedError: the product is not in that version any more.
    """
    if product.version != version:
        raise ProductChangedError
    for name, value in values.items():
        setattr(product, name, value)
    product.updated_at = now()
    try:
        db.session.commit()
    except StaleDataError as error:
        db.session.rollback()
        raise ProductChangedError from error


def delete_product(product: Product, version: int | None = None) -> bool:
    """Delete a product, in whatever version if none is named; tell whether it was there."""
    statement = delete(Product).where(Product.id == product.id).returning(Product.id)
    if version is not None:
        statement = statement.where(Product.version == version)
    deleted = db.session.scalar(statement)
    db.session.commit()
    return deleted is not None


def free_slug(name: str) -> str:
    """`cafe-chair` from "Café chair", then `cafe-chair-2`, `cafe-chair-3` and so on."""
    base = slugify(name)
    return next_slug(base, slugs_like(base))


def slugs_like(base: str) -> set[str]:
    """The slugs of products that begin so."""
    statement = select(Product.slug).where(Product.slug.startswith(base))
    return set(db.session.scalars(statement))


def next_slug(base: str, taken: set[str]) -> str:
    unusable = taken | TAKEN_SLUGS
    numbered = (f"{base}-{number}" for number in itertools.count(2))
    slugs = itertools.chain([base], numbered)
    return next(slug for slug in slugs if slug not in unusable)


def slugify(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower())
    return words[:60].strip("-") or "product"
