"""Says to a server what no browser would say, byte by byte."""

import socket
from contextlib import closing, suppress
from http.client import HTTPResponse
from time import perf_counter

from headstart.proof.page import Page

from .always import check_answer
from .deployments import Deployment

PATIENCE = 10


def open_line(deployment: Deployment) -> socket.socket:
    """Return a fresh connection."""
    return socket.create_connection(("127.0.0.1", deployment.port), timeout=PATIENCE)


def head(deployment: Deployment, first_line: str, *lines: str) -> bytes:
    """Return the head of a request as the proxy passes it on."""
    host = deployment.site.partition("://")[2]
    usual = [f"Host: {host}", "X-Forwarded-Proto: https"]
    given = {line.partition(":")[0].lower() for line in lines}
    kept = [line for line in usual if line.partition(":")[0].lower() not in given]
    return "\r\n".join([first_line, *kept, *lines, "", ""]).encode("latin-1")


def read_answer(line: socket.socket, method: str = "GET", path: str = "/") -> Page:
    """Read one answer, however the server closes the connection."""
    body = b""
    with closing(HTTPResponse(line, method=method)) as answer:
        answer.begin()
        with suppress(OSError):
            body = answer.read()
    return Page(f"https://wire{path}", method, answer.status, answer.headers, body, 0)


def say(deployment: Deployment, data: bytes) -> Page:
    """Send bytes, and return the answer, held to what is always true."""
    method, path = data.decode("latin-1").split(" ")[:2]
    started = perf_counter()
    with open_line(deployment) as line:
        with suppress(BrokenPipeError, ConnectionResetError):
            line.sendall(data)
        page = read_answer(line, method, path)
    assert perf_counter() - started < PATIENCE
    check_answer(page, data.decode("latin-1"), deployment.secrets, reached=has_reached(page))
    return page


def has_reached(page: Page) -> bool:
    """Say whether the project itself has answered, and not the server before it.

    What is no HTTP at all the server refuses in its own words, and no project
    hears of it.
    """
    return "X-Request-ID" in page.headers
