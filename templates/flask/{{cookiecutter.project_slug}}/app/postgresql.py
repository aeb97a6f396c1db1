"""PostgreSQL, and how long a request waits for it: for a few seconds at most.

A server that is frozen, or behind a network that swallows everything, says nothing:
limits of the server's own, such as `statement_timeout`, are of no use then.
"""

import select
import time
from typing import Any, ClassVar, Self

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

from app.logs import request_id

# In seconds: whoever asks for a page is to have one, of whatever kind, within five.
LONGEST_CONNECT = 2
LONGEST_STATEMENT = 3
# When it does not answer, nobody else waits for it this long: threads are few.
PAUSE = 1

OPTIONS: dict[str, Any] = {
    # The values of a statement stay out of error messages, and so out of the logs.
    "hide_parameters": True,
    "pool_timeout": 4,
    "connect_args": {"connect_timeout": LONGEST_CONNECT},
}


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


def prepare(engine: Engine) -> None:
    """Let an engine make such connections."""
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "checkout", _replace_if_closed)


def _connect(_: object, __: object, args: list[Any], kwargs: Any) -> Connection:
    return Connection.connect(*args, **kwargs)


def _replace_if_closed(connection: Connection, *_: object) -> None:
    """Hand out no connection that died with a restart of the database.

    One that nobody uses has nothing to say, but that it ends. To ask the database, as
    `pool_pre_ping` does, would take longer.
    https://www.psycopg.org/psycopg3/docs/advanced/async.html#detecting-disconnections
    """
    if connection.closed or _speaks(connection):
        raise DisconnectionError


def _speaks(connection: Connection) -> bool:
    ears = select.poll()
    ears.register(connection, select.POLLIN)
    return bool(ears.poll(0))
