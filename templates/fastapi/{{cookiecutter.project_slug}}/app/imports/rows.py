"""Reads the values of a product in a row, by the rules and with the words of the form."""

import re

from app.catalogue import rules
from app.catalogue.services import ProductValues
from app.imports.files import Row
from app.languages import N_

TOO_WIDE = N_("There are more values than columns.")


def values_of(row: Row) -> ProductValues:
    """What the row says about a product.

    Raises:
        ValueError: the row is refused, for this reason.
    """
    if row.is_too_wide:
        raise ValueError(TOO_WIDE)
    given = row.values
    stock = given.get("stock", "").strip() or "0"
    is_number = re.fullmatch(r"[0-9]{1,30}", stock)
    return ProductValues(
        name=rules.name(given.get("name", "")),
        description=rules.description(given.get("description", "")),
        price=rules.price(given.get("price", "").strip()),
        stock=rules.stock(int(stock) if is_number else None),
    )
