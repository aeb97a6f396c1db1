"""What programs send and get: from these models it is checked, answered and described.

https://docs.pydantic.dev/latest/concepts/models/
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

from app.accounts import rules as account_rules
from app.accounts.addresses import MAXIMUM_LENGTH, normalise
from app.accounts.passwords import LONGEST_READ
from app.accounts.passwords import MAXIMUM_LENGTH as LONGEST_PASSWORD
from app.accounts.passwords import MINIMUM_LENGTH as SHORTEST_PASSWORD
from app.catalogue import models, rules
from app.catalogue.models import MAXIMUM_STOCK
from app.rules import storable

# As the description of the API says it; what counts are the rules beside them.
NO_NUL = r"^[^\x00]*$"
NAME = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
BAD_NUMBER = "This has to be a whole number."


def text(**keywords: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **keywords})


def name(longest: int) -> WithJsonSchema:
    return text(minLength=1, maxLength=longest, pattern=NAME)


def number(value: object) -> int:
    """A whole number of JSON, where 5.0 is one; `true` and "5" are none."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError(BAD_NUMBER)


def digits(value: str) -> int:
    """A whole number of an address."""
    if not re.fullmatch("[0-9]{1,10}", value):
        raise ValueError(BAD_NUMBER)
    return int(value)


def price(value: object) -> Decimal:
    """A number as text: as a number of JSON it would not be exact."""
    if not isinstance(value, str):
        raise ValueError(rules.BAD_PRICE)
    return rules.price(value)


def stock(value: int) -> int:
    if not 0 <= value <= MAXIMUM_STOCK:
        raise ValueError(rules.BAD_STOCK)
    return value


Address = Annotated[
    str, AfterValidator(normalise), text(format="email", maxLength=MAXIMUM_LENGTH)
]
DisplayName = Annotated[
    str,
    AfterValidator(account_rules.display_name),
    name(account_rules.LONGEST_NAME),
]
Password = Annotated[
    str,
    Field(max_length=LONGEST_READ),
    text(maxLength=LONGEST_READ, format="password"),
]
# Checked together with the address, which a password may not contain.
NewPassword = Annotated[
    str,
    text(minLength=SHORTEST_PASSWORD, maxLength=LONGEST_PASSWORD, format="password"),
]
MailedToken = Annotated[str, Field(min_length=1, max_length=200)]

Name = Annotated[str, AfterValidator(rules.name), name(rules.LONGEST_NAME)]
Description = Annotated[
    str,
    AfterValidator(rules.description),
    text(maxLength=rules.LONGEST_DESCRIPTION, pattern=NO_NUL),
]
Price = Annotated[
    Decimal,
    BeforeValidator(price),
    text(pattern=r"^[0-9]{1,6}(\.[0-9]{1,2})?$", examples=["19.90"]),
]
Stock = Annotated[
    int,
    BeforeValidator(number),
    AfterValidator(stock),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": MAXIMUM_STOCK}),
]


class Input(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Credentials(Input):
    email: Annotated[str, Field(max_length=MAXIMUM_LENGTH)]
    password: Password


class NewUser(Input):
    email: Address
    display_name: DisplayName
    password: NewPassword


class Confirmation(Input):
    token: MailedToken


class ForgottenPassword(Input):
    email: Address


class PasswordReset(Input):
    token: MailedToken
    password: NewPassword


class PasswordChange(Input):
    old_password: Password
    new_password: NewPassword


class NewProduct(Input):
    name: Name
    description: Description = ""
    price: Price
    stock: Stock


# Only what was sent is read. A factory is no default of the description, which a value
# in its place would be.
class ProductChange(Input):
    name: Name = Field(default_factory=str)
    description: Description = Field(default_factory=str)
    price: Price = Field(default_factory=Decimal)
    stock: Stock = Field(default_factory=int)


class ProductPath(BaseModel):
    id: Annotated[int, Field(ge=1, le=2**31 - 1), BeforeValidator(digits)]


class ProductQuery(BaseModel):
    q: Annotated[
        str,
        AfterValidator(storable),
        Field(max_length=200),
        text(maxLength=200, pattern=NO_NUL),
    ] = Field(default="", description="Words in the name or the description")
    page: Annotated[int, Field(ge=1, le=10**9), BeforeValidator(digits)] = 1
    page_size: Annotated[int, Field(ge=1, le=100), BeforeValidator(digits)] = 20


class Token(BaseModel):
    access_token: str
    token_type: Literal["bearer"]
    expires_in: int = Field(description="Seconds")


class Me(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str
    display_name: str
    is_staff: bool


class Product(BaseModel):
    id: int
    slug: str
    name: str
    description: str
    price: Annotated[str, text(pattern=r"^[0-9]{1,6}\.[0-9]{2}$", examples=["19.90"])]
    stock: int
    owner: str = Field(description="Their display name")
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, product: models.Product) -> Self:
        return cls(
            id=product.id,
            slug=product.slug,
            name=product.name,
            description=product.description,
            price=f"{product.price:.2f}",
            stock=product.stock,
            owner=product.owner.display_name,
            created_at=product.created_at.astimezone(UTC),
            updated_at=product.updated_at.astimezone(UTC),
            version=product.version,
        )


class ProductPage(BaseModel):
    items: list[Product]
    total: int
    page: int
    page_size: int
    pages: int


class Problem(BaseModel):
    type: str
    title: str
    status: int
    detail: str


class FieldError(BaseModel):
    field: str
    message: str


class InvalidInput(Problem):
    errors: list[FieldError]
