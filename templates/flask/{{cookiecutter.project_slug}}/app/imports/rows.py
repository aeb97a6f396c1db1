"""Reads the values of a product in a row, by the rules and with the words of the form."""

import re
from typing import Any

from app.catalogue import rules
from app.catalogue.models import MAXIMUM_STOCK
from app.imports.files import Row
from app.languages import N_

TOO_WIDE = N_("There are more values than columns.")


def values_of(row: Row) -> dict[str, Any]:
    """What the row says about a product.

    Raises:
        ValueError: the row is refused, for this reason.
    """
    if row.is_too_wide:
        raise ValueError(TOO_WIDE)
    given = row.values
    return {
        "name": rules.name(given.get("name", "")),
        "description": rules.description(
            given.get("description", "").replace("\r\n", "\n")
        ),
        "price": rules.price(given.get("price", "").strip()),
        "stock": _stock(given.get("stock", "").strip() or "0"),
    }


def _stock(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,12}", text) or int(text) > MAXIMUM_STOCK:
        raise ValueError(rules.BAD_STOCK)
    return int(text)
