"""The form for a product, and how to read numbers that people typed."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator
from starlette.datastructures import FormData

from app.catalogue import rules
from app.catalogue.services import ProductValues
from app.forms import Form


def _price(value: str) -> Decimal:
    return rules.price(value.strip())


def _stock(value: str) -> int:
    """Plain digits: `int` would also read `-0` and other alphabets."""
    value = value.strip()
    return rules.stock(int(value) if re.fullmatch(r"[0-9]{1,30}", value) else None)


class ProductForm(Form):
    name: Annotated[str, AfterValidator(rules.name)] = ""
    description: Annotated[str, AfterValidator(rules.description)] = ""
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
