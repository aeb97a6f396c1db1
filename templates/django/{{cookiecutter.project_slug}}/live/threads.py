"""Runs the site, whose views are synchronous, in its threads beside the event loop.

Django's own ASGI handler would start a thread for every request, and with it a new
connection to the database. Those of `config.threads` stay, and keep their connections.
Slow clients wait in the event loop.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings

from config.proxies import Environ
from config.threads import TOO_SLOW, Answer, Threads

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

# How many seconds a body may take to arrive
PATIENCE = 30
HANDSHAKE = "live.handshake"
SCHEMES = {"ws": "http", "wss": "https"}


class OverASGI:
    """The site for an ASGI server.

    https://asgi.readthedocs.io/en/latest/specs/www.html#wsgi-compatibility
    """

    def __init__(self, site: Threads) -> None:
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                body = await read(scope, receive)
        except (TimeoutError, asyncio.CancelledError):  # or the server ends
            answer = TOO_SLOW
        else:
            if body is None:
                return  # the client is gone
            answer = await self.answer(scope, body)
        await send({"type": "http.response.start"} | start_of(answer))
        await send({"type": "http.response.body", "body": b"".join(answer.parts)})

    async def answer(self, scope: Scope, body: bytes = b"") -> Answer:
        return await asyncio.wrap_future(self.site.submit(environ_of(scope, body)))


def start_of(answer: Answer) -> dict[str, Any]:
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in answer.headers
    ]
    return {"status": int(answer.status.split(" ", 1)[0]), "headers": headers}


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
