"""What comes in and what goes out, as the description of the API has it.

https://docs.pydantic.dev/latest/concepts/models/
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AliasPath, BaseModel, BeforeValidator, ConfigDict, Field

from accounts.addresses import LONGEST as LONGEST_ADDRESS
from api.fields import (
    Address,
    Description,
    DisplayName,
    MailedToken,
    Name,
    NewPassword,
    OldPassword,
    Price,
    Stock,
    Words,
    digits,
)

LEFT_OUT: Any = None  # but None may not be sent


class Input(BaseModel):
    """What is sent: with these fields and no others."""

    model_config = ConfigDict(extra="forbid")


class Credentials(Input):
    email: Annotated[str, Field(max_length=LONGEST_ADDRESS)]
    password: OldPassword


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
    old_password: OldPassword
    new_password: NewPassword


class NewProduct(Input):
    name: Name
    description: Description = ""
    price: Price
    stock: Stock


class ProductChange(Input):
    name: Name = LEFT_OUT
    description: Description = LEFT_OUT
    price: Price = LEFT_OUT
    stock: Stock = LEFT_OUT


class ProductQuery(BaseModel):
    """The query of an address, where a number is nothing but digits."""

    q: Annotated[Words, Field(description="Words in the name or the description")] = ""
    page: Annotated[int, Field(ge=1, le=10**9), BeforeValidator(digits)] = 1
    page_size: Annotated[int, Field(ge=1, le=100), BeforeValidator(digits)] = 20


class Token(BaseModel):
    access_token: str
    token_type: Literal["bearer"]
    expires_in: Annotated[int, Field(description="Seconds")]


class Output(BaseModel):
    """What is answered about something that has these attributes."""

    model_config = ConfigDict(from_attributes=True)


class Me(Output):
    id: int
    email: str
    display_name: str
    is_staff: bool


class Product(Output):
    id: int
    slug: str
    name: str
    description: str
    price: Annotated[
        str,
        Field(pattern=r"^[0-9]{1,6}\.[0-9]{2}$", examples=["19.90"]),
        BeforeValidator(lambda price: f"{price:.2f}"),
    ]
    stock: int
    owner: Annotated[
        str,
        Field(
            description="Their display name",
            validation_alias=AliasPath("owner", "display_name"),
        ),
    ]
    created_at: datetime
    updated_at: datetime
    version: int


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
