"""What can be done with products, whoever asks for it: pages, an API, a command."""

import itertools
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError

from app.accounts.models import User
from app.catalogue.models import Product
from app.database import db, now

# `/products/new` is the page with the empty form.
TAKEN_SLUGS = {"new"}


class ProductChangedError(Exception):
    """Somebody else has changed the product since its form was opened."""


def search(text: str = "") -> Select[Product]:
    """Products, newest first; those with the text in their name or description."""
    statement = (
        select(Product)
        .options(joinedload(Product.owner))
        .order_by(Product.created_at.desc(), Product.id.desc())
    )
    if not text:
        return statement
    matches = (
        column.icontains(text, autoescape=True)
        for column in (Product.name, Product.description)
    )
    return statement.where(or_(*matches))


def find_product(slug: str) -> Product | None:
    return db.session.scalar(search().where(Product.slug == slug))


def add_product(owner: User, values: Mapping[str, Any]) -> Product:
    owner_id = owner.id
    while True:
        slug = free_slug(values["name"])
        product = Product(slug=slug, owner_id=owner_id, **values)
        db.session.add(product)
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
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


def delete_product(product: Product) -> bool:
    """Delete a product, whatever its version; tell whether it was still there."""
    statement = delete(Product).where(Product.id == product.id).returning(Product.id)
    deleted = db.session.scalar(statement)
    db.session.commit()
    return deleted is not None


def free_slug(name: str) -> str:
    """`cafe-chair` from "Café chair", then `cafe-chair-2`, `cafe-chair-3` and so on."""
    base = slugify(name)
    statement = select(Product.slug).where(Product.slug.startswith(base))
    taken = {*db.session.scalars(statement), *TAKEN_SLUGS}
    numbered = (f"{base}-{number}" for number in itertools.count(2))
    slugs = itertools.chain([base], numbered)
    return next(slug for slug in slugs if slug not in taken)


def slugify(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower())
    return words[:60].strip("-") or "product"
