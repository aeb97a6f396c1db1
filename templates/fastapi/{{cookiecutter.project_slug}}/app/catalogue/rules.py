"""What can be said about a product: in forms as in the API.

A rule returns what is good, and raises `ValueError` with the sentence to show.
"""

import re
from decimal import Decimal

from app.languages import N_
from app.rules import one_line

LONGEST_NAME = 120
LONGEST_DESCRIPTION = 5000
HIGHEST_STOCK = 1_000_000

# Plain digits: `Decimal` and `int` would also read `NaN`, `1e400`, and `-0`.
_PRICE = re.compile(r"[0-9]{1,6}(\.[0-9]+)?")


def name(value: str) -> str:
    if not value.strip():
        raise ValueError(N_("Give it a name."))
    if len(value) > LONGEST_NAME:
        raise ValueError(N_("A name has 120 characters at most."))
    return one_line(value)


def description(value: str) -> str:
    if len(value) > LONGEST_DESCRIPTION:
        raise ValueError(N_("A description has 5,000 characters at most."))
    return value


def price(value: str) -> Decimal:
    if not _PRICE.fullmatch(value):
        raise ValueError(N_("A price is a number from 0 to 999,999.99."))
    if len(value.partition(".")[2]) > 2:
        raise ValueError(N_("A price has two decimal places at most."))
    return Decimal(value)


def stock(value: object) -> int:
    # `True` is an `int` too, and not meant.
    if type(value) is int and 0 <= value <= HIGHEST_STOCK:
        return value
    raise ValueError(N_("Stock is a whole number from 0 to 1,000,000."))
