"""Makes products of rows, by the rules and with the words of the site's own form."""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError

from catalogue import rules
from catalogue.models import Product
from config.names import NOT_ONE_LINE, is_blank, is_one_line
from imports.files import TOO_WIDE, Row
from languages import _

LONG_NAME = _("Use at most 120 characters.")
LONG_DESCRIPTION = _("Use at most 5000 characters.")
NO_PRICE = _("Give it a price.")


def product(row: Row) -> Product:
    """Return the product that a row describes.

    Raises:
        ValidationError: the row is refused; the messages are the reasons.
    """
    if row.is_too_wide:
        raise ValidationError(TOO_WIDE)
    return Product(
        name=name(row.values.get("name", "")),
        description=description(row.values.get("description", "")),
        price=price(row.values.get("price", "").strip()),
        stock=stock(row.values.get("stock", "").strip() or "0"),
    )


def name(text: str) -> str:
    if is_blank(text):
        raise ValidationError(rules.NAME)
    if len(text) > rules.LONGEST_NAME:
        raise ValidationError(LONG_NAME)
    if not is_one_line(text):
        raise ValidationError(NOT_ONE_LINE)
    return text


def description(text: str) -> str:
    text = text.replace("\r\n", "\n")
    if len(text) > rules.LONGEST_DESCRIPTION:
        raise ValidationError(LONG_DESCRIPTION)
    return "" if is_blank(text) else text


def price(text: str) -> Decimal:
    if not text:
        raise ValidationError(NO_PRICE)
    if not re.fullmatch(r"[0-9]{1,20}(\.[0-9]*)?", text):
        raise ValidationError(rules.PRICE)
    if Decimal(text) > rules.HIGHEST_PRICE:
        raise ValidationError(rules.PRICE)
    if not re.fullmatch(r"[0-9]+(\.[0-9]{0,2})?", text):
        raise ValidationError(rules.DECIMALS)
    return Decimal(text)


def stock(text: str) -> int:
    if not re.fullmatch("[0-9]{1,20}", text) or int(text) > rules.HIGHEST_STOCK:
        raise ValidationError(rules.STOCK)
    return int(text)
