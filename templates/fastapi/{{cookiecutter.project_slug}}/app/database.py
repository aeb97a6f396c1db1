{% from "macros.jinja" import lines with context %}
"""The database: its address, its connections, and what all tables have in common."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import URL, DateTime, MetaData, TypeDecorator, event, make_url
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase

from app import postgresql
from app.settings import PROJECT

Sessions = async_sessionmaker[AsyncSession]


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


def engine_for(
    database_url: str, longest_statement: float | None = None
) -> AsyncEngine:
    """An engine that connects when it is first used.

    In PostgreSQL a statement may be limited to some seconds.
    """
    url = _with_driver(make_url(database_url))
    if url.get_backend_name() != "sqlite":
        engine = create_async_engine(url, **postgresql.options(longest_statement))
        postgresql.prepare(engine)
        return engine
    engine = create_async_engine(
        url,
        hide_parameters=True,
        # Few: one at a time may write, SQLite lets the others ask again and again in no
        # order, and of many some would never get their turn. Here they wait in a queue.
        pool_size=3,
        max_overflow=0,
        # Whoever is going to write waits for the others first, and does not fail later.
        connect_args={"isolation_level": "IMMEDIATE", "timeout": 4},
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    return engine


def sessions_for(engine: AsyncEngine) -> Sessions:
{% call lines("sessions") %}
{% endcall %}
    # Without expiry, objects can be shown after the session has ended.
    return async_sessionmaker(engine, expire_on_commit=False)


def _with_driver(url: URL) -> URL:
    """The address as everybody writes it, with the driver that is used here."""
    if url.get_backend_name() == "sqlite":
        path = PROJECT / (url.database or "")
        path.parent.mkdir(parents=True, exist_ok=True)
        return url.set(drivername="sqlite+aiosqlite", database=str(path))
    query = dict(url.query)
    if "sslmode" in query:  # libpq's word for it
        query["ssl"] = query.pop("sslmode")
    return url.set(drivername="postgresql+asyncpg", query=query)


def _prepare_sqlite(connection: Any, _: object) -> None:
    """Readers beside a writer, and foreign keys that are kept.

    https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#foreign-key-support
    """
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
