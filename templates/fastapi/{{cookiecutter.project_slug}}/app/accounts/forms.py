"""The forms about accounts; only the fields named here are ever read."""

from typing import Annotated

from pydantic import AfterValidator, ValidationInfo

from app.accounts import rules
from app.accounts.addresses import normalise
from app.accounts.passwords import LONGEST_READ
from app.accounts.services import NOT_YOURS
from app.forms import Form


def _good_password(value: str, info: ValidationInfo) -> str:
    """A field that comes after `email`, or gets the address as the form's context."""
    return rules.new_password(value, (info.context or info.data).get("email", ""))


def _short_enough(value: str) -> str:
    """What nobody has for a password is not even hashed."""
    if len(value) > LONGEST_READ:
        raise ValueError(NOT_YOURS)
    return value


Email = Annotated[str, AfterValidator(normalise)]
DisplayName = Annotated[str, AfterValidator(rules.display_name)]
NewPassword = Annotated[str, AfterValidator(_good_password)]
OldPassword = Annotated[str, AfterValidator(_short_enough)]


class LoginForm(Form):
    """Whatever is wrong with it, the answer is the same."""

    email: str = ""
    password: OldPassword = ""
    next: str = "/"


class RegisterForm(Form):
    email: Email = ""
    display_name: DisplayName = ""
    password: NewPassword = ""


class AskForResetForm(Form):
    email: Email = ""


class ResetForm(Form):
    password: NewPassword = ""


class PasswordForm(Form):
    old_password: OldPassword = ""
    new_password: NewPassword = ""


class EmailForm(Form):
    email: Email = ""
    password: OldPassword = ""
