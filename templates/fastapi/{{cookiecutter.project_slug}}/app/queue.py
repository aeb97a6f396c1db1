"""The queue of work for the background: what carries its messages.

https://huey.readthedocs.io/en/latest/
"""

import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from huey import Huey
from huey.serializer import SignedSerializer
from huey.storage import PostgresStorage, RedisStorage, SqliteStorage
from sqlalchemy import make_url

from app.settings import PROJECT, Settings, load_settings

# Set when the process has to end: long work looks at it, and stops where it can go on.
stopping = threading.Event()
# After a failure a worker leaves the queue alone for so long, in seconds.
PAUSE_AFTER_FAILURE = 5

logger = logging.getLogger(__name__)


class Queue(Huey):  # type: ignore[misc]  # it has no types
    """What carries the messages may be away for a while: then a worker waits for it."""

    is_prepared = False

    def prepare(self) -> None:
        """Make the tables that messages are kept in, before the first one is sent."""
        if self.is_prepared:
            return
        if isinstance(self.storage, SqliteStorage):
            self.storage.filename.parent.mkdir(parents=True, exist_ok=True)
            self.storage.initialize_schema()
        elif isinstance(self.storage, PostgresStorage):
            with self.storage.db(commit=True) as cursor:
                _make_tables(cursor, self.storage.ddl)
        self.is_prepared = True

    def dequeue(self) -> Any:
        return self._if_it_is_there(super().dequeue)

    def read_schedule(self, timestamp: Any = None) -> Any:
        return self._if_it_is_there(partial(super().read_schedule, timestamp)) or []

    def execute(self, task: Any, timestamp: Any = None) -> Any:
        # Errors of the task itself do not come as far as this.
        return self._if_it_is_there(partial(super().execute, task, timestamp))

    def _if_it_is_there(self, function: Callable[[], Any]) -> Any:
        try:
            return function()
        except Exception as error:  # each storage has exceptions of its own
            logger.warning("The queue is away: %s", type(error).__name__)
            stopping.wait(PAUSE_AFTER_FAILURE)
            return None


def _make_tables(cursor: Any, statements: list[str]) -> None:
    """One process at a time: PostgreSQL's `IF NOT EXISTS` is not made for several."""
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext('huey'))")
    cursor.execute("SELECT to_regnamespace('huey')")
    if cursor.fetchone() == (None,):
        cursor.execute("CREATE SCHEMA huey")
    for statement in statements:
        cursor.execute(statement)


def storage_for(settings: Settings) -> dict[str, Any]:
    """Redis if there is one, else the server of the database, else a file beside it."""
    redis_url = settings.redis_url.get_secret_value()
    if redis_url:
        return {"storage_class": RedisStorage, "url": redis_url, "clean_name": False}
    url = make_url(settings.database_url.get_secret_value())
    if url.get_backend_name() == "sqlite":
        file = (PROJECT / (url.database or "var/db")).with_name("tasks.sqlite3")
        storage = {"storage_class": SqliteStorage, "filename": file}
    else:
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        connect = partial(_connect, dsn)
        storage = {"storage_class": PostgresStorage, "connection": connect}
    return storage | {"create_tables": False}


def _connect(dsn: str) -> Any:
    """A connection that keeps to a schema of its own: migrations look at ours only."""
    import psycopg

    connection = psycopg.connect(dsn, autocommit=True, connect_timeout=5)
    connection.execute("SET search_path TO huey")
    return connection


def queue_for(settings: Settings) -> Any:
    # Messages are pickled: without the signature, who writes to Redis could run code.
    secret = settings.secret_key.get_secret_value()
    serializer = SignedSerializer(secret)
    storage = storage_for(settings)
    return Queue(settings.origin, results=False, serializer=serializer, **storage)


huey = queue_for(load_settings())
