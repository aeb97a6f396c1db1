"""The form for a product; only the fields named here are ever read."""

import re
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DecimalField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import NumberInput

from app.catalogue import rules
from app.catalogue.models import MAXIMUM_STOCK
from app.forms import Keeps
from app.languages import N_

MAXIMUM_PRICE = Decimal("999999.99")


class PriceField(DecimalField):
    widget = NumberInput(step="0.01")

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        self.data = rules.price(valuelist[0].strip() if valuelist else "")


class StockField(IntegerField):
    """Digits, as few as the largest stock needs."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not re.fullmatch(r"[0-9]{1,12}", text):
            raise ValueError(rules.BAD_STOCK)
        self.data = int(text)


def without_returns(text: str | None) -> str:
    """The text as it was typed: browsers send line breaks as two characters."""
    return (text or "").replace("\r\n", "\n")


class ProductForm(FlaskForm):
    # `Length` and `NumberRange` tell browsers too, which then let nobody type more.
    name = StringField(
        N_("Name"),
        [
            InputRequired(rules.NO_NAME),
            Length(max=rules.LONGEST_NAME, message=rules.LONG_NAME),
            Keeps(rules.name),
        ],
    )
    description = TextAreaField(
        N_("Description"),
        [
            Length(max=rules.LONGEST_DESCRIPTION, message=rules.LONG_DESCRIPTION),
            Keeps(rules.description),
        ],
        filters=[without_returns],
        render_kw={"rows": 8},
    )
    price = PriceField(
        N_("Price"),
        [
            InputRequired(rules.BAD_PRICE),
            NumberRange(0, MAXIMUM_PRICE, rules.BAD_PRICE),
        ],
    )
    stock = StockField(
        N_("Stock"),
        [
            InputRequired(rules.BAD_STOCK),
            NumberRange(0, MAXIMUM_STOCK, rules.BAD_STOCK),
        ],
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
        # What was sent: when nothing was, `data` would be the version that is stored.
        text = str(next(iter(self.version.raw_data or ()), ""))
        return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else 0
