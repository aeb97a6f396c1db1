"""PostgreSQL, and how long a request waits for it: for a few seconds at most.

A server that is frozen, or behind a network that swallows everything, says nothing:
limits of the server's own, such as `statement_timeout`, are of no use then.
"""

import asyncio
import time
from typing import Any

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import event
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

# In seconds: whoever asks for a page is to have one, of whatever kind, within five.
LONGEST_CONNECT = 2
LONGEST_STATEMENT = 3
LONGEST_FAREWELL = 0.2
# When it does not answer, nobody else waits for a new connection this long.
PAUSE = 1


class Connection(asyncpg.Connection):  # type: ignore[misc]  # it has no types
    async def close(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Say goodbye, but not for long: asyncpg would wait for what it cancelled."""
        async with asyncio.timeout(LONGEST_FAREWELL):
            await super().close(timeout=timeout)


def options(longest_statement: float | None) -> dict[str, Any]:
    return {
        # The values of a statement stay out of error messages, and so out of the logs.
        "hide_parameters": True,
        # No more than these: to connect for one request and to leave again costs more
        # than to wait for a moment.
        "pool_size": 10,
        "max_overflow": 0,
        # A crowd waits longer than it should, but is answered: what is frozen is noticed
        # by `prepare`, and nobody waits for it.
        "pool_timeout": 10,
        "connect_args": {
            "connection_class": Connection,
            "timeout": LONGEST_CONNECT,
            "command_timeout": longest_statement,
        },
    }


def prepare(engine: AsyncEngine) -> None:
    """Let an engine notice silence, which asyncpg tells of in Python's own errors."""
    silent_until = 0.0

    @event.listens_for(engine.sync_engine, "do_connect")
    def connect(dialect: Dialect, _: object, args: Any, kwargs: Any) -> Any:
        nonlocal silent_until
        away = dialect.loaded_dbapi.OperationalError
        if time.monotonic() < silent_until:
            raise away("it did not answer a moment ago")
        try:
            return dialect.connect(*args, **kwargs)
        except OSError as error:
            if isinstance(error, TimeoutError):  # to be refused costs no time
                silent_until = time.monotonic() + PAUSE
            raise away(str(error) or "it does not answer") from error

    @event.listens_for(engine.sync_engine, "checkout")
    def replace_if_closed(connection: Any, *_: object) -> None:
        """Hand out no connection that died with a restart of the database.

        asyncpg hears of that by itself. To ask the database, as `pool_pre_ping` does,
        would double what is sent to and fro for a page.
        https://docs.sqlalchemy.org/en/21/core/pooling.html#custom-legacy-pessimistic-ping
        """
        if connection.driver_connection.is_closed():
            raise DisconnectionError

    @event.listens_for(engine.sync_engine, "handle_error")
    def notice(context: ExceptionContext) -> Exception | None:
        """Call it what it is: others may raise a `TimeoutError` too."""
        nonlocal silent_until
        if not isinstance(context.original_exception, TimeoutError):
            return None
        silent_until = time.monotonic() + PAUSE
        context.is_disconnect = True  # nobody knows what it will answer, and when
        return OperationalError(context.statement, None, TimeoutError("no answer"))
