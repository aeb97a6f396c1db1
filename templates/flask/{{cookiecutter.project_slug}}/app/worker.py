"""`flask worker`: does what is queued, until it is told to end.

It finishes the part that it is at. Several may run, on several machines if the database
is a server.
"""

import atexit
import logging
import os
import threading

import click
from flask import Flask
from flask.cli import with_appcontext
from huey.consumer import Consumer

from app.imports.work import recover
from app.queue import huey, stopping
from app.settings import Settings

# Whoever ends the process gives it ten seconds.
PATIENCE = 8
ROUND = 15

logger = logging.getLogger(__name__)


class Worker(Consumer):
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
    has_to_end = False
    while not has_to_end:
        with huey.app.app_context():
            recover()
        has_to_end = stopping.wait(ROUND)


def init_app(app: Flask, settings: Settings) -> None:
    huey.init_app(app, settings)
    # The rest is said here, in fewer words.
    logging.getLogger("huey").setLevel("WARNING")
    app.cli.add_command(worker)
    # Only in the process of the reloader that serves: `poe dev`.
    if settings.debug and os.environ.get("WERKZEUG_RUN_MAIN") == "true":
        embedded = EmbeddedWorker()
        embedded.start()
        atexit.register(embedded.stop, graceful=True)


@click.command()
@with_appcontext
def worker() -> None:
    """Do what is queued for the background."""
    Worker().run()
