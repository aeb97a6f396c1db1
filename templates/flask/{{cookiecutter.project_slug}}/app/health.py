"""What whoever watches over the server asks: are you alive, and can you work?"""

import logging
from collections.abc import Callable

from flask import Blueprint, Flask, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.away import advice
from app.database import db

Check = Callable[[], bool]

blueprint = Blueprint("health", __name__)
logger = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    app.extensions["ready_checks"] = []
    add_check(app, database_answers)
    app.register_blueprint(blueprint)


def add_check(app: Flask, check: Check) -> None:
    """Let a function say whether its part can work."""
    checks: list[Check] = app.extensions["ready_checks"]
    checks.append(check)


@blueprint.get("/healthz")
def healthz() -> Response:
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    checks: list[Check] = current_app.extensions["ready_checks"]
    if all(check() for check in checks):
        return jsonify(status="ready"), 200
    return jsonify(status="unavailable"), 503


def database_answers() -> bool:
    """Ask as every page does: whoever is ready serves pages."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        logger.warning("The database does not answer: %s", advice(error))
        return False
    return True
