"""Logs: lines for people in development, JSON for machines, a number on each request."""

import json
import logging
import re
import secrets
import time
from contextvars import ContextVar
from typing import Any
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import Settings

logger = logging.getLogger("app.requests")
request_id: ContextVar[str] = ContextVar("request_id", default="-")

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,}")
# An answer begins with one of these; the second one opens a WebSocket.
STARTS = {"http.response.start", "websocket.accept", "websocket.http.response.start"}
_FACTS = ("method", "path", "status", "milliseconds")


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id.get(),
        }
        entry |= {name: value for name, value in vars(record).items() if name in _FACTS}
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry)


class LineFormatter(logging.Formatter):
    """The same for people."""

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = request_id.get()
        return super().format(record)


def logging_config(settings: Settings) -> dict[str, Any]:
    """What uvicorn hands to `logging.config.dictConfig` in each of its processes."""
    line = "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": "app.logs.LineFormatter", "format": line},
            "json": {"()": "app.logs.JsonFormatter"},
        },
        "filters": {"database": {"()": "app.away.InOneSentence"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "filters": ["database"],
                "formatter": "line" if settings.debug else "json",
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        # Not of the libraries: some of them would write down what goes through them.
        "loggers": {
            "app": {"level": settings.log_level},
            "uvicorn": {"level": settings.log_level},
        },
    }


class RequestLogMiddleware:
    """Gives each request a number, and writes one line about it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        given = Headers(scope=scope).get("x-request-id", "")
        number = given if _ID.fullmatch(given) else secrets.token_hex(8)
        request_id.set(number)
        status = 500
        start = end = time.perf_counter()

        async def numbered(message: Message) -> None:
            nonlocal status, end
            if message["type"] in STARTS:
                status = message.get("status", 101)
                MutableHeaders(scope=message)["X-Request-ID"] = number
            await send(message)
            # What is left for after the answer does not count.
            end = time.perf_counter()

        try:
            await self.app(scope, receive, numbered)
        finally:
            milliseconds = round((end - start) * 1000, 1)
            facts = (scope.get("method", "GET"), pattern(scope), status, milliseconds)
            logger.info(
                "%s %s %s %s ms", *facts, extra=dict(zip(_FACTS, facts, strict=True))
            )


def pattern(scope: Scope) -> str:
    """The path as the route has it: a token in an address is never written down."""
    route = getattr(scope.get("route"), "path", "")
    return route or _TOKEN.sub("{token}", quote(scope["path"]))
