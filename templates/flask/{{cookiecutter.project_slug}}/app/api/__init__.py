"""Everything for programs, put together: the API and its documentation."""

from flask import Blueprint, Flask, redirect
from werkzeug.wrappers import Response

from app.accounts.links import add_way
from app.api import accounts, documentation, mailed_tokens, problems, products
from app.errors import add_teller
from app.settings import Settings

# Features add to it, before the application is put together.
PARTS: list[Blueprint] = [
    accounts.blueprint,
    products.blueprint,
    documentation.blueprint,
]


def init_app(app: Flask, settings: Settings) -> None:
    add_teller(app, "/api/", problems.tell)
    add_way(app, mailed_tokens.way)
    for part in PARTS:
        app.register_blueprint(part)
        # Forms need their token against other sites because browsers send cookies by
        # themselves; nobody sends a bearer token without wanting to.
        if "csrf" in app.extensions:
            app.extensions["csrf"].exempt(part)
    with app.app_context():
        documentation.describe()  # now, and not by several requests at the same time
    if not app.url_map.bind("").test("/"):
        app.add_url_rule("/", view_func=lead_to_docs)


def lead_to_docs() -> Response:
    return redirect("/api/docs", 307)
