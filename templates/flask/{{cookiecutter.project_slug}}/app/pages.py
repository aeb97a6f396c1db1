"""Everything for people with a browser, put together; and the first page."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from app import dev_mail, error_pages, forms
from app.accounts import logins, mailed_links, own_account
from app.accounts import views as accounts
from app.accounts.links import add_way
from app.catalogue import views as catalogue
from app.catalogue.services import products
from app.database import db
from app.security import A_DAY
from app.settings import SITE_NAME, Settings

blueprint = Blueprint("pages", __name__)

A_YEAR = 365 * A_DAY
NEWEST = 6


def init_app(app: Flask, settings: Settings) -> None:
    add_way(app, mailed_links.way)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.globals.update(site_name=SITE_NAME, has_dev_mail=settings.debug)
    app.static_folder = "static"
    app.add_url_rule(
        "/static/<path:filename>", endpoint="static", view_func=app.send_static_file
    )
    app.url_defaults(add_digest)
    app.after_request(keep_what_has_a_digest)
    for part in (forms, logins, error_pages):
        part.init_app(app, settings)
    for views in (accounts, own_account, catalogue):
        app.register_blueprint(views.blueprint)
    app.register_blueprint(blueprint)
    if settings.debug:
        app.register_blueprint(dev_mail.blueprint)


@blueprint.get("/")
def home() -> ResponseReturnValue:
    newest = db.session.scalars(products().limit(NEWEST)).all()
    return render_template("home.html", products=newest)


@blueprint.get("/favicon.ico", defaults={"filename": "favicon.ico"})
@blueprint.get("/robots.txt", defaults={"filename": "robots.txt"})
def well_known(filename: str) -> Response:
    return current_app.send_static_file(filename)


def add_digest(endpoint: str, values: dict[str, Any]) -> None:
    """Give a static file another address when its content changes."""
    if endpoint.endswith("static"):
        values["v"] = digest_of(endpoint, values["filename"])


def digest_of(endpoint: str, filename: str) -> str:
    part = current_app.blueprints.get(endpoint.rpartition(".")[0], current_app)
    path = Path(part.static_folder or "") / filename
    return _digest(path, path.stat().st_mtime_ns)


@cache
def _digest(path: Path, _changed_at: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def keep_what_has_a_digest(response: Response) -> Response:
    """For a year; not with a digest of another release, while that is rolled out."""
    if (
        request.endpoint
        and request.endpoint.endswith("static")
        and response.status_code < 400
        and request.args.get("v")
        == digest_of(request.endpoint, (request.view_args or {})["filename"])
    ):
        response.cache_control.max_age = A_YEAR
        response.cache_control.immutable = True
    return response
