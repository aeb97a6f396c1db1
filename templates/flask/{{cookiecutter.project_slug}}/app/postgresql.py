"""PostgreSQL, and how long a request waits for it: for a few seconds at most.

A server that is frozen, or behind a network that swallows everything, says nothing:
limits of the server's own, such as `statement_timeout`, are of no use then.
"""

import time
from typing import Any, ClassVar, Self

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event

from app.logs import request_id

# In seconds: whoever asks for a page is to have one, of whatever kind, within five.
LONGEST_CONNECT = 2
LONGEST_STATEMENT = 3
# When it does not answer, nobody else waits for it this long: threads are few.
PAUSE = 1

OPTIONS: dict[str, Any] = {
    # The values of a statement stay out of error messages, and so out of the logs.
    "hide_parameters": True,
    # A connection that died with a restart of the database is replaced.
    # https://docs.sqlalchemy.org/en/21/core/pooling.html#disconnect-handling-pessimistic
    "pool_pre_ping": True,
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


def _connect(_: object, __: object, args: list[Any], kwargs: Any) -> Connection:
    return Connection.connect(*args, **kwargs)
