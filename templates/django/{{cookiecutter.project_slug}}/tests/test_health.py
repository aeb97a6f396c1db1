"""The probes, the logs and the proxies: what operation needs."""

import json
import logging
import sqlite3
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import OperationalError, transaction
from django.test import Client

from config import mail
from config.away import is_away
from config.logs import JsonFormatter, ReadableFormatter
from config.proxies import TrustedProxies
from tests.conftest import Browser

TOKEN = "stands-in-the-link-of-a-mail-" + "x" * 14


# Probes


def test_the_process_lives_even_without_its_database() -> None:
    response = Client().get("/healthz", headers={"Host": "10.0.0.7:8000"})
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_probes_are_only_asked(client: Browser, path: str) -> None:
    response = client.post(path)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.django_db
def test_the_process_is_ready_when_the_database_answers() -> None:
    response = Client().get("/readyz", headers={"Host": "10.0.0.7:8000"})
    assert response.status_code == 200
    assert response.json() == {"status": "ready"}


@pytest.mark.django_db
def test_without_its_database_it_is_alive_but_not_ready(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Gone:
        def copy(self) -> "Gone":
            return self

        def cursor(self) -> None:
            raise OperationalError("connection refused")

        def close(self) -> None:
            pass

    with monkeypatch.context() as context:
        context.setattr("config.health.connection", Gone())
        response = Client().get("/readyz")
        assert response.status_code == 503
        assert response.json() == {"status": "unavailable"}
    assert Client().get("/readyz").status_code == 200


@pytest.mark.parametrize(
    ("code", "expected"), [(sqlite3.SQLITE_FULL, True), (sqlite3.SQLITE_ERROR, False)]
)
def test_a_full_disk_is_told_from_a_mistake_of_ours(code: int, expected: bool) -> None:
    cause = sqlite3.OperationalError("what SQLite says")
    cause.sqlite_errorcode = code
    error = OperationalError("what SQLite says")
    error.__cause__ = cause
    assert is_away(error) is expected


# Logs


@pytest.mark.parametrize("wanted", ["abc-DEF_123", "x" * 64])
def test_a_request_keeps_its_id(client: Browser, wanted: str) -> None:
    response = client.get("/healthz", headers={"X-Request-ID": wanted})
    assert response["X-Request-ID"] == wanted


@pytest.mark.parametrize("wanted", ["", "x" * 65, "a b", "<b>", "ä"])
def test_a_request_gets_an_id_if_it_brings_no_usable_one(
    client: Browser, wanted: str
) -> None:
    first = client.get("/healthz", headers={"X-Request-ID": wanted})["X-Request-ID"]
    second = client.get("/healthz", headers={"X-Request-ID": wanted})["X-Request-ID"]
    assert wanted != first != second
    assert len(first) == 32


@pytest.mark.django_db
def test_one_line_for_each_request_and_no_token_in_it(
    client: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client.get(f"/password-reset/{TOKEN}?secret=1", headers={"X-Request-ID": "abc"})
    [record] = [record for record in caplog.records if record.name == "requests"]
    entry = json.loads(JsonFormatter().format(record))
    assert entry["path"] == "/password-reset/{token}"
    assert (entry["method"], entry["status"]) == ("GET", 404)
    assert (entry["level"], entry["request_id"]) == ("info", "abc")
    assert entry["milliseconds"] >= 0
    assert "secret" not in json.dumps(entry)
    line = ReadableFormatter().format(record)
    assert "GET /password-reset/{token} 404" in line


def test_a_line_stays_one_line_whatever_is_in_it() -> None:
    try:
        raise ValueError(f"/register/confirm/{TOKEN}")
    except ValueError:
        error = sys.exc_info()
    text = "first\nsecond \udc80 %s"
    record = logging.LogRecord("name", logging.ERROR, "", 0, text, ("x",), error)
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert TOKEN not in line
    assert "ValueError" in json.loads(line)["exception"]


@pytest.mark.django_db(transaction=True)
def test_what_is_for_after_the_answer_waits_for_the_transaction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done = []
    monkeypatch.undo()
    with ThreadPoolExecutor(1) as executor:
        monkeypatch.setattr(mail, "executor", executor)
        with suppress(OSError), transaction.atomic():
            mail.later(lambda: done.append("failed"))
            raise OSError("not after all")
        with transaction.atomic():
            mail.later(lambda: done.append("committed"))
    assert done == ["committed"]


@pytest.mark.django_db(transaction=True)
def test_what_fails_after_the_answer_is_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.undo()
    with ThreadPoolExecutor(1) as executor:
        monkeypatch.setattr(mail, "executor", executor)
        mail.later(fail)
    assert "a mistake of ours" in caplog.text


# Proxies


def seen(trusted: list[str], **environ: str) -> tuple[str, str]:
    """Return the scheme and the client that the application gets to see."""
    found: dict[str, Any] = {}

    def application(
        environ: dict[str, Any], start: Callable[..., Any]
    ) -> Iterable[bytes]:
        found.update(environ)
        return []

    networks = [ip_network(proxy) for proxy in trusted]
    usual = {"wsgi.url_scheme": "http", "REMOTE_ADDR": "10.0.0.1"}
    TrustedProxies(application, networks)(usual | environ, lambda *_: None)
    return found["wsgi.url_scheme"], found["REMOTE_ADDR"]


@pytest.mark.parametrize(
    ("forwarded_for", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("6.6.6.6, 192.0.2.1", "192.0.2.1"),
        ("6.6.6.6, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("2001:db8::1", "2001:db8::1"),
        ("garbage", "10.0.0.1"),
        ("192.0.2.1, garbage, 10.0.0.2", "10.0.0.2"),
        ("", "10.0.0.1"),
    ],
)
def test_a_trusted_proxy_tells_who_the_client_is(
    forwarded_for: str, client: str
) -> None:
    headers = {
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_FOR": forwarded_for,
    }
    assert seen(["10.0.0.0/8"], **headers) == ("https", client)


@pytest.mark.parametrize("trusted", [[], ["192.0.2.7"]])
def test_only_a_trusted_proxy_says_who_is_asking(trusted: list[str]) -> None:
    headers = {
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_FOR": "192.0.2.1",
        "HTTP_FORWARDED": "for=192.0.2.1;proto=https",
    }
    assert seen(trusted, **headers) == ("http", "10.0.0.1")


def test_a_proxy_may_say_that_it_is_a_websocket() -> None:
    assert seen(["10.0.0.1"], HTTP_X_FORWARDED_PROTO="wss")[0] == "https"


@pytest.mark.parametrize("scheme", ["ftp", "https, http", "HTTPS\n", ""])
def test_a_strange_scheme_does_not_count(scheme: str) -> None:
    assert seen(["10.0.0.1"], HTTP_X_FORWARDED_PROTO=scheme)[0] == "http"
