"""The forms about accounts; only the fields named here are ever read."""

from typing import Any

from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from app.accounts import passwords
from app.accounts.addresses import INVALID_ADDRESS, normalise
from app.forms import OneLine
from app.settings import SITE_NAME

WRONG_LOGIN = "That e-mail address and password do not match an account."
WRONG_PASSWORD = "That is not your password."  # noqa: S105
NO_NAME = "Tell us what to call you."
LONG_NAME = "A display name has at most 80 characters."

CURRENT = {"autocomplete": "current-password"}
NEW = {"autocomplete": "new-password", "minlength": passwords.MINIMUM_LENGTH}


def email_address(form: FlaskForm, field: Any) -> None:
    try:
        field.data = normalise(field.data)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def good_password(form: FlaskForm, field: Any) -> None:
    reason = passwords.why_refused(
        field.data, email=form.owner_email, site_name=SITE_NAME
    )
    if reason:
        raise ValidationError(reason)


def email_field(label: str, autocomplete: str) -> EmailField:
    return EmailField(
        label,
        [
            InputRequired(INVALID_ADDRESS),
            Length(max=254, message=INVALID_ADDRESS),
            email_address,
        ],
        render_kw={"autocomplete": autocomplete},
    )


def new_password_field(label: str) -> PasswordField:
    required = InputRequired(passwords.TOO_SHORT)
    return PasswordField(label, [required, good_password], render_kw=NEW)


def current_password_field(label: str) -> PasswordField:
    return PasswordField(label, [InputRequired(WRONG_PASSWORD)], render_kw=CURRENT)


class LoginForm(FlaskForm):
    # Not checked for its form: what is no address has no account.
    email = EmailField(
        "E-mail address",
        [InputRequired(INVALID_ADDRESS), Length(max=254, message=INVALID_ADDRESS)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        "Password", [InputRequired(WRONG_LOGIN)], render_kw=CURRENT
    )
    next = HiddenField()


class RegisterForm(FlaskForm):
    email = email_field("E-mail address", "email")
    display_name = StringField(
        "Display name",
        [InputRequired(NO_NAME), Length(max=80, message=LONG_NAME), OneLine(NO_NAME)],
        render_kw={"autocomplete": "nickname"},
    )
    password = new_password_field("Password")

    @property
    def owner_email(self) -> str:
        return self.email.data or ""


class AskForResetForm(FlaskForm):
    email = email_field("E-mail address", "username")


class ResetForm(FlaskForm):
    password = new_password_field("New password")

    def __init__(self, owner_email: str) -> None:
        super().__init__()
        self.owner_email = owner_email


class ChangePasswordForm(FlaskForm):
    old_password = current_password_field("Current password")
    new_password = new_password_field("New password")

    @property
    def owner_email(self) -> str:
        return str(current_user.email)


class ChangeEmailForm(FlaskForm):
    email = email_field("New e-mail address", "email")
    password = current_password_field("Your password")
