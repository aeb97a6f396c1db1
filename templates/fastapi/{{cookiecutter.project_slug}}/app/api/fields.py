"""What a field may hold: the rules of the forms, and what to say about them.

https://docs.pydantic.dev/latest/concepts/types/#using-the-annotated-pattern
"""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from app.accounts import passwords
from app.accounts import rules as account_rules
from app.accounts.addresses import MAXIMUM_LENGTH, normalise
from app.catalogue import rules

NO_NUL = r"^[^\x00]*$"
# At least one character that is not white space, and no control characters.
NAME = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"


def _plain_digits(text: object) -> object:
    """`int` alone would also read `1_0`, ` 1` and `1.0`."""
    if isinstance(text, str) and not re.fullmatch("-?[0-9]{1,20}", text):
        raise ValueError("This has to be a whole number.")
    return text


def _without_nul(value: str) -> str:
    if "\0" in value:  # which PostgreSQL cannot store
        raise ValueError("There is a character in it that will not do.")
    return value


def _price(value: object) -> Decimal:
    if not isinstance(value, str):
        raise ValueError("A price is text, such as `19.90`: numbers would be rounded.")
    return rules.price(value)


def _stock(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # to JSON, 5.0 is a whole number as well
    return rules.stock(value)


Email = Annotated[
    str,
    AfterValidator(normalise),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": MAXIMUM_LENGTH}),
]
DisplayName = Annotated[
    str,
    AfterValidator(account_rules.display_name),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 1,
            "maxLength": account_rules.LONGEST_DISPLAY_NAME,
            "pattern": NAME,
        }
    ),
]
OldPassword = Annotated[
    str,
    Field(max_length=passwords.LONGEST_READ, json_schema_extra={"format": "password"}),
]
NewPassword = Annotated[
    str,
    Field(
        min_length=passwords.MINIMUM_LENGTH,
        max_length=passwords.MAXIMUM_LENGTH,
        json_schema_extra={"format": "password"},
    ),
]
MailedToken = Annotated[str, Field(min_length=1, max_length=200)]
Name = Annotated[
    str,
    AfterValidator(rules.name),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 1,
            "maxLength": rules.LONGEST_NAME,
            "pattern": NAME,
        }
    ),
]
Description = Annotated[
    str,
    AfterValidator(_without_nul),
    AfterValidator(rules.description),
    WithJsonSchema(
        {"type": "string", "maxLength": rules.LONGEST_DESCRIPTION, "pattern": NO_NUL}
    ),
]
Price = Annotated[
    Decimal,
    BeforeValidator(_price),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^[0-9]{1,6}(\.[0-9]{1,2})?$",
            "examples": ["19.90"],
        }
    ),
]
Stock = Annotated[
    int,
    BeforeValidator(_stock),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": rules.HIGHEST_STOCK}),
]
# Of an address, where everything is text.
Digits = BeforeValidator(_plain_digits)
