"""What a product may be; each rule returns what is to be stored, or says what is wrong."""

import re
from decimal import Decimal

from app import rules
from app.catalogue.models import MAXIMUM_STOCK

LONGEST_NAME = 120
LONGEST_DESCRIPTION = 5000

NO_NAME = "Give it a name."
LONG_NAME = f"A name has {LONGEST_NAME} characters at most."
LONG_DESCRIPTION = f"A description has {LONGEST_DESCRIPTION:,} characters at most."
BAD_PRICE = "A price is a number from 0 to 999,999.99."
FINE_PRICE = "A price has two decimal places at most."
BAD_STOCK = f"Stock is a whole number from 0 to {MAXIMUM_STOCK:,}."


def name(text: str) -> str:
    return rules.name(text, maximum=LONGEST_NAME, none=NO_NAME, too_long=LONG_NAME)


def description(text: str) -> str:
    return rules.short(text, maximum=LONGEST_DESCRIPTION, too_long=LONG_DESCRIPTION)


def price(text: str) -> Decimal:
    """Digits with at most two after the point: no `NaN`, no `1e5`, no `1_000`."""
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]+)?", text):
        raise ValueError(BAD_PRICE)
    if not re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", text):
        raise ValueError(FINE_PRICE)
    return Decimal(text)
