"""Live updates: who is told what, and when."""

import json
import logging
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

import pytest
import uvicorn
from django.db import transaction
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from accounts.models import User
from catalogue.models import Product
from config.asgi import application
from config.environment import SettingsError
from live import changes, relay, services
from live.hub import hub
from live.server import OPTIONS
from live.threads import Receive, Scope, Send
from tests.conftest import Browser

pytestmark = pytest.mark.django_db(transaction=True)


async def behind_tls(scope: Scope, receive: Receive, send: Send) -> None:
    """The application as a proxy would pass requests on, that the server trusts."""
    secure = {"http": "https", "ws": "wss"}
    if "scheme" in scope:
        scope["scheme"] = secure[scope["scheme"]]
    await application(scope, receive, send)


class Server:
    """The server of production, in a thread of the tests."""

    def __init__(self) -> None:
        self.address = socket.create_server(("127.0.0.1", 0))
        self.server = uvicorn.Server(uvicorn.Config(behind_tls, **OPTIONS))
        self.thread = Thread(target=self.server.run, args=([self.address],))

    def start(self) -> None:
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def line(self) -> socket.socket:
        return socket.create_connection(self.address.getsockname())

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    server.start()
    yield server
    server.stop()


@contextmanager
def listening(server: Server, **headers: str) -> Iterator[ClientConnection]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    address = "ws://testserver/ws/products"
    with connect(address, sock=server.line(), additional_headers=sent) as client:
        while not hub.listeners:
            time.sleep(0.01)
        yield client


@pytest.fixture
def listener(server: Server) -> Iterator[ClientConnection]:
    with listening(server) as client:
        yield client


def heard(client: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(client.recv(timeout=5))
    return message


def hears_nothing(client: ClientConnection) -> bool:
    try:
        client.recv(timeout=0.2)
    except TimeoutError:
        return True
    return False


def close_code(client: ClientConnection) -> int:
    """What the connection is closed with, after what may still come."""
    with suppress(ConnectionClosed):
        while True:
            client.recv(timeout=5)
    assert client.close_code
    return client.close_code


# What is sent


def test_a_change_is_sent_once_it_is_committed(
    ann: User, listener: ClientConnection
) -> None:
    with transaction.atomic():
        product = Product.objects.create(name="Lamp", price=19, stock=3, owner=ann)
        assert hears_nothing(listener)
    assert heard(listener)["event"] == "created"
    product.stock = 2
    product.save()
    message = heard(listener)
    assert (message["event"], message["product"]["stock"]) == ("updated", 2)
    product.delete()
    message = heard(listener)
    assert (message["event"], message["product"]["stock"]) == ("deleted", 2)


def test_statements_are_changes_too(
    ann: User, lamp: Product, listener: ClientConnection
) -> None:
    products = [
        Product(name=name, slug=name.lower(), price=5, stock=1, owner=ann)
        for name in ("Chair", "Table")
    ]
    Product.objects.bulk_create(products, 1)
    names = [heard(listener)["product"]["name"] for _ in products]
    assert sorted(names) == ["Chair", "Table"]
    assert Product.objects.filter(stock=3).update(stock=7) == 1
    message = heard(listener)
    assert (message["event"], message["product"]["stock"]) == ("updated", 7)
    Product.objects.filter(pk=lamp.pk).delete()
    assert heard(listener)["event"] == "deleted"


def test_what_the_pages_and_the_api_do_is_sent(
    lamp: Product, listener: ClientConnection
) -> None:
    lamp.name = "Floor lamp"
    assert not lamp.save_changes(lamp.version + 1)
    assert lamp.save_changes(lamp.version)
    product = heard(listener)["product"]
    assert (product["name"], product["version"]) == ("Floor lamp", 2)
    assert hears_nothing(listener)


def test_what_is_rolled_back_is_not_sent(ann: User, listener: ClientConnection) -> None:
    with suppress(OSError), transaction.atomic():
        Product.objects.create(name="Lamp", price=19, stock=3, owner=ann)
        raise OSError("not after all")
    assert hears_nothing(listener)


def test_many_steps_of_a_transaction_are_one_change(
    ann: User, lamp: Product, listener: ClientConnection
) -> None:
    with transaction.atomic():
        for stock in (5, 6, 7):
            lamp.stock = stock
            lamp.save()
        chair = Product.objects.create(name="Chair", price=9, stock=1, owner=ann)
        Product.objects.filter(pk=chair.pk).update(stock=2)
        Product.objects.create(name="Table", price=9, stock=1, owner=ann).delete()
        with suppress(OSError), transaction.atomic():
            lamp.delete()
            raise OSError("not after all")
    messages = [heard(listener), heard(listener)]
    told = [(message["event"], message["product"]["stock"]) for message in messages]
    assert told == [("updated", 7), ("created", 2)]
    assert hears_nothing(listener)


@pytest.mark.parametrize("name", ["states", "publish"])
def test_what_cannot_be_told_fails_no_request(
    ann: User, lamp: Product, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    work = getattr(changes, name)

    def fail(*args: Any) -> Any:
        if transaction.get_connection().in_atomic_block:
            return work(*args)
        raise RuntimeError("not now")

    monkeypatch.setattr(changes, name, fail)
    Product.objects.create(name="Chair", price=9, stock=1, owner=ann)
    lamp.delete()
    assert [product.name for product in Product.objects.all()] == ["Chair"]


def test_an_update_that_changes_nothing_is_not_sent(
    lamp: Product, listener: ClientConnection
) -> None:
    lamp.save()
    Product.objects.update(stock=3)
    assert hears_nothing(listener)


def test_a_message_says_what_the_api_says(
    ann: User, listener: ClientConnection
) -> None:
    product = Product.objects.create(
        name="Lamp", description="Warm light <b>", price="19.9", stock=3, owner=ann
    )
    message = heard(listener)
    moments = [message["product"].pop(name) for name in ("created_at", "updated_at")]
    assert all(moment.endswith("Z") and "T" in moment for moment in moments)
    assert message == {
        "event": "created",
        "product": {
            "id": product.pk,
            "slug": "lamp",
            "name": "Lamp",
            "description": "Warm light <b>",
            "price": "19.90",
            "stock": 3,
            "owner": "Ann",
            "version": 1,
        },
    }


def test_what_goes_with_its_owner_is_sent_too(
    ann: User, lamp: Product, listener: ClientConnection
) -> None:
    ann.delete()
    message = heard(listener)
    assert (message["event"], message["product"]["owner"]) == ("deleted", "Ann")


def test_an_event_of_ones_own_is_sent(listener: ClientConnection) -> None:
    changes.announce("sold_out", product=7)
    assert heard(listener) == {"event": "sold_out", "product": 7}


# Who may listen


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
    ],
)
def test_pages_of_other_sites_may_not_listen(
    server: Server, headers: dict[str, str]
) -> None:
    with pytest.raises(InvalidStatus) as refused, listening(server, **headers):
        pass
    assert refused.value.response.status_code == 403
    assert refused.value.response.headers["X-Request-ID"]


