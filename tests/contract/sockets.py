"""A program that listens to live updates."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from .deployments import Deployment

# A second is promised. Two other tests may be at work on the same two cores.
WITHIN = 3.0


@contextmanager
def listen(
    deployment: Deployment, origin: str | None = None, **more: str
) -> Iterator[ClientConnection]:
    """Open a connection as the proxy passes it on, and wait until the server knows it."""
    host = deployment.site.partition("://")[2]
    line = socket.create_connection(("127.0.0.1", deployment.port), timeout=10)
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.9.8.7"} | more
    with connect(
        f"ws://{host}/ws/products",
        sock=line,
        origin=origin,  # type: ignore[arg-type]
        additional_headers=headers,
        compression=None,
        open_timeout=10,
        close_timeout=2,
    ) as opened:
        opened.ping().wait(5)
        yield opened


def next_event(connection: ClientConnection, within: float = WITHIN) -> dict[str, Any]:
    """Return the next message."""
    message = connection.recv(timeout=within)
    assert isinstance(message, str)
    event: dict[str, Any] = json.loads(message)
    assert event.keys() == {"event", "product"}
    return event


def event_about(connection: ClientConnection, name: str, within: float = WITHIN) -> dict[str, Any]:
    """Return the next message about a product of this name, whoever else is busy."""
    end = time.monotonic() + within
    while True:
        event = next_event(connection, max(0.0, end - time.monotonic()))
        if event["product"]["name"] == name:
            return event


def is_silent(connection: ClientConnection, name: str, seconds: float = 0.7) -> bool:
    """Say whether nothing comes about a product of this name."""
    with suppress(TimeoutError):
        event_about(connection, name, seconds)
        return False
    return True


def code_of(connection: ClientConnection, within: float = 10) -> int | None:
    """Wait until the server closes the connection, and return the code that it gave."""
    end = time.monotonic() + within
    with suppress(ConnectionClosed):
        while time.monotonic() < end:
            connection.recv(timeout=end - time.monotonic())
    return connection.close_code
