"""Runs the site in a few threads, apart from those that wait for slow clients.

Each thread that runs Django keeps a connection to the database. So there are few of
them, and the server has others for those who send or read slowly: a thread gets a
request when all of it is there, and is done with the answer before any of it is sent.
"""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.conf import settings

from config.proxies import Application, Environ, StartResponse

# For each worker process. More of them would only be in each other's way: with eight, a
# list of products is served a fifth slower.
THREADS = 4
# So many clients may be slow. Threads that nobody needs are never started.
SPARE = 200
# How many seconds the next piece of a body may take to come
PATIENCE = 30


@dataclass
class Answer:
    status: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    parts: Iterable[bytes] = ()


TOO_SLOW = Answer(
    "408 Request Timeout", [("Connection", "close"), ("Content-Length", "0")]
)


class Threads:
    """WSGI middleware that hands requests on to threads of its own."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.executor = ThreadPoolExecutor(THREADS, thread_name_prefix="requests")
        # Whether the process lives is told also when all others wait for the database.
        self.health = ThreadPoolExecutor(1, thread_name_prefix="health")

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        try:
            receive_body(environ)
        except OSError:  # nothing came for so long, or the client is gone
            answer = TOO_SLOW
        else:
            answer = self.submit(environ).result()
        start(answer.status, answer.headers)
        return answer.parts

    def submit(self, environ: Environ) -> Future[Answer]:
        is_health = environ["PATH_INFO"] == "/healthz"
        executor = self.health if is_health else self.executor
        return executor.submit(copy_context().run, self.run, environ)

    def run(self, environ: Environ) -> Answer:
        answer = Answer()

        def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
            answer.status, answer.headers = status, headers

        parts = self.application(environ, start)
        if isinstance(parts, environ.get("wsgi.file_wrapper", ())):
            answer.parts = parts  # the server reads a file while it sends it
            return answer
        try:
            answer.parts = [b"".join(parts)]
        finally:
            getattr(parts, "close", lambda: None)()
        return answer


def receive_body(environ: Environ) -> None:
    """Wait for a body, unless it says itself that it is too large."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or len(length) > 18 or int(length) > most:
        return
    client = environ.get("gunicorn.socket")
    if client:
        client.settimeout(PATIENCE)
    try:
        # One more than it may have: then it is seen to be too large. The input of other
        # servers does not end by itself.
        has_end = environ.get("wsgi.input_terminated")
        body = environ["wsgi.input"].read(most + 1 if has_end else int(length))
    finally:
        if client:
            client.settimeout(None)
    environ["wsgi.input"] = BytesIO(body)
