"""PostgreSQL, and how long a request waits for it: for a few seconds at most.

A server that is frozen, or behind a network that swallows everything, says nothing:
limits of the server's own, such as `statement_timeout`, are of no use then.
https://docs.djangoproject.com/en/5.2/ref/databases/#subclassing-the-built-in-database-backends
"""

import select
import time
from types import SimpleNamespace
from typing import Any, ClassVar, Self

import psycopg
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from config.logs import request_id

# In seconds: whoever asks for a page is to have one, of whatever kind, within five.
LONGEST_STATEMENT = 3
# When it does not answer, nobody else waits for it this long: threads are few.
PAUSE = 1


class Connection(psycopg.Connection[Any]):
    """A connection that gives up, if somebody waits for an answer of ours."""

    silent_until: ClassVar[float] = 0

    @classmethod
    def connect(cls, *args: Any, **kwargs: Any) -> Self:
        if time.monotonic() < Connection.silent_until:
            raise psycopg.OperationalError("it did not answer a moment ago")
        try:
            return super().connect(*args, **kwargs)
        except psycopg.errors.ConnectionTimeout:  # to be refused costs no time
            cls._leave_it_alone()
            raise

    def wait(
        self, gen: Any, interval: float = 0.1, timeout: float | None = None
    ) -> Any:
        # Commands, migrations and workers have all the time that they need.
        limit = LONGEST_STATEMENT if request_id.get() != "-" else None
        try:
            return super().wait(gen, interval, timeout or limit)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self._leave_it_alone()
                self.close()  # nobody knows what it will answer, and when
            raise

    @classmethod
    def _leave_it_alone(cls) -> None:
        Connection.silent_until = time.monotonic() + PAUSE


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, which connects by what is called `connect` here."""

    Database = SimpleNamespace(  # type: ignore[assignment]
        **vars(psycopg) | {"connect": Connection.connect}
    )

    def is_usable(self) -> bool:
        """Ask the database only if it has something to say: that it is gone, perhaps.

        To ask it before each request would take as long as some of the requests.
        https://www.psycopg.org/psycopg3/docs/advanced/async.html#detecting-disconnections
        """
        if self.connection is None or self.connection.closed:
            return False
        return not _speaks(self.connection) or super().is_usable()


def _speaks(connection: Any) -> bool:
    ears = select.poll()
    ears.register(connection, select.POLLIN)
    return bool(ears.poll(0))
