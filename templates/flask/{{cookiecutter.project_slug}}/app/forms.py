"""What all forms have in common: their token, how they are shown, how text is read."""

import unicodedata
from typing import Any

from flask import Flask, render_template
from flask_wtf import CSRFProtect, FlaskForm
from wtforms.validators import StopValidation, ValidationError

from app.settings import Settings

csrf = CSRFProtect()

NOT_ONE_LINE = "This has to be one line, without control characters."


def init_app(app: Flask, settings: Settings) -> None:
    app.config.from_mapping(
        # A token is good for as long as its session.
        WTF_CSRF_TIME_LIMIT=None,
        # Would refuse clients that send no Referer: app/security.py looks at Origin.
        WTF_CSRF_SSL_STRICT=False,
    )
    csrf.init_app(app)


def render_form(template: str, form: FlaskForm, **context: Any) -> tuple[str, int]:
    """A page with a form; when it comes back with errors, its status says so."""
    page = render_template(template, form=form, **context)
    return page, 422 if form.errors else 200


class OneLine:
    """Refuses a name that cannot be seen, or that would not stay on its line."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: FlaskForm, field: Any) -> None:
        if not field.data.strip():
            raise StopValidation(self.message)
        if any(unicodedata.category(character) == "Cc" for character in field.data):
            raise ValidationError(NOT_ONE_LINE)
