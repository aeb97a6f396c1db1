"""What is sent and answered: https://docs.pydantic.dev/latest/concepts/models/."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import (
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    with_config,
)
from typing_extensions import TypedDict

from app.accounts import rules
from app.accounts.addresses import MAXIMUM_LENGTH
from app.api.fields import (
    Description,
    DisplayName,
    Email,
    MailedToken,
    Name,
    NewPassword,
    OldPassword,
    Price,
    Stock,
)
from app.catalogue.services import ProductValues

# Nothing is guessed: no number out of a text, no field that is not known.
CLOSED = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)


class Credentials(BaseModel):
    model_config = CLOSED

    email: str = Field(max_length=MAXIMUM_LENGTH)
    password: OldPassword


class Token(BaseModel):
    access_token: str
    token_type: Literal["bearer"]
    expires_in: int = Field(description="Seconds")


class Me(BaseModel):
    id: int
    email: str
    display_name: str
    is_staff: bool


class NewUser(BaseModel):
    model_config = CLOSED

    email: Email
    display_name: DisplayName
    password: NewPassword

    @field_validator("password")
    @classmethod
    def _good(cls, value: str, info: ValidationInfo) -> str:
        return rules.new_password(value, info.data.get("email", ""))


class Confirmation(BaseModel):
    model_config = CLOSED

    token: MailedToken


class ForgottenPassword(BaseModel):
    model_config = CLOSED

    email: Email


class PasswordReset(BaseModel):
    model_config = CLOSED

    token: MailedToken
    password: NewPassword


class PasswordChange(BaseModel):
    model_config = CLOSED

    old_password: OldPassword
    new_password: NewPassword


class NewProduct(BaseModel):
    model_config = CLOSED

    name: Name
    description: Description = ""
    price: Price
    stock: Stock

    @property
    def values(self) -> ProductValues:
        return ProductValues(
            name=self.name,
            description=self.description,
            price=self.price,
            stock=self.stock,
        )


@with_config(CLOSED)
class ProductChange(TypedDict, total=False):
    name: Name
    description: Description
    price: Price
    stock: Stock


class Product(BaseModel):
    id: int
    slug: str
    name: str
    description: str
    price: Annotated[
        str,
        BeforeValidator(lambda price: f"{price:.2f}"),
        Field(pattern=r"^[0-9]{1,6}\.[0-9]{2}$", examples=["19.90"]),
    ]
    stock: int
    owner: str = Field(
        validation_alias=AliasPath("owner", "display_name"),
        description="Their display name",
    )
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
