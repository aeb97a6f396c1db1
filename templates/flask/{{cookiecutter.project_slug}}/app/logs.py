"""Logs: lines for people in development, JSON for machines, a number on each request."""

import json
import logging
import logging.config
import re
import secrets
import time
from contextvars import ContextVar
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, g, request

from app.away import InOneSentence
from app.settings import Settings

logger = logging.getLogger("app.requests")
request_id: ContextVar[str] = ContextVar("request_id", default="-")

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# Links, sessions and their like: what `secrets.token_urlsafe(32)` returns.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43,}")
_FACTS = ("method", "path", "status", "milliseconds")


def without_tokens(text: str) -> str:
    return _TOKEN.sub("{token}", text)


class LineFormatter(logging.Formatter):
    """A line for people, in which no token is ever written down."""

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = request_id.get()
        return without_tokens(super().format(record))


class JsonFormatter(logging.Formatter):
    """The same as one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_tokens(record.getMessage()),
            "request_id": request_id.get(),
        }
        entry |= {name: value for name, value in vars(record).items() if name in _FACTS}
        if record.exc_info:
            entry["exception"] = without_tokens(self.formatException(record.exc_info))
        return json.dumps(entry)


def logging_config(settings: Settings) -> dict[str, Any]:
    """What `logging.config.dictConfig` takes, here and in gunicorn.conf.py."""
    line = "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": LineFormatter, "format": line},
            "json": {"()": JsonFormatter},
        },
        "filters": {"database": {"()": InOneSentence}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "filters": ["database"],
                "formatter": "line" if settings.debug else "json",
            }
        },
        "root": {"handlers": ["stderr"], "level": settings.log_level},
        "loggers": {
            "gunicorn.error": {"handlers": [], "propagate": True},
            # Its lines have tokens in them; `finish_request` writes one that has not.
            "gunicorn.access": {"handlers": [], "propagate": False},
        },
    }


def init_app(app: Flask, settings: Settings) -> None:
    logging.config.dictConfig(logging_config(settings))
    logging.getLogger("werkzeug").addFilter(is_no_request)
    app.before_request(start_request)
    app.after_request(finish_request)


def is_no_request(record: logging.LogRecord) -> bool:
    """Keep out the development server's own lines for requests: tokens are in them."""
    return " HTTP/1." not in record.getMessage()


def start_request() -> None:
    given = request.headers.get("X-Request-ID", "")
    request_id.set(given if _ID.fullmatch(given) else secrets.token_hex(8))
    g.started = time.perf_counter()


def finish_request(response: Response) -> Response:
    response.headers["X-Request-ID"] = request_id.get()
    rule = request.url_rule
    path = rule.rule if rule else without_tokens(quote(request.path))
    milliseconds = round((time.perf_counter() - g.started) * 1000, 1)
    facts = (request.method, path, response.status_code, milliseconds)
    logger.info("%s %s %s %s ms", *facts, extra=dict(zip(_FACTS, facts, strict=True)))
    return response
