"""What all forms have in common: their token, how they are shown, how text is read."""

from collections.abc import Callable
from typing import Any

from flask import Flask, render_template
from flask_wtf import CSRFProtect, FlaskForm
from wtforms.validators import StopValidation

from app.settings import Settings

csrf = CSRFProtect()


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


class Keeps:
    """Checks a field with a rule, such as `app.catalogue.rules.name`."""

    def __init__(self, rule: Callable[[Any], Any]) -> None:
        self.rule = rule

    def __call__(self, form: FlaskForm, field: Any) -> None:
        try:
            field.data = self.rule(field.data)
        except ValueError as error:
            raise StopValidation(str(error)) from error
