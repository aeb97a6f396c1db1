"""How Alembic reaches the database: the way the application does.

https://alembic.sqlalchemy.org/en/latest/cookbook.html#using-asyncio-with-alembic
"""

import asyncio
from importlib import import_module
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from app.database import Base, Moment, engine_for
from app.settings import PROJECT, load_settings

# What defines tables has one of these names; importing it makes them known.
for path in sorted((PROJECT / "app").glob("*/*.py")):
    if path.stem in {"models", "sessions", "tokens"}:
        import_module(f"app.{path.parent.name}.{path.stem}")


def render_item(kind: str, item: Any, _: object) -> str | Literal[False]:
    """Migrations are history: they must not change with the application's types."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        # SQLite cannot change most of a table: it is copied instead.
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


async def main() -> None:
    engine = engine_for(load_settings().database_url.get_secret_value())
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


asyncio.run(main())
