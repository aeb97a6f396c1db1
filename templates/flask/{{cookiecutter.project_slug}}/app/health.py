"""What whoever watches over the server asks: are you alive, and can you work?"""

from collections.abc import Callable

from flask import Blueprint, Flask, Response, current_app, jsonify
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from app.database import db

Check = Callable[[], bool]

blueprint = Blueprint("health", __name__)

# The shortest time that libpq waits for a connection.
# https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-CONNECT-TIMEOUT
SECONDS = 2


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
    """Ask over a connection of its own: one from the pool could hang for longer."""
    limit = {"connect_timeout": SECONDS}
    arguments = {} if db.engine.dialect.name == "sqlite" else limit
    engine = create_engine(db.engine.url, poolclass=NullPool, connect_args=arguments)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True
