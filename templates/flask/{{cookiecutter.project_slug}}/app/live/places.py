"""How many may listen, so that pages are served as without them.

Each listener holds one of the server's threads. They get threads of their own, and
requests for pages wait for each other as they would have done before.
"""

from collections.abc import Iterable
from threading import BoundedSemaphore
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

ADDRESS = "/ws/products"
# For each worker process. An idle listener costs about 100 kB of memory.
SOCKETS = 100
# Whoever comes beyond them is sent away, which takes a thread for a moment.
SPARE = 8
REQUESTS = 4


class FewAtATime:
    """WSGI middleware for all requests that are not about to listen."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app
        self.places = BoundedSemaphore(REQUESTS)

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        if environ["PATH_INFO"] == ADDRESS:
            return self.app(environ, start_response)
        with self.places:
            return self.app(environ, start_response)
