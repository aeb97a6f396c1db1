"""Who sends slowly, or waits for the database, does not hold up others."""

import socket
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from threading import BoundedSemaphore, Event
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from app import places
from app.places import FewAtATime


def echo(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    start("200 OK", [])
    return [environ["wsgi.input"].read()]


def request(path: str = "/", body: bytes = b"") -> WSGIEnvironment:
    length = str(len(body))
    return {"PATH_INFO": path, "CONTENT_LENGTH": length, "wsgi.input": BytesIO(body)}


def nothing(*_: Any) -> Any:
    """Take the beginning of an answer."""


@contextmanager
def half_a_body() -> Iterator[WSGIEnvironment]:
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

    def busy(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/healthz":
            began.append(environ)
            enough.wait(10)
        return echo(environ, start)

    site = FewAtATime(busy)
    with ThreadPoolExecutor(places.REQUESTS + 1) as clients:
        for _ in range(places.REQUESTS + 1):
            clients.submit(site, request(), nothing)
        try:
            assert site(request("/healthz"), nothing) == [b""]
            assert len(began) <= places.REQUESTS
        finally:
            enough.set()
    assert len(began) == places.REQUESTS + 1


def test_who_sends_slowly_takes_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "PATIENCE", 0.5)
    site = FewAtATime(echo)
    monkeypatch.setattr(site, "places", BoundedSemaphore(1))
    with half_a_body() as slow, ThreadPoolExecutor() as clients:
        waiting = clients.submit(site, slow, nothing)
        assert site(request(body=b"quick"), nothing) == [b"quick"]
        assert not waiting.done()


def test_a_body_that_does_not_come_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(places, "PATIENCE", 0.1)
    with half_a_body() as slow:
        assert FewAtATime(echo)(slow, nothing) == [b""]


def test_no_more_is_read_than_the_body_has() -> None:
    environ = request(body=b"a=b")
    environ["wsgi.input"] = BytesIO(b"a=b" + b"GET / HTTP/1.1")
    places.receive_body(environ)
    assert environ["wsgi.input"].read() == b"a=b"