def test_pages_of_the_site_may_listen(server: Server) -> None:
    with listening(server, Origin="https://testserver") as client:
        answer = client.response
        assert answer
        assert answer.headers["X-Request-ID"]
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("headers", [{}, {"Upgrade": "websocket"}])
def test_what_is_no_handshake_is_refused(
    client: Browser, headers: dict[str, str]
) -> None:
    assert client.get("/ws/products", headers=headers).status_code == 404


@pytest.mark.parametrize(
    ("said", "code"),
    [("hello", 1008), (b"\0\1", 1008), ("x" * 4097, 1009), (b"x" * 10**6, 1009)],
)
def test_whoever_talks_is_sent_away(
    server: Server, listener: ClientConnection, said: str | bytes, code: int
) -> None:
    with listening(server) as talker:
        with suppress(ConnectionClosed):
            talker.send(said)
        assert close_code(talker) == code
    changes.announce("still there")
    assert heard(listener)["event"] == "still there"


def test_the_beginning_of_a_message_is_enough(server: Server) -> None:
    def without_end() -> Iterator[str]:
        while True:
            yield "x"
            time.sleep(0.01)

    with listening(server) as talker:
        with suppress(ConnectionClosed):
            talker.send(without_end())
        assert close_code(talker) == 1008


def answer_to(server: Server, *parts: bytes) -> bytes:
    with server.line() as line:
        line.settimeout(5)
        for part in parts:
            line.sendall(part)
            time.sleep(0.05)
        return line.recv(100)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (b"?" + b"a" * 9000, b"X-More: 1"),
        (b"", b"Cookie: " + b"a" * 9000),
        (b"", b"Content-Length: 5"),
    ],
)
def test_a_handshake_that_is_none_gets_an_answer(
    server: Server, query: bytes, field: bytes
) -> None:
    answer = answer_to(
        server,
        b"GET /ws/products%s HTTP/1.1\r\nHost: testserver\r\n" % query,
        b"Upgrade: websocket\r\nConnection: upgrade\r\n%s\r\n\r\n" % field,
    )
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_a_head_without_an_end_is_refused(server: Server) -> None:
    fields = b"X-More: and more\r\n" * 2000
    answer = answer_to(server, b"GET / HTTP/1.1\r\n", fields, fields, fields)
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_whoever_does_not_read_is_sent_away(
    server: Server, listener: ClientConnection
) -> None:
    with listening(server) as sleeper:
        for _ in range(300):
            changes.announce("x" * 100_000)
            heard(listener)
        assert len(hub.listeners) == 1
        assert close_code(sleeper) == 1013


