"""How many requests run at the same time, and how many clients may be slow meanwhile.

Whoever sends a request slowly, or reads the answer slowly, holds one of the server's
threads, but nobody's place. Of threads there are many; those that run the application
wait for each other, because more at a time would not be served sooner.
"""

from collections.abc import Iterable
from io import BytesIO
from threading import BoundedSemaphore
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

from app.security import MAX_BODY
from app.settings import Settings

# For each worker process
REQUESTS = 4
# So many clients may be slow. Threads that nobody needs are never started.
SPARE = 200
# How many seconds the next piece of a body may take to come
PATIENCE = 30
# Whether the process lives is told also when all requests wait for the database.
# Features add what else needs no place.
UNCOUNTED = {"/healthz"}


class FewAtATime:
    """WSGI middleware for all requests that take one of the places."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app
        self.places = BoundedSemaphore(REQUESTS)

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        if environ["PATH_INFO"] in UNCOUNTED:
            return self.app(environ, start_response)
        receive_body(environ)
        with self.places:
            return self.app(environ, start_response)


def init_app(app: Flask, settings: Settings) -> None:
    app.wsgi_app = FewAtATime(app.wsgi_app)  # type: ignore[method-assign]  # as Flask documents it


def receive_body(environ: WSGIEnvironment) -> None:
    """Wait for a body, unless it says itself that it is too large."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MAX_BODY:
        return
    client = environ.get("gunicorn.socket")
    if client:
        client.settimeout(PATIENCE)
    try:
        # One more than it may have: then it is seen to be too large. The development
        # server's input does not end by itself, so that it would wait for ever.
        has_end = environ.get("wsgi.input_terminated")
        body = environ["wsgi.input"].read(MAX_BODY + 1 if has_end else int(length))
    except OSError:  # the client is gone: Flask sees that something is missing
        body = b""
    finally:
        if client:
            client.settimeout(None)
    environ["wsgi.input"] = BytesIO(body)
