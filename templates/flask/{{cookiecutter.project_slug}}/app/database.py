"""The database: its address, its connections, and what all tables have in common."""

import logging
import sqlite3
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import URL, DateTime, MetaData, TypeDecorator, event, make_url
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase

from app import postgresql
from app.away import advice, is_away
from app.settings import PROJECT, Settings


class Base(DeclarativeBase):
    # Named constraints, so that migrations can change them on every database.
    # https://alembic.sqlalchemy.org/en/latest/naming.html
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


# Models are plain SQLAlchemy and inherit from Base, not from `db.Model`: type
# checkers understand them, and they can be used without Flask.
db = SQLAlchemy(metadata=Base.metadata)
migrate = Migrate()
logger = logging.getLogger(__name__)


class Moment(TypeDecorator[datetime]):
    """A point in time, always in UTC: SQLite would forget the time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and not value.tzinfo else value


def now() -> datetime:
    return datetime.now(UTC)


def init_app(app: Flask, settings: Settings) -> None:
    url = with_driver(make_url(settings.database_url.get_secret_value()))
    is_sqlite = url.get_backend_name() == "sqlite"
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    options = SQLITE if is_sqlite else postgresql.OPTIONS
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    app.teardown_appcontext(_give_connection_back)
    migrate.init_app(app, db, directory=str(PROJECT / "migrations"))
    with app.app_context():
        if is_sqlite:
            event.listen(db.engine, "connect", _prepare_sqlite)
        else:
            postgresql.prepare(db.engine)


# The values of a statement stay out of error messages, and so out of the logs.
SQLITE: dict[str, Any] = {
    "hide_parameters": True,
    # Whoever is going to write waits for the others first, and does not fail later.
    "connect_args": {"isolation_level": "IMMEDIATE", "timeout": 4},
}


def with_driver(url: URL) -> URL:
    """The address as everybody writes it, with the driver that is used here."""
    if url.get_backend_name() != "sqlite":
        return url.set(drivername="postgresql+psycopg")
    path = PROJECT / (url.database or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    return url.set(database=str(path))


def _give_connection_back(_: object) -> None:
    """An answer that is ready is sent, also if the database goes away just then."""
    try:
        db.session.remove()
    except SQLAlchemyError as error:
        if not is_away(error):
            raise
        db.session.registry.clear()
        logger.warning("After the answer: %s", advice(error))


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    """Readers beside a writer, and foreign keys that are kept.

    https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#foreign-key-support
    """
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
