"""The forms about accounts; only the fields named here are ever read."""

from typing import Annotated

from pydantic import AfterValidator, ValidationInfo

from app.accounts.addresses import normalise
from app.accounts.passwords import why_refused
from app.forms import Form, one_line
from app.settings import SITE_NAME


def _display_name(value: str) -> str:
    if not value.strip():
        raise ValueError("Tell us what to call you.")
    if len(value) > 80:
        raise ValueError("A display name has at most 80 characters.")
    return one_line(value)


def _good_password(value: str, info: ValidationInfo) -> str:
    """A field that comes after `email`, or gets the address as the form's context."""
    email = (info.context or info.data).get("email", "")
    reason = why_refused(value, email=email, site_name=SITE_NAME)
    if reason:
        raise ValueError(reason)
    return value


Email = Annotated[str, AfterValidator(normalise)]
DisplayName = Annotated[str, AfterValidator(_display_name)]
NewPassword = Annotated[str, AfterValidator(_good_password)]


class LoginForm(Form):
    """Nothing is refused here: every wrong login gets the same answer."""

    email: str = ""
    password: str = ""
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
    old_password: str = ""
    new_password: NewPassword = ""


class EmailForm(Form):
    email: Email = ""
    password: str = ""
