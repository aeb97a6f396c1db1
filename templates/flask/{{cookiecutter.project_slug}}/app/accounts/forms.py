"""The forms about accounts; only the fields named here are ever read."""

from functools import partial
from typing import Any

from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.accounts import passwords
from app.accounts.addresses import INVALID_ADDRESS, normalise
from app.accounts.rules import (
    LONG_NAME,
    LONGEST_NAME,
    NO_NAME,
    NOT_YOURS,
    WRONG_LOGIN,
    display_name,
    new_password,
)
from app.forms import Keeps
from app.languages import N_

CURRENT = {"autocomplete": "current-password"}
NEW = {"autocomplete": "new-password", "minlength": passwords.MINIMUM_LENGTH}


def good_password(form: FlaskForm, field: Any) -> None:
    Keeps(partial(new_password, email=form.owner_email))(form, field)


def email_field(label: str, autocomplete: str) -> EmailField:
    return EmailField(
        label,
        [
            InputRequired(INVALID_ADDRESS),
            Length(max=254, message=INVALID_ADDRESS),
            Keeps(normalise),
        ],
        render_kw={"autocomplete": autocomplete},
    )


def new_password_field(label: str) -> PasswordField:
    required = InputRequired(passwords.TOO_SHORT)
    return PasswordField(label, [required, good_password], render_kw=NEW)


def current_password_field(label: str, wrong: str = NOT_YOURS) -> PasswordField:
    not_endless = Length(max=passwords.LONGEST_READ, message=wrong)
    return PasswordField(label, [InputRequired(wrong), not_endless], render_kw=CURRENT)


class LoginForm(FlaskForm):
    # Not checked for its form: what is no address has no account.
    email = EmailField(
        N_("E-mail address"),
        [InputRequired(INVALID_ADDRESS), Length(max=254, message=INVALID_ADDRESS)],
        render_kw={"autocomplete": "username"},
    )
    password = current_password_field(N_("Password"), WRONG_LOGIN)
    next = HiddenField()


class RegisterForm(FlaskForm):
    email = email_field(N_("E-mail address"), "email")
    display_name = StringField(
        N_("Display name"),
        [
            InputRequired(NO_NAME),
            Length(max=LONGEST_NAME, message=LONG_NAME),
            Keeps(display_name),
        ],
        render_kw={"autocomplete": "nickname"},
    )
    password = new_password_field(N_("Password"))

    @property
    def owner_email(self) -> str:
        return self.email.data or ""


class AskForResetForm(FlaskForm):
    email = email_field(N_("E-mail address"), "username")


class ResetForm(FlaskForm):
    password = new_password_field(N_("New password"))

    def __init__(self, owner_email: str) -> None:
        super().__init__()
        self.owner_email = owner_email


class ChangePasswordForm(FlaskForm):
    old_password = current_password_field(N_("Current password"))
    new_password = new_password_field(N_("New password"))

    @property
    def owner_email(self) -> str:
        return str(current_user.email)


class ChangeEmailForm(FlaskForm):
    email = email_field(N_("New e-mail address"), "email")
    password = current_password_field(N_("Your password"))
