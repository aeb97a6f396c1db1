"""How many may listen, so that pages are served as without them.

Each listener holds one of the server's threads. They get threads of their own, and
requests for pages wait for each other as they would have done before. Whoever sends the
body of a request slowly holds a thread too, but nobody's place.
"""

from collections.abc import Iterable
from io import BytesIO
from threading import BoundedSemaphore
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from app.security import MAX_BODY

ADDRESS = "/ws/products"
# For each worker process. An idle listener costs about 100 kB of memory.
SOCKETS = 100
# Whoever comes beyond them is sent away, which takes a thread for a moment.
# Slow clients hold some too. Threads that nobody needs are never started.
SPARE = 64
REQUESTS = 4
# How many seconds the next piece of a body may take to come
PATIENCE = 30
# Whether the process lives is told also when all requests wait for the database.
UNCOUNTED = {ADDRESS, "/healthz"}


class FewAtATime:
    """WSGI middleware for all requests that are not about to listen."""

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
