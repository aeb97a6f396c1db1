"""Who sends slowly, or waits for the database, does not hold up others."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from threading import Event
from typing import Any

import pytest

from config import threads
from config.proxies import Environ, StartResponse


def echo(environ: Environ, start: StartResponse) -> list[bytes]:
    start("200 OK", [])
    return [environ["wsgi.input"].read()]


def request(path: str = "/", body: bytes = b"") -> Environ:
    length = str(len(body))
    return {"PATH_INFO": path, "CONTENT_LENGTH": length, "wsgi.input": BytesIO(body)}


def nothing(*_: Any) -> None:
    """Take the beginning of an answer."""


@contextmanager
def half_a_body() -> Iterator[Environ]:
    """Return a request whose other half never comes."""
    client, server = socket.socketpair()
    with client, server, server.makefile("rb") as body:
        client.sendall(b"half")
        yield request() | {
            "CONTENT_LENGTH": "9",
            "gunicorn.socket": server,
            "wsgi.input": body,
        }


def test_requests_wait_for_each_other_and_health_does_not() -> None:
    enough, began = Event(), []

    def busy(environ: Environ, start: StartResponse) -> list[bytes]:
        if environ["PATH_INFO"] != "/healthz":
            began.append(environ)
            enough.wait(10)
        return echo(environ, start)

    site = threads.Threads(busy)
    with ThreadPoolExecutor() as clients:
        for _ in range(threads.THREADS + 1):
            clients.submit(site, request(), nothing)
        try:
            assert site(request("/healthz"), nothing) == [b""]
            assert len(began) <= threads.THREADS
        finally:
            enough.set()
    assert len(began) == threads.THREADS + 1


def test_who_sends_slowly_takes_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    site = threads.Threads(echo)
    with half_a_body() as slow, ThreadPoolExecutor() as clients:
        monkeypatch.setattr(threads, "PATIENCE", 0.5)
        monkeypatch.setattr(site, "executor", ThreadPoolExecutor(1))
        waiting = clients.submit(site, slow, nothing)
        assert site(request(body=b"quick"), nothing) == [b"quick"]
        assert not waiting.done()


def test_a_body_that_does_not_come_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threads, "PATIENCE", 0.1)
    seen: list[str] = []
    with half_a_body() as slow:
        threads.Threads(echo)(slow, lambda status, _: seen.append(status))
    assert seen == ["408 Request Timeout"]


def test_no_more_is_read_than_the_body_has() -> None:
    environ = request(body=b"a=b")
    environ["wsgi.input"] = BytesIO(b"a=b" + b"GET / HTTP/1.1")
    threads.receive_body(environ)
    assert environ["wsgi.input"].read() == b"a=b"
