"""Live updates: who is told what, and when."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from queue import Queue

import pytest
from flask import Flask
from pydantic import SecretStr
from redis import Redis
from sqlalchemy import delete, update
from sqlalchemy.orm import Session
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from app import places
from app.accounts.models import User
from app.catalogue.models import Product
from app.live import sockets
from app.live.hub import LONGEST_QUEUE, Hub, Mailbox, hub
from app.live.relay import Relay
from app.settings import Settings, load_settings
from tests.conftest import MakeUser
from tests.live import HOST, heard, hears_nothing, listening

REDIS_URL = os.environ.get("TEST_REDIS_URL", "")


@pytest.fixture
def listener(app: Flask) -> Iterator[ClientConnection]:
    with listening(app) as client:
        yield client


@pytest.fixture
def owner(make_user: MakeUser) -> User:
    return make_user()


def lamp(owner: User, **values: object) -> Product:
    defaults = {"slug": "lamp", "name": "Lamp", "price": 19, "stock": 3}
    return Product(**(defaults | values), owner_id=owner.id)


@pytest.fixture
def product(session: Session, owner: User) -> Product:
    product = lamp(owner)
    session.add(product)
    session.commit()
    return product


def close_code(client: ClientConnection) -> int:
    """What the connection is closed with, after what may still come."""
    with suppress(ConnectionClosed):
        while True:
            client.recv(timeout=5)
    assert client.close_code
    return client.close_code


def test_a_change_is_sent_once_it_is_committed(
    session: Session, owner: User, listener: ClientConnection
) -> None:
    product = lamp(owner)
    session.add(product)
    session.flush()
    assert hears_nothing(listener)
    session.commit()
    assert heard(listener)["event"] == "created"
    product.stock = 2
    session.commit()
    message = heard(listener)
    assert (message["event"], message["product"]["stock"]) == ("updated", 2)
    session.delete(product)
    session.commit()
    message = heard(listener)
    assert (message["event"], message["product"]["stock"]) == ("deleted", 2)


def test_statements_are_changes_too(
    session: Session, product: Product, listener: ClientConnection
) -> None:
    session.execute(update(Product).values(stock=7))
    session.commit()
    message = heard(listener)
    assert (message["event"], message["product"]["stock"]) == ("updated", 7)
    session.execute(delete(Product).where(Product.id == product.id))
    session.commit()
    assert heard(listener)["event"] == "deleted"


def test_what_is_rolled_back_is_not_sent(
    session: Session, owner: User, listener: ClientConnection
) -> None:
    session.add(lamp(owner))
    session.flush()
    session.rollback()
    session.commit()
    assert hears_nothing(listener)


def test_what_goes_back_to_a_savepoint_is_not_sent(
    session: Session, owner: User, listener: ClientConnection
) -> None:
    session.add(lamp(owner))
    session.flush()
    with session.begin_nested() as savepoint:
        session.add(lamp(owner, slug="chair", name="Chair"))
        session.flush()
        savepoint.rollback()
    session.commit()
    assert heard(listener)["product"]["name"] == "Lamp"
    assert hears_nothing(listener)


def test_many_steps_of_a_transaction_are_one_change(
    session: Session, owner: User, product: Product, listener: ClientConnection
) -> None:
    for stock in (5, 6, 7):
        product.stock = stock
        session.flush()
    chair = lamp(owner, slug="chair", name="Chair")
    session.add(chair)
    session.flush()
    chair.stock = 2
    session.flush()
    table = lamp(owner, slug="table", name="Table")
    session.add(table)
    session.flush()
    session.delete(table)
    session.commit()
    messages = [heard(listener), heard(listener)]
    told = [(message["event"], message["product"]["stock"]) for message in messages]
    assert told == [("updated", 7), ("created", 2)]
    assert hears_nothing(listener)


def test_an_update_that_changes_nothing_is_not_sent(
    session: Session, product: Product, listener: ClientConnection
) -> None:
    product.stock = 5
    session.flush()
    product.stock = 3
    product.name = "Lamp"
    session.execute(update(Product).values(stock=Product.stock))
    session.rollback()
    session.execute(update(Product).values(stock=Product.stock))
    session.commit()
    assert hears_nothing(listener)


def test_a_message_says_what_the_api_says(
    session: Session, owner: User, listener: ClientConnection
) -> None:
    product = lamp(owner, description="Warm light <b>", price="19.9")
    session.add(product)
    session.commit()
    message = heard(listener)
    moments = [message["product"].pop(name) for name in ("created_at", "updated_at")]
    assert all(moment.endswith("Z") and "T" in moment for moment in moments)
    assert message == {
        "event": "created",
        "product": {
            "id": product.id,
            "slug": "lamp",
            "name": "Lamp",
            "description": "Warm light <b>",
            "price": "19.90",
            "stock": 3,
            "owner": "Ada",
            "version": 1,
        },
    }


def test_what_goes_with_its_owner_is_sent_too(
    session: Session, owner: User, product: Product, listener: ClientConnection
) -> None:
    session.execute(delete(User).where(User.id == owner.id))
    session.commit()
    message = heard(listener)
    assert (message["event"], message["product"]["id"]) == ("deleted", product.id)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_pages_of_other_sites_may_not_listen(
    app: Flask, headers: dict[str, str]
) -> None:
    with pytest.raises(InvalidStatus, match="403"), listening(app, headers):
        pass


def test_pages_of_the_site_may_listen(app: Flask) -> None:
    with listening(app, {"Origin": "https://example.test"}) as client:
        answer = client.response
        assert answer
        assert answer.headers["X-Request-ID"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Connection": "Upgrade", "Upgrade": "websocket"},
        {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "7",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        },
        {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "x",
        },
    ],
)
def test_what_is_no_handshake_is_refused(app: Flask, headers: dict[str, str]) -> None:
    with socket.socket() as nobody:
        answer = app.test_client().get(
            "/ws/products",
            base_url="https://example.test",
            headers=headers,
            environ_overrides={"gunicorn.socket": nobody},
        )
    assert answer.status_code in {400, 404}


@pytest.mark.parametrize(
    ("said", "code"),
    [("hello", 1008), (b"\0\1", 1008), ("x" * 4097, 1009), (b"x" * 10**6, 1009)],
)
def test_whoever_talks_is_sent_away(
    app: Flask, listener: ClientConnection, said: str | bytes, code: int
) -> None:
    with listening(app) as talker:
        talker.send(said)
        assert close_code(talker) == code
    hub.publish([{"event": "still there"}])
    assert heard(listener)["event"] == "still there"


def test_whoever_pings_without_end_is_sent_away(app: Flask) -> None:
    with listening(app) as pinger:
        for number in range(20):
            with suppress(ConnectionClosed):
                pinger.ping(f"{number}")
        assert close_code(pinger) == 1008


def test_whoever_does_not_read_is_sent_away(
    app: Flask, listener: ClientConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(Mailbox.put.__globals__, "LONGEST_QUEUE", 100)
    large = {"event": "x" * 100_000}
    with listening(app) as sleeper:
        for _ in range(300):
            hub.publish([large])
            heard(listener)
        assert len(hub) == 2
        assert close_code(sleeper) == 1013


def test_who_reads_gets_all_of_a_large_transaction(
    app: Flask, listener: ClientConnection
) -> None:
    many = [{"event": number} for number in range(3 * LONGEST_QUEUE)]
    hub.publish(many)
    assert [heard(listener) for _ in many] == many


def test_who_leaves_need_not_read_what_was_on_its_way(app: Flask) -> None:
    with listening(app) as client:
        hub.publish([{"event": "x" * 10_000}] * 500)
        client.close()
    assert len(hub) == 0


def test_there_is_a_limit(
    app: Flask, listener: ClientConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "SOCKETS", 1)
    with listening(app) as late:
        assert close_code(late) == 1013


def test_after_an_interruption_everybody_comes_again(
    listener: ClientConnection,
) -> None:
    hub.start_anew()
    assert close_code(listener) == 1013


def test_at_the_end_everybody_is_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending = Hub()
    monkeypatch.setattr(sockets, "hub", ending)
    with listening(app) as client:
        ending.end()
        assert close_code(client) == 1001
    with listening(app) as late:
        assert close_code(late) == 1001


def test_whoever_is_gone_is_forgotten(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.connection.PING_SECONDS", 0.1)
    with listening(app) as client:
        time.sleep(0.5)
        assert len(hub) == 1  # it answers pings by itself
        client.socket.shutdown(socket.SHUT_RDWR)
    assert len(hub) == 0


def test_a_redis_that_is_gone_fails_no_request(
    session: Session,
    owner: User,
    listener: ClientConnection,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
        # It takes the connection, and never answers.
        monkeypatch.setattr(hub, "relay", Relay(f"redis://127.0.0.1:{port}/0", HOST))
        before = time.monotonic()
        session.add_all([lamp(owner), lamp(owner, slug="chair")])
        session.commit()
        session.add(lamp(owner, slug="table"))
        session.commit()
        assert time.monotonic() - before < 2
    assert [heard(listener)["event"] for _ in range(3)] == ["created"] * 3
    assert caplog.messages == ["Redis takes no messages: TimeoutError"]


@pytest.mark.skipif(not REDIS_URL, reason="TEST_REDIS_URL names no server")
def test_another_process_hears_through_redis() -> None:
    here, there = list[list[str]](), Queue[list[str]]()
    one, other, trial = (Relay(REDIS_URL, site) for site in (HOST, HOST, "trial.test"))
    deliveries = {one: here.append, other: there.put, trial: here.append}
    for relay, deliver in deliveries.items():
        relay.listen(deliver, hub.start_anew)
    with Redis.from_url(REDIS_URL) as redis:
        for relay, listeners in ((one, 2), (trial, 1)):
            while redis.pubsub_numsub(relay.channel)[0][1] != listeners:
                time.sleep(0.01)
    one.send(["a lamp", "a chair"])
    assert there.get(timeout=5) == ["a lamp", "a chair"]
    assert here == []  # what comes from here was delivered already


@pytest.mark.parametrize(
    "url",
    ["localhost:6379", "http://a.test", "redis://a:b", "redis://a.test?strange=1"],
)
def test_an_address_that_is_no_redis_is_refused(
    url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = settings.model_dump() | {"redis_url": SecretStr(url)}
    with pytest.raises(ValueError, match="REDIS_URL must look like"):
        Settings(_env_file=None, **values)
    monkeypatch.setenv("DEBUG", "true")
    monkeypatch.setenv("REDIS_URL", url)
    with pytest.raises(SystemExit, match=r"^REDIS_URL"):
        load_settings()


def test_listeners_take_no_place(app: Flask) -> None:
    busy = places.FewAtATime(lambda environ, start: [b"done"])
    for _ in range(places.REQUESTS):
        busy.places.acquire()
    assert busy({"PATH_INFO": sockets.ADDRESS}, lambda *_: lambda _: None) == [b"done"]
    assert not busy.places.acquire(blocking=False)
