"""The form for a product, and how to read numbers that people typed."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator
from starlette.datastructures import FormData

from app.catalogue.services import ProductValues
from app.forms import Form, one_line

HIGHEST_PRICE = Decimal("999999.99")
HIGHEST_STOCK = 1_000_000

# Plain digits: `Decimal` and `int` would also read `NaN`, `1e400`, and `-0`.
_DECIMAL = re.compile(r"[0-9]{1,30}(\.[0-9]{1,30})?")
_WHOLE = re.compile(r"[0-9]{1,30}")


def _name(value: str) -> str:
    if not value.strip():
        raise ValueError("Give it a name.")
    if len(value) > 120:
        raise ValueError("A name has 120 characters at most.")
    return one_line(value)


def _description(value: str) -> str:
    if len(value) > 5000:
        raise ValueError("A description has 5,000 characters at most.")
    return value


def _price(value: str) -> Decimal:
    value = value.strip()
    if not _DECIMAL.fullmatch(value) or Decimal(value) > HIGHEST_PRICE:
        raise ValueError("A price is a number from 0 to 999,999.99.")
    if len(value.partition(".")[2]) > 2:
        raise ValueError("A price has two decimal places at most.")
    return Decimal(value)


def _stock(value: str) -> int:
    value = value.strip()
    if not _WHOLE.fullmatch(value) or int(value) > HIGHEST_STOCK:
        raise ValueError("Stock is a whole number from 0 to 1,000,000.")
    return int(value)


class ProductForm(Form):
    name: Annotated[str, AfterValidator(_name)] = ""
    description: Annotated[str, AfterValidator(_description)] = ""
    price: Annotated[Decimal, BeforeValidator(_price, str)] = Decimal()
    stock: Annotated[int, BeforeValidator(_stock, str)] = 0

    @property
    def values(self) -> ProductValues:
        return ProductValues(
            name=self.name,
            description=self.description,
            price=self.price,
            stock=self.stock,
        )


def version_seen(submitted: FormData) -> int:
    """The version that the form was opened with; 0, which never was, if it is not told."""
    text = str(submitted.get("version", ""))
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0
