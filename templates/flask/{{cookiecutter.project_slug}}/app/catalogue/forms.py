"""The form for a product; only the fields named here are ever read."""

import re
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DecimalField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import NumberInput

from app.catalogue.models import MAXIMUM_PRICE, MAXIMUM_STOCK
from app.forms import OneLine

NO_NAME = "Give it a name."
LONG_NAME = "A name has 120 characters at most."
LONG_DESCRIPTION = "A description has 5,000 characters at most."
BAD_PRICE = "A price is a number from 0 to 999,999.99."
FINE_PRICE = "A price has two decimal places at most."
BAD_STOCK = "Stock is a whole number from 0 to 1,000,000."


class PriceField(DecimalField):
    """Digits with at most two after the point: no `NaN`, no `1e5`, no `1_000`."""

    widget = NumberInput(step="0.01")

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]+)?", text):
            raise ValueError(BAD_PRICE)
        if not re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", text):
            raise ValueError(FINE_PRICE)
        self.data = Decimal(text)


class StockField(IntegerField):
    """Digits, as few as the largest stock needs."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not re.fullmatch(r"[0-9]{1,12}", text):
            raise ValueError(BAD_STOCK)
        self.data = int(text)


def without_returns(text: str | None) -> str:
    """The text as it was typed: browsers send line breaks as two characters."""
    return (text or "").replace("\r\n", "\n")


class ProductForm(FlaskForm):
    name = StringField(
        "Name",
        [InputRequired(NO_NAME), Length(max=120, message=LONG_NAME), OneLine(NO_NAME)],
    )
    description = TextAreaField(
        "Description",
        [Length(max=5000, message=LONG_DESCRIPTION)],
        filters=[without_returns],
        render_kw={"rows": 8},
    )
    price = PriceField(
        "Price",
        [InputRequired(BAD_PRICE), NumberRange(0, MAXIMUM_PRICE, BAD_PRICE)],
    )
    stock = StockField(
        "Stock", [InputRequired(BAD_STOCK), NumberRange(0, MAXIMUM_STOCK, BAD_STOCK)]
    )
    version = HiddenField()

    @property
    def values(self) -> dict[str, Any]:
        """What a product is made of; the version is not for storing."""
        names = ("name", "description", "price", "stock")
        return {name: self.data[name] for name in names}

    @property
    def read_version(self) -> int:
        """The version that was edited; 0, which there never is, without a number."""
        text = str(self.version.data)
        return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else 0
