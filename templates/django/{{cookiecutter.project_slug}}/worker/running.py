"""The worker: it takes tasks from the database and does one after the other.

https://github.com/RealOrangeOne/django-tasks-db
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from types import FrameType
from typing import Any

from django.db import InterfaceError, OperationalError, connections
from django.dispatch import Signal
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

PAUSE = 1  # seconds between two looks for new tasks
ROUND = 15  # seconds between two rounds of chores
KEPT = timedelta(days=14)  # that long one can see what has become of a task

logger = logging.getLogger(__name__)

# Sent by each worker when it starts, and every 15 seconds from then on.
chores = Signal()
# Set when the process has to end: a long task looks at it and stops where it can go on.
stopping = Event()


@contextmanager
def patience() -> Iterator[None]:
    """Wait a moment if the database is away, instead of falling over."""
    try:
        yield
    except (InterfaceError, OperationalError) as error:
        logger.warning("The worker waits for the database: %s", error)
        connections.close_all()
        stopping.wait(PAUSE)


class Worker(db_worker.Worker):
    """The library's worker, which outlives a database that is away for a while."""

    def __init__(self, *, batch: bool = False) -> None:
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            backend_name="default",
            interval=PAUSE,
            startup_delay=False,
            batch=batch,
            max_tasks=None,
            worker_id=get_random_string(32),
        )

    def run(self) -> None:
        while self.running:
            with patience():
                super().run()
                break

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        stopping.set()
        super().shutdown(signum, frame)


def forget(**kwargs: Any) -> None:
    """Remove what is kept of old tasks; those of killed workers are never finished."""
    old = DBTaskResult.objects.filter(started_at__lte=timezone.now() - KEPT)
    old.exclude(status=TaskResultStatus.READY).delete()


def run(worker: Worker) -> None:
    """Let a worker work, with the chores in a thread of their own."""
    Thread(target=_do_chores, name="chores", daemon=True).start()
    worker.run()


def run_embedded(**kwargs: Any) -> None:
    """Run a worker inside the development server, for as long as that lives."""
    Thread(target=run, args=[Worker()], name="worker", daemon=True).start()


def _do_chores() -> None:
    while not stopping.is_set():
        try:
            with patience():
                chores.send(sender=Worker)
        except Exception:
            logger.exception("A chore has failed.")
        connections.close_all()
        stopping.wait(ROUND)
