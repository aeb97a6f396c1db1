"""Imports of products: queued by whoever has a file, and done by a worker."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from anyio import move_on_after, to_thread
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    ProgrammingError,
)
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.database import Sessions, engine_for, sessions_for
from app.imports import batches, files
from app.imports.models import LONGEST_FILENAME, ProductImport
from app.queue import huey, stopping
from app.settings import load_settings

# Between two batches, so that others may write to an SQLite file: in seconds.
PAUSE = 0.05
LONGEST_STATEMENT = 30
# How long somebody who queues an import waits for the queue.
PATIENCE = 1

logger = logging.getLogger(__name__)


async def queue(
    session: AsyncSession, file: files.ProductFile, filename: str, owner: User
) -> ProductImport:
    """Store a file, and send word of it to the workers."""
    # It may be anything that a file system or a browser gives, even a path.
    name = filename.replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = name.encode("utf-8", "replace").decode().replace("\0", "")
    stored = ProductImport(
        owner_id=owner.id,
        filename=name[:LONGEST_FILENAME] or "?",
        content=file.content,
        rows_total=file.rows_total,
    )
    session.add(stored)
    await session.commit()
    with move_on_after(PATIENCE):  # the thread goes on, and says what was wrong
        await to_thread.run_sync(_send, stored.id, abandon_on_cancel=True)
    return stored


def _send(number: int) -> None:
    try:
        huey.prepare()
        import_products(number)
    except Exception as error:  # whatever it is, a worker finds the file by itself
        logger.warning("The queue takes no messages: %s", type(error).__name__)


@huey.task()  # type: ignore[untyped-decorator]
def import_products(number: int) -> None:
    """Import what is left of a file, unless another worker is at it."""
    asyncio.run(_import(number))


async def _import(number: int) -> None:
    async with _database() as sessions:
        claim = await batches.claim_import(sessions, number)
        if claim:
            await _go_on(sessions, number, claim)


async def _go_on(sessions: Sessions, number: int, claim: datetime) -> None:
    logger.info("Import %s: begins.", number)
    try:
        found = list(files.rows(await batches.content_of(sessions, number)))
        while further := await batches.import_batch(sessions, number, claim, found):
            claim = further
            if stopping.is_set():
                await batches.leave_import(sessions, number, claim)
                _send(number)
                logger.info("Import %s: left to the next worker.", number)
                return
            await asyncio.sleep(PAUSE)
    except Exception as error:
        if not _will_pass(error):
            await batches.fail_import(sessions, number, claim)
            raise
        # Somebody goes on later.
        logger.warning("Import %s: interrupted, %s", number, type(error).__name__)
    else:
        logger.info("Import %s: ends.", number)


def _will_pass(error: Exception) -> bool:
    """Whether the database is gone, restarts or is too busy; or else we are wrong."""
    is_our_fault = isinstance(error, DataError | IntegrityError | ProgrammingError)
    return isinstance(error, DBAPIError | OSError) and not is_our_fault


def recover() -> None:
    """Queue what nobody works at: its message was lost, or its worker died."""
    try:
        huey.prepare()
        ours = import_products.task_class
        queued = {task.args[0] for task in huey.pending() if isinstance(task, ours)}
        for number in asyncio.run(_free_imports()):
            if number not in queued:
                import_products(number)
    except Exception as error:  # the database or the queue is away: the next time, then
        logger.warning("Nothing can be recovered: %s", type(error).__name__)


async def _free_imports() -> list[int]:
    async with _database() as sessions:
        return list(await batches.free_imports(sessions))


@asynccontextmanager
async def _database() -> AsyncIterator[Sessions]:
    """Connections of its own: those of others belong to other event loops."""
    url = load_settings().database_url.get_secret_value()
    engine = engine_for(url, LONGEST_STATEMENT)
    try:
        yield sessions_for(engine)
    finally:
        await engine.dispose()
