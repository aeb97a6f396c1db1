"""Imports of products: queued by whoever has a file, and done by a worker."""

import logging
from datetime import datetime
from time import sleep

from sqlalchemy.exc import InterfaceError, OperationalError

from app.accounts.models import User
from app.database import db
from app.imports import batches, files
from app.imports.models import LONGEST_FILENAME, ProductImport
from app.queue import huey, stopping

# Between two batches, so that others may write to an SQLite file: in seconds.
PAUSE = 0.05

logger = logging.getLogger(__name__)


def queue(file: files.ProductFile, filename: str, owner: User) -> ProductImport:
    """Store a file, and send word of it to the workers."""
    # A name may be anything that a file system or a browser gives.
    name = filename.encode("utf-8", "replace").decode().replace("\0", "")
    stored = ProductImport(
        owner_id=owner.id,
        filename=name[:LONGEST_FILENAME],
        content=file.content,
        rows_total=file.rows_total,
    )
    db.session.add(stored)
    db.session.commit()
    send(stored.id)
    return stored


def send(number: int) -> None:
    """Send word of an import to the workers."""
    try:
        import_products(number)
    except Exception as error:  # whatever it is, a worker finds the file by itself
        logger.warning("The queue takes no messages: %s", type(error).__name__)


@huey.task()
def import_products(number: int) -> None:
    """Import what is left of a file, unless another worker is at it."""
    claim = batches.claim_import(number)
    if claim:
        go_on(number, claim)


def go_on(number: int, claim: datetime) -> None:
    logger.info("Import %s: begins.", number)
    try:
        found = list(files.rows(batches.content_of(number)))
        while further := batches.import_batch(number, claim, found):
            claim = further
            if stopping.is_set():
                batches.leave_import(number, claim)
                send(number)
                logger.info("Import %s: left to the next worker.", number)
                return
            sleep(PAUSE)
    except (InterfaceError, OperationalError) as error:
        # When the database is back, somebody goes on.
        logger.warning("Import %s: interrupted, %s", number, type(error).__name__)
    except Exception:
        batches.fail_import(number, claim)
        raise
    else:
        logger.info("Import %s: ends.", number)


def recover() -> None:
    """Queue what nobody works at: its message was lost, or its worker died."""
    try:
        huey.prepare()
        queued = {
            task.args[0]
            for task in huey.pending()
            if isinstance(task, import_products.task_class)
        }
        for number in batches.free_imports():
            if number not in queued:
                import_products(number)
    except Exception as error:  # the database or the queue is away: the next time, then
        logger.warning("Nothing can be recovered: %s", type(error).__name__)
