"""The kinds of values that come in, checked by the same rules as those of forms.

https://docs.pydantic.dev/latest/concepts/types/#using-the-annotated-pattern
"""

import re
from decimal import Decimal
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from accounts.addresses import LONGEST as LONGEST_ADDRESS
from accounts.addresses import AddressValidator
from accounts.models import UserManager
from accounts.passwords import LONGEST, LONGEST_READ, SHORTEST
from catalogue import rules
from config import names

# At least one character that is not white space, and no control characters.
VISIBLE = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
NO_NUL = r"^[^\x00]*$"
PRICE = r"^[0-9]{1,6}(\.[0-9]{1,2})?$"
SHOWN = {"minLength": 1, "pattern": VISIBLE}
SECRET = {"format": "password"}
NOT_THAT = "There is a character in it that will not do."


def refuse(message: str) -> PydanticCustomError:
    return PydanticCustomError("refused", "{message}", {"message": message})


def digits(value: Any) -> Any:
    """In an address a number is nothing but digits."""
    if isinstance(value, str) and not re.fullmatch("[0-9]{1,40}", value):
        raise refuse("This must be a whole number.")
    return value


def address(text: str) -> str:
    normal = UserManager.normalize_email(text)
    try:
        AddressValidator()(text)
    except ValidationError as error:
        raise refuse(AddressValidator.message) from error
    if len(normal) > LONGEST_ADDRESS:
        raise refuse(AddressValidator.message)
    return normal


def without_nul(text: str) -> str:
    if "\0" in text:
        raise refuse(NOT_THAT)
    return text


def name(missing: str) -> AfterValidator:
    """Ask for one line with something to see in it."""

    def check(text: str) -> str:
        if names.is_blank(text):
            raise refuse(missing)
        if not names.is_one_line(text):
            raise refuse(names.NOT_ONE_LINE)
        return text

    return AfterValidator(check)


def price(value: Any) -> Decimal:
    """Take text alone: most programs cannot keep the number 19.90 as it is."""
    if not isinstance(value, str):
        raise refuse(rules.PRICE)
    if re.fullmatch(r"[0-9]{1,6}\.[0-9]{3,}", value):
        raise refuse(rules.DECIMALS)
    if not re.fullmatch(PRICE, value):
        raise refuse(rules.PRICE)
    return Decimal(value)


def stock(value: Any) -> int:
    """Take a number alone; in JSON 5.0 is the same as 5."""
    whole = type(value) is int or (isinstance(value, float) and value.is_integer())
    if not whole or not 0 <= value <= rules.HIGHEST_STOCK:
        raise refuse(rules.STOCK)
    return int(value)


Digits = Annotated[int, BeforeValidator(digits)]
Words = Annotated[str, Field(max_length=200, pattern=NO_NUL)]
Address = Annotated[
    str,
    Field(max_length=LONGEST_ADDRESS, json_schema_extra={"format": "email"}),
    AfterValidator(address),
]
DisplayName = Annotated[
    str, Field(max_length=80, json_schema_extra=SHOWN), name(names.REQUIRED)
]
OldPassword = Annotated[str, Field(max_length=LONGEST_READ, json_schema_extra=SECRET)]
NewPassword = Annotated[
    str,
    Field(min_length=SHORTEST, max_length=LONGEST, json_schema_extra=SECRET),
    AfterValidator(without_nul),
]
MailedToken = Annotated[str, Field(min_length=1, max_length=200)]
Name = Annotated[
    str,
    Field(max_length=rules.LONGEST_NAME, json_schema_extra=SHOWN),
    name(rules.NAME),
]
Description = Annotated[
    str, Field(max_length=rules.LONGEST_DESCRIPTION, pattern=NO_NUL)
]
Price = Annotated[
    Decimal,
    BeforeValidator(price),
    WithJsonSchema({"type": "string", "pattern": PRICE, "examples": ["19.90"]}),
]
Stock = Annotated[int, Field(ge=0, le=rules.HIGHEST_STOCK), BeforeValidator(stock)]
