"""What whoever watches over the server asks: are you alive, and can you work?"""

from flask import Blueprint, Response, jsonify
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from app.database import db

blueprint = Blueprint("health", __name__)

# The shortest time that libpq waits for a connection.
# https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-CONNECT-TIMEOUT
SECONDS = 2


@blueprint.get("/healthz")
def healthz() -> Response:
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    try:
        _ask_database()
    except SQLAlchemyError:
        return jsonify(status="unavailable"), 503
    return jsonify(status="ready"), 200


def _ask_database() -> None:
    """Ask over a connection of its own: one from the pool could hang for longer."""
    limit = {"connect_timeout": SECONDS}
    arguments = {} if db.engine.dialect.name == "sqlite" else limit
    engine = create_engine(db.engine.url, poolclass=NullPool, connect_args=arguments)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
