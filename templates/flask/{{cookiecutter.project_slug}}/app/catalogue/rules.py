"""What a product may be; each rule returns what is to be stored, or says what is wrong."""

import re
from decimal import Decimal

from app import rules
from app.languages import N_

LONGEST_NAME = 120
LONGEST_DESCRIPTION = 5000

NO_NAME = N_("Give it a name.")
LONG_NAME = N_("A name has 120 characters at most.")
LONG_DESCRIPTION = N_("A description has 5,000 characters at most.")
BAD_PRICE = N_("A price is a number from 0 to 999,999.99.")
FINE_PRICE = N_("A price has two decimal places at most.")
BAD_STOCK = N_("Stock is a whole number from 0 to 1,000,000.")


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
