"""Pages in several languages, and the switch between them."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Flask, Response, current_app, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from jinja2 import pass_context

from app.accounts.views import local_path
from app.languages import COOKIE, LANGUAGES, _, language
from app.languages.commands import translate
from app.languages.formats import localised
from app.security import A_DAY
from app.settings import PROJECT, Settings

A_YEAR = 365 * A_DAY

babel = Babel()
blueprint = Blueprint("languages", __name__, template_folder="templates")


def init_app(app: Flask, settings: Settings) -> None:
    app.config.from_mapping(BABEL_TRANSLATION_DIRECTORIES=str(PROJECT / "locale"))
    babel.init_app(app, locale_selector=language)
    app.jinja_env.globals.update(languages=LANGUAGES, language=language, here=here)
    app.jinja_env.filters.update(translated=in_page(_), localised=in_page(localised))
    app.after_request(say_which_language)
    app.register_blueprint(blueprint)
    app.cli.add_command(translate)


def in_page(function: Any) -> Any:
    """A filter: with the context, else Jinja would use it once, and for everybody."""
    return pass_context(lambda context, *args: function(*args))


def here() -> str:
    """The address of this page, to come back to; the first one, if it only takes forms."""
    if not request.url_rule or "GET" not in (request.url_rule.methods or ()):
        return "/"
    query = request.query_string.decode()
    return f"{quote(request.path)}?{query}" if query else quote(request.path)


def say_which_language(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = language()
        response.vary.update(("Accept-Language", "Cookie"))
    return response


@blueprint.post("/language")
def choose() -> ResponseReturnValue:
    settings: Settings = current_app.config["SETTINGS"]
    response = redirect(local_path(request.form.get("next", "/")), 303)
    chosen = request.form.get("language")
    if chosen in LANGUAGES:
        response.set_cookie(
            COOKIE,
            str(chosen),
            max_age=A_YEAR,
            secure=settings.is_https,
            httponly=True,
            samesite="Lax",
        )
    return response
