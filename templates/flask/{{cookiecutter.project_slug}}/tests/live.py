"""Somebody who listens to live updates, as a program or a browser would."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.parser import BytesHeaderParser
from threading import Thread
from typing import Any

from flask import Flask
from websockets.sync.client import ClientConnection, connect

HOST = "example.test"


@contextmanager
def listening(
    app: Flask, headers: dict[str, str] | None = None
) -> Iterator[ClientConnection]:
    """Connect to the application, without a server: it gets one end of a connection."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        here = socket.create_connection(door.getsockname())
        there, _ = door.accept()
    thread = Thread(target=_serve, args=[app, there])
    thread.start()
    try:
        with connect(
            f"ws://{HOST}/ws/products", sock=here, additional_headers=headers
        ) as client:
            yield client
    finally:
        here.close()
        thread.join()


def _serve(app: Flask, there: socket.socket) -> None:
    """What a server does: read the request, answer it unless it was answered."""
    with there:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += there.recv(1)
        request, _, lines = head.partition(b"\r\n")
        headers = BytesHeaderParser().parsebytes(lines)
        with suppress(StopIteration):
            answer = app.test_client().get(
                request.split()[1].decode(),
                base_url=f"https://{HOST}",
                headers=list(headers.items()),
                environ_overrides={"gunicorn.socket": there},
            )
            assert answer.status_code != 101, "There would be an answer after the end"
            there.sendall(f"HTTP/1.1 {answer.status}\r\n\r\n".encode())


def heard(client: ClientConnection) -> dict[str, Any]:
    """The next message."""
    message: dict[str, Any] = json.loads(client.recv(timeout=5))
    return message


def hears_nothing(client: ClientConnection) -> bool:
    with suppress(TimeoutError):
        client.recv(timeout=0.2)
        return False
    return True
