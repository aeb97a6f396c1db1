"""Runs the site, whose views are synchronous, in a few threads beside the event loop.

Django's own ASGI handler would start a thread for every request, and with it a new
connection to the database. Here the threads stay, and keep their connections. Slow
clients wait in the event loop: a thread gets a request when all of it is there, and is
done with the answer before any of it is sent.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings

from config.proxies import Application, Environ

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

THREADS = 8
# How many seconds a body may take to arrive
PATIENCE = 30
HANDSHAKE = "live.handshake"
SCHEMES = {"ws": "http", "wss": "https"}


@dataclass
class Answer:
    status: int = 500
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""


class Threads:
    """A WSGI application, for an ASGI server.

    https://asgi.readthedocs.io/en/latest/specs/www.html#wsgi-compatibility
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        self.executor = ThreadPoolExecutor(THREADS, thread_name_prefix="requests")
        # Whether the process lives is told also when all others wait for the database.
        self.health = ThreadPoolExecutor(1, thread_name_prefix="health")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                body = await read(scope, receive)
        except (TimeoutError, asyncio.CancelledError):  # or the server ends
            answer = Answer(HTTPStatus.REQUEST_TIMEOUT, ((b"connection", b"close"),))
        else:
            if body is None:
                return  # the client is gone
            answer = await self.answer(scope, body)
        start = {"status": answer.status, "headers": answer.headers}
        await send({"type": "http.response.start"} | start)
        await send({"type": "http.response.body", "body": answer.body})

    async def answer(self, scope: Scope, body: bytes = b"") -> Answer:
        loop, context = asyncio.get_running_loop(), copy_context()
        environ = environ_of(scope, body)
        is_health = scope["raw_path"] == b"/healthz"
        executor = self.health if is_health else self.executor
        return await loop.run_in_executor(executor, context.run, self.run, environ)

    def run(self, environ: Environ) -> Answer:
        answer = Answer()

        def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
            answer.status = int(status.split(" ", 1)[0])
            answer.headers = tuple(
                (name.lower().encode("latin-1"), value.encode("latin-1"))
                for name, value in headers
            )

        parts = self.application(environ, start)
        try:
            answer.body = b"".join(parts)
        finally:
            getattr(parts, "close", lambda: None)()
        return answer


async def read(scope: Scope, receive: Receive) -> bytes | None:
    """Return a body, or what it takes to see that it is too large."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    length = dict(scope["headers"]).get(b"content-length", b"0")
    if not length.isdigit() or len(length) > 18 or int(length) > most:
        return b""  # refused for its length
    body = bytearray()
    while len(body) <= most:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return bytes(body[: most + 1])


def environ_of(scope: Scope, body: bytes) -> Environ:
    scheme = scope["scheme"]
    server, port = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "REQUEST_METHOD": scope.get("method", "GET"),
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": scope["client"][0] if scope.get("client") else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": SCHEMES.get(scheme, scheme),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        HANDSHAKE: scope["type"] == "websocket",
    }
    for name, value in scope["headers"]:
        # With an underscore it would look like one of those that only proxies send.
        if b"_" not in name:
            add(environ, name.decode("latin-1"), value.decode("latin-1"))
    return environ


def add(environ: Environ, name: str, value: str) -> None:
    """Add a header; of one that comes several times, Django reads a list."""
    variable = name.upper().replace("-", "_")
    if variable not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        variable = f"HTTP_{variable}"
    separator = "; " if variable == "HTTP_COOKIE" else ","
    known = environ.get(variable)
    environ[variable] = value if known is None else f"{known}{separator}{value}"
