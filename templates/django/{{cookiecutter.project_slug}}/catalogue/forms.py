"""What describes a product."""

import re
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError

from catalogue import rules
from catalogue.models import Product
from config.forms import NameField
from config.names import is_blank
from languages import _

TOO_LONG = _("Use at most %(limit_value)s characters.")


class PlainNumberMixin(forms.Field):
    """Takes digits only: no `-0`, no `1e3`, no `NaN`, which Python would take too."""

    def to_python(self, value: Any) -> Any:
        if not re.fullmatch(r"(\d+(\.\d*)?)?", str(value or "").strip(), re.ASCII):
            raise ValidationError(self.error_messages["invalid"])
        return super().to_python(value)


class PriceField(PlainNumberMixin, forms.DecimalField):
    pass


class StockField(PlainNumberMixin, forms.IntegerField):
    re_decimal = re.compile("(?!)")  # 5.0 is not a whole number of things


class TextField(forms.CharField):
    """Keeps text as it was written, but for the ends of lines, which forms change."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, **options)

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n")
        return "" if is_blank(text) else text


class ProductForm(forms.ModelForm):
    name = NameField(
        label=_("Name"),
        max_length=rules.LONGEST_NAME,
        error_messages={"required": rules.NAME, "max_length": TOO_LONG},
    )
    description = TextField(
        label=_("Description"),
        max_length=rules.LONGEST_DESCRIPTION,
        required=False,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea({"rows": 8}),
        help_text=_("What it is, what it is good for, what it is like to use."),
    )
    price = PriceField(
        label=_("Price"),
        min_value=rules.LOWEST_PRICE,
        max_value=rules.HIGHEST_PRICE,
        max_digits=8,
        decimal_places=2,
        help_text=_("With two decimal places at most, such as 19.90."),
        error_messages={
            "required": _("Give it a price."),
            "invalid": rules.PRICE,
            "max_value": rules.PRICE,
            "max_digits": rules.PRICE,
            "max_whole_digits": rules.PRICE,
            "max_decimal_places": rules.DECIMALS,
        },
    )
    stock = StockField(
        label=_("Stock"),
        min_value=0,
        max_value=rules.HIGHEST_STOCK,
        step_size=1,
        help_text=_("How many there are. 0 shows as sold out."),
        error_messages={
            "required": _("Say how many there are."),
            "invalid": rules.STOCK,
            "max_value": rules.STOCK,
        },
    )

    class Meta:
        model = Product
        fields = Product.EDITABLE


class EditForm(ProductForm):
    """Knows which version of the product was read, so as not to undo a later one."""

    version = forms.IntegerField(
        min_value=1, max_value=2**31 - 2, widget=forms.HiddenInput
    )

    now: Product | None = None

    @classmethod
    def beside(cls, product: Product, typed: dict[str, Any]) -> Self:
        """Return a form with what was typed, and beside it what is stored now."""
        version = {"version": product.version}
        form = cls(typed | version, initial={"name": product.name})
        form.now = product
        return form
