"""One line for each request, with an id that the answer carries too.

In development the lines are made for reading, else each is a JSON object. The tokens of
mailed links are as good as passwords, so they never appear in a log.
"""

import json
import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path

Handler = Callable[[HttpRequest], HttpResponse]

USABLE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
TOKEN = re.compile(r"((?:/register/confirm|/password-reset|/account/email)/)[\w-]{20,}")

LEVELS = ("INFO", "DEBUG", "WARNING", "ERROR")

request_id = ContextVar("request_id", default="-")
logger = logging.getLogger("requests")


def requests(get_response: Handler) -> Handler:
    """Give each request an id, and write down what became of it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        wanted = request.headers.get("X-Request-ID", "")
        request_id.set(wanted if USABLE_ID.fullmatch(wanted) else uuid4().hex)
        response = get_response(request)
        response.headers["X-Request-ID"] = request_id.get()
        fields = {
            "method": request.method,
            "path": TOKEN.sub(r"\1{token}", escape_uri_path(request.path)),
            "status": response.status_code,
            "milliseconds": round(1000 * (time.perf_counter() - start)),
        }
        message = "%(method)s %(path)s %(status)s %(milliseconds)s ms"
        logger.info(message, fields, extra={"fields": fields})
        return response

    return middleware


class ReadableFormatter(logging.Formatter):
    """For a person who watches a terminal."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        line = TOKEN.sub(r"\1{token}", super().format(record))
        return f"{line} [{request_id.get()}]"


class JsonFormatter(logging.Formatter):
    """For a machine that collects the logs: one object a line."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return TOKEN.sub(r"\1{token}", json.dumps(entry, default=str))


def configuration(level: str, *, readable: bool) -> dict[str, Any]:
    """Return what `logging.config.dictConfig` takes."""
    formatter = ReadableFormatter if readable else JsonFormatter
    quiet: dict[str, Any] = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": f"config.logs.{formatter.__name__}"}},
        "filters": {"database": {"()": "config.away.InOneSentence"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "filters": ["database"],
                "formatter": "lines",
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": quiet,
            # Refused requests have their line above; what is left are our own faults.
            "django.request": quiet | {"level": "ERROR"},
            "django.security": quiet | {"level": "CRITICAL"},
            "django.server": quiet | {"level": "ERROR"},
            "gunicorn.error": quiet,
            # It warns of each HEAD, whose body it leaves out, as it should.
            "gunicorn.http": {"level": "ERROR"},
        },
    }
