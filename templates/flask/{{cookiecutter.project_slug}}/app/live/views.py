"""The page that shows what changes, as it changes."""

from datetime import UTC

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.catalogue.models import Product
from app.database import db
from app.settings import Settings

LATEST = 10

blueprint = Blueprint(
    "live",
    __name__,
    url_prefix="/live",
    template_folder="templates",
    static_folder="static",
)


def init_app(app: Flask, settings: Settings) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("")
def show() -> ResponseReturnValue:
    last_changed_first = (Product.updated_at.desc(), Product.id.desc())
    latest = select(Product).order_by(*last_changed_first).limit(LATEST)
    return render_template("live.html", products=db.session.scalars(latest), utc=UTC)
