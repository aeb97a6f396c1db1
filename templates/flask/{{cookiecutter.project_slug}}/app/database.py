"""The database: its address, its connections, and what all tables have in common."""

import sqlite3
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import URL, DateTime, MetaData, TypeDecorator, event, make_url
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase

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
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = SQLITE if is_sqlite else POSTGRESQL
    db.init_app(app)
    migrate.init_app(app, db, directory=str(PROJECT / "migrations"))
    if is_sqlite:
        with app.app_context():
            event.listen(db.engine, "connect", _prepare_sqlite)


# The values of a statement stay out of error messages, and so out of the logs.
SQLITE: dict[str, Any] = {
    "hide_parameters": True,
    # Whoever is going to write waits for the others first, and does not fail later.
    "connect_args": {"isolation_level": "IMMEDIATE", "timeout": 5},
}
POSTGRESQL: dict[str, Any] = {
    "hide_parameters": True,
    # A connection that died with a restart of the database is replaced.
    # https://docs.sqlalchemy.org/en/21/core/pooling.html#disconnect-handling-pessimistic
    "pool_pre_ping": True,
    "pool_timeout": 4,
    "connect_args": {"connect_timeout": 3},
}


def with_driver(url: URL) -> URL:
    """The address as everybody writes it, with the driver that is used here."""
    if url.get_backend_name() != "sqlite":
        return url.set(drivername="postgresql+psycopg")
    if not url.database or url.database == ":memory:":
        return url
    path = PROJECT / url.database
    path.parent.mkdir(parents=True, exist_ok=True)
    return url.set(database=str(path))


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    """Readers beside a writer, and foreign keys that are kept.

    https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#foreign-key-support
    """
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
