"""`python -m app.worker`: does what is queued, until it is told to end.

It finishes the part that it is at. Several may run: on several machines if the database
is PostgreSQL.
"""

import logging
import logging.config
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from fastapi import APIRouter, FastAPI
from huey.consumer import Consumer

from app.imports.work import recover
from app.logs import logging_config
from app.queue import huey, stopping
from app.settings import load_settings

# Whoever ends the process gives it ten seconds.
PATIENCE = 8
ROUND = 15

logger = logging.getLogger("app.worker")  # also when it is run as a command


class Worker(Consumer):  # type: ignore[misc]  # it has no types
    """huey's consumer; it tells the work under way when it has to end."""

    def __init__(self) -> None:
        super().__init__(
            huey,
            max_delay=1,
            periodic=False,
            graceful_signal="TERM",
            shutdown_timeout=PATIENCE,
        )

    def start(self) -> None:
        stopping.clear()
        huey.prepare()
        threading.Thread(target=look_after, daemon=True).start()
        super().start()
        logger.info("The worker waits for work.")

    def stop(self, graceful: bool = False) -> None:
        stopping.set()
        super().stop(graceful)
        logger.info("The worker has ended.")


class EmbeddedWorker(Worker):
    """One within the server of development, which hears the signals itself."""

    def _set_signal_handlers(self) -> None:
        pass


def look_after() -> None:
    """Find what has been lost, now and then."""
    while not stopping.is_set():
        recover()
        stopping.wait(ROUND)


@asynccontextmanager
async def embedded(app: FastAPI) -> AsyncIterator[None]:
    # Only the server that reloads has one: `poe dev`.
    if not (app.state.settings.debug and "--reload" in sys.argv):
        yield
        return
    worker = EmbeddedWorker()
    worker.start()
    try:
        yield
    finally:
        await to_thread.run_sync(worker.stop, True)


router = APIRouter(lifespan=embedded)


if __name__ == "__main__":
    logging.config.dictConfig(logging_config(load_settings()))
    Worker().run()