def test_whoever_reads_hears_all_of_many_changes(
    ann: User, listener: ClientConnection
) -> None:
    Product.objects.bulk_create(
        Product(name="Thing", slug=f"thing-{number}", price=5, stock=1, owner=ann)
        for number in range(300)
    )
    assert len([heard(listener) for _ in range(300)]) == 300


def test_there_is_a_limit(
    server: Server, listener: ClientConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("live.hub.MOST_LISTENERS", 1)
    with listening(server) as late:
        assert close_code(late) == 1013


def test_at_the_end_everybody_is_told(
    server: Server, listener: ClientConnection
) -> None:
    server.server.should_exit = True
    assert close_code(listener) == 1001


def test_whoever_is_gone_is_forgotten(server: Server) -> None:
    with listening(server) as client:
        client.socket.shutdown(socket.SHUT_RDWR)
    while hub.listeners:
        time.sleep(0.01)


# Redis


def test_a_redis_that_is_gone_fails_no_request(
    ann: User,
    listener: ClientConnection,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        # It takes the connection, and never answers.
        settings.REDIS_URL = f"redis://127.0.0.1:{nobody.getsockname()[1]}/0"
        before = time.monotonic()
        for name in ("Lamp", "Chair", "Table"):
            Product.objects.create(name=name, price=5, stock=3, owner=ann)
        assert time.monotonic() - before < 2
    assert [heard(listener)["event"] for _ in range(3)] == ["created"] * 3
    [line] = [each for each in caplog.records if each.name == "live.relay"]
    assert line.levelno == logging.WARNING


def test_what_other_processes_send_is_handed_out_and_ones_own_is_not(
    listener: ClientConnection,
) -> None:
    for sender in (relay.relay.sender, "another"):
        letter = json.dumps({"from": sender, "message": json.dumps(sender)})
        received = {"type": "message", "data": letter}
        relay.relay.receive(received)
    assert json.loads(listener.recv(timeout=5)) == "another"
    assert hears_nothing(listener)


@pytest.mark.skipif("TEST_REDIS_URL" not in os.environ, reason="no Redis to try")
def test_another_process_hears_through_redis(settings: Any) -> None:
    settings.REDIS_URL = os.environ["TEST_REDIS_URL"]
    other, server = relay.Relay(), Server()
    server.start()
    try:
        with listening(server) as listener:
            message = ""
            while not message:  # it takes a moment until the server has subscribed
                other.send(json.dumps("from elsewhere"))
                with suppress(TimeoutError):
                    message = str(listener.recv(timeout=0.5))
            assert json.loads(message) == "from elsewhere"
    finally:
        server.stop()


@pytest.mark.parametrize(
    "url",
    ["localhost:6379", "http://a.test", "redis://a:b", "redis://a.test?strange=1"],
)
def test_an_address_that_is_no_redis_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="REDIS_URL must look like"):
        services.redis(url)
    assert services.redis("") == ""


# The site beside it


def say(server: Server, *lines: str, body: bytes = b"") -> bytes:
    """Say something, and return the answer."""
    head = "\r\n".join([*lines, "Host: testserver", "Connection: close", "", ""])
    with server.line() as line:
        line.sendall(head.encode("latin-1") + body)
        with line.makefile("rb") as answer:
            return answer.read()


def test_the_site_is_served_beside_it(server: Server) -> None:
    answer = say(server, "GET /healthz HTTP/1.1")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"server:" not in answer.lower()
    assert b'{"status": "ok"}' in answer
    assert b'{"status"' not in say(server, "HEAD /healthz HTTP/1.1")


@pytest.mark.parametrize("length", ["20000000", "9" * 30])
def test_a_large_body_is_refused_before_it_is_read(server: Server, length: str) -> None:
    answer = say(server, "POST /nothing HTTP/1.1", f"Content-Length: {length}")
    assert answer.startswith((b"HTTP/1.1 413 ", b"HTTP/1.1 400 "))


def test_a_body_that_does_not_come_is_not_waited_for(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("live.threads.PATIENCE", 0.1)
    answer = say(server, "POST /login HTTP/1.1", "Content-Length: 9", body=b"half")
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_body_in_chunks_is_measured(server: Server) -> None:
    lines = ("POST /nothing HTTP/1.1", "Transfer-Encoding: chunked")
    small = say(server, *lines, body=b"3\r\nabc\r\n0\r\n\r\n")
    assert not small.startswith(b"HTTP/1.1 413 ")
    piece = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    large = say(server, *lines, body=piece + b"1\r\nx\r\n")
    assert large.startswith(b"HTTP/1.1 413 ")


def test_headers_that_only_look_like_a_proxys_do_not_count(server: Server) -> None:
    answer = say(server, "GET /healthz HTTP/1.1", "X_Request_ID: planted")
    assert b"planted" not in answer
