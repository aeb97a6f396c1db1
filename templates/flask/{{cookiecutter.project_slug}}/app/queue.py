"""The queue of work for the background, and what carries its messages.

https://huey.readthedocs.io/en/latest/
"""

import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask
from huey import Huey
from huey.api import Task
from huey.serializer import SignedSerializer
from huey.storage import MemoryStorage, PostgresStorage, RedisStorage, SqliteStorage
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import URL, make_url

from app.database import with_driver
from app.postgresql import Connection
from app.settings import SITE_NAME, Settings

# Set when the process has to end: long work looks at it, and stops where it can go on.
stopping = threading.Event()

# Whoever uploads a file does not wait for long for a Redis that is gone, or silent.
REDIS: dict[str, Any] = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 0.5,
    "retry": Retry(NoBackoff(), 0),
}
# After a failure a worker leaves the queue alone for so long, in seconds.
PAUSE_AFTER_FAILURE = 5

Anything = TypeVar("Anything")

logger = logging.getLogger(__name__)


class Queue(Huey):
    """huey as an extension of Flask: born without an application, works within one."""

    def __init__(self) -> None:
        super().__init__(SITE_NAME, results=False, storage_class=MemoryStorage)
        self.is_prepared = True

    def init_app(self, app: Flask, settings: Settings) -> None:
        self.app = app
        # Messages are pickled: without the signature, who writes to Redis could run code.
        self.serializer = SignedSerializer(settings.secret_key.get_secret_value())
        self.storage = storage_for(settings)
        self.is_prepared = isinstance(self.storage, RedisStorage)

    def prepare(self) -> None:
        """Make the tables that messages are kept in, before the first one is sent."""
        if not self.is_prepared:
            self.storage.initialize_schema()
            self.is_prepared = True

    def enqueue(self, task: Task) -> Any:
        self.prepare()
        return super().enqueue(task)

    def dequeue(self) -> Any:
        return self._if_it_is_there(super().dequeue, None)

    def read_schedule(self, timestamp: Any = None) -> Any:
        return self._if_it_is_there(partial(super().read_schedule, timestamp), [])

    def _if_it_is_there(
        self, use: Callable[[], Anything], nothing: Anything
    ) -> Anything:
        """Redis or the server of the database may be away, and comes back."""
        try:
            return use()
        except Exception as error:  # each storage has exceptions of its own
            logger.warning("The queue is out of reach: %s", type(error).__name__)
            stopping.wait(PAUSE_AFTER_FAILURE)
            return nothing

    def execute(self, task: Task, timestamp: Any = None) -> Any:
        # What goes wrong in a task itself is told by huey, and does not come up to here.
        with self.app.app_context():
            work = partial(super().execute, task, timestamp)
            return self._if_it_is_there(work, None)


def storage_for(settings: Settings) -> Any:
    """Redis if there is one, else the server of the database, else a file beside it."""
    redis_url = settings.redis_url.get_secret_value()
    if redis_url:
        pool = ConnectionPool.from_url(redis_url, **REDIS)
        # No answer may take longer than the patience above: so ask, and do not wait.
        return RedisStorage(
            SITE_NAME, blocking=False, connection_pool=pool, clean_name=False
        )
    url = with_driver(make_url(settings.database_url.get_secret_value()))
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "").with_name("tasks.sqlite3")
        return SqliteStorage(SITE_NAME, filename=str(file), create_tables=False)
    return SchemaStorage(
        SITE_NAME, connection=partial(_connect, url), create_tables=False
    )


class SchemaStorage(PostgresStorage):
    """Tables in a schema of their own: migrations look at ours only."""

    def initialize_schema(self) -> None:
        with self.connection() as connection:
            # Of two at the same time `IF NOT EXISTS` would let one fail.
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('huey'))")
            connection.execute("CREATE SCHEMA IF NOT EXISTS huey")
            for statement in self.ddl:
                connection.execute(statement)


def _connect(url: URL) -> Any:
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return Connection.connect(dsn, connect_timeout=2, options="-c search_path=huey")


huey = Queue()
