"""What Alembic runs for `flask db …`: against the application's own database.

https://alembic.sqlalchemy.org/en/latest/tutorial.html#the-migration-environment
"""

from typing import Any, Literal

from alembic import context
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext

from app.database import Base, Moment, db


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write into migrations what a column is in the database, and none of our names."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


OPTIONS: dict[str, Any] = {
    "target_metadata": Base.metadata,
    # SQLite changes a table by making a new one.
    # https://alembic.sqlalchemy.org/en/latest/batch.html
    "render_as_batch": True,
    "render_item": render_item,
}


def leave_out_empty(
    _context: MigrationContext, _revision: object, scripts: list[MigrationScript]
) -> None:
    """Make no file when `flask db migrate` finds nothing to change."""
    operations = scripts[0].upgrade_ops
    if getattr(context.config.cmd_opts, "autogenerate", False) and (
        operations is None or operations.is_empty()
    ):
        scripts.clear()
        print("No changes found.")  # noqa: T201


def run_offline() -> None:
    """Write the SQL that would be run, for `flask db upgrade --sql`."""
    url = db.engine.url
    context.configure(url=url, literal_binds=True, **OPTIONS)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # With them, replacing a table would delete the rows that refer to it.
            # Detached, for the pool would give it to others, still without them.
            connection.detach()
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.commit()
        context.configure(
            connection=connection,
            process_revision_directives=leave_out_empty,
            **OPTIONS,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
