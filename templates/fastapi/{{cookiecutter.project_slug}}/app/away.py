"""Tells a database that is away, or has no room left, from a mistake of ours.

Whoever asks is answered 503 and may come again; whoever runs the site finds a line in
the log that says what to do, in place of a traceback.
"""

import logging
import sqlite3

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

COME_AGAIN = 5  # seconds

# https://www.postgresql.org/docs/current/errcodes-appendix.html
CLASSES = {"08", "53", "57", "58"}
# https://www.sqlite.org/rescode.html
CODES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
}


def is_away(error: BaseException | None) -> bool:
    if isinstance(error, NoConnectionLeft):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code: int | None = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in CODES  # the rest of it is a detail
    state: str | None = getattr(error.orig, "sqlstate", None)
    if state:
        return state[:2] in CLASSES
    return error.connection_invalidated or isinstance(error, OperationalError)


class InOneSentence(logging.Filter):
    """Says what is wrong with the database, where a traceback would say where we were."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if is_away(error):
            record.msg = f"{record.getMessage()}: {advice(error)}"
            record.args = record.exc_info = None
        return True


def advice(error: BaseException | None) -> str:
    """What the database said, and where to look."""
    said = str(getattr(error, "orig", None) or error or "").strip().splitlines()
    return (
        f"{' '.join(said[:1]) or type(error).__name__}."
        " Does the database run, can it be reached, and is there space on its disk?"
    )
