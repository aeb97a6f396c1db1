"""Changes of products, sent to whoever listens."""

import asyncio
import os
from collections.abc import Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from fastapi import FastAPI
from pydantic import SecretStr, ValidationError
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession
from websockets.frames import Frame, Opcode

from app.accounts.models import User
from app.catalogue import services
from app.catalogue.models import Product
from app.catalogue.services import ProductValues
from app.live.hub import hub
from app.live.protocol import SocketProtocol, is_handshake
from app.live.relay import Relay
from app.live.sockets import LONGEST_QUEUE
from app.settings import Settings
from tests.client import Client
from tests.conftest import MakeUser
from tests.sockets import Socket

REDIS_URL = os.environ.get("TEST_REDIS_URL", "")
LAMP = ProductValues(
    name="Lamp", description="It shines.", price=Decimal("19.9"), stock=3
)


@pytest.fixture
async def owner(make_user: MakeUser) -> User:
    return await make_user()


async def test_a_change_is_sent_once_it_is_committed(
    app: FastAPI, session: AsyncSession, owner: User
) -> None:
    async with Socket(app) as socket:
        await socket.accepted()
        product = Product(slug="lamp", owner_id=owner.id, **LAMP)
        session.add(product)
        await session.flush()
        assert await socket.is_silent()
        await session.commit()
        assert (await socket.change())["event"] == "created"
        await services.change_product(session, product, 1, {"stock": 2})
        changed = await socket.change()
        assert (changed["event"], changed["product"]["stock"]) == ("updated", 2)
        await services.delete_product(session, product)
        deleted = await socket.change()
        assert (deleted["event"], deleted["product"]["stock"]) == ("deleted", 2)
        assert await socket.is_silent()


async def test_what_is_rolled_back_is_not_sent(
    app: FastAPI, session: AsyncSession, owner: User
) -> None:
    kept = await services.add_product(session, owner, LAMP)
    async with Socket(app) as socket:
        await socket.accepted()
        kept.name = "Torch"
        session.add(Product(slug="other", owner_id=owner.id, **LAMP))
        await session.flush()
        await session.rollback()
        assert await socket.is_silent()
        await session.refresh(kept)
        async with session.begin_nested() as part:
            await session.execute(delete(Product))
            await part.rollback()
        kept.stock = 1
        await session.commit()
        assert (await socket.change())["product"]["stock"] == 1
        assert await socket.is_silent()


async def test_many_steps_of_a_transaction_are_one_change(
    app: FastAPI, session: AsyncSession, owner: User
) -> None:
    kept = await services.add_product(session, owner, LAMP)
    async with Socket(app) as socket:
        await socket.accepted()
        for stock in (5, 6, 7):
            kept.stock = stock
            await session.flush()
        chair = Product(slug="chair", owner_id=owner.id, **LAMP)
        session.add(chair)
        await session.flush()
        chair.stock = 2
        await session.flush()
        table = Product(slug="table", owner_id=owner.id, **LAMP)
        session.add(table)
        await session.flush()
        await session.delete(table)
        await session.commit()
        messages = [await socket.change(), await socket.change()]
        told = [(message["event"], message["product"]["stock"]) for message in messages]
        assert told == [("updated", 7), ("created", 2)]
        assert await socket.is_silent()


async def test_a_message_says_what_the_api_says(
    app: FastAPI, session: AsyncSession, owner: User
) -> None:
    async with Socket(app) as socket:
        await socket.accepted()
        product = await services.add_product(session, owner, LAMP)
        moment = product.created_at.isoformat().replace("+00:00", "Z")
        assert await socket.change() == {
            "event": "created",
            "product": {
                "id": product.id,
                "slug": "lamp",
                "name": "Lamp",
                "description": "It shines.",
                "price": "19.90",
                "stock": 3,
                "owner": "Ada",
                "created_at": moment,
                "updated_at": product.updated_at.isoformat().replace("+00:00", "Z"),
                "version": 1,
            },
        }


async def test_an_update_that_changes_nothing_is_not_sent(
    app: FastAPI, session: AsyncSession, owner: User
) -> None:
    product = await services.add_product(session, owner, LAMP)
    async with Socket(app) as socket:
        await socket.accepted()
        product.name = "Torch"
        await session.flush()
        product.stock = 1
        await session.commit()
        changed = (await socket.change())["product"]
        assert (changed["name"], changed["stock"]) == ("Torch", 1)
        await session.execute(update(Product).values(stock=1))
        await session.commit()
        assert await socket.is_silent()


async def test_what_goes_with_its_owner_is_sent_too(
    app: FastAPI, session: AsyncSession, make_user: MakeUser
) -> None:
    for number, email in enumerate(("ada@example.com", "grace@example.com")):
        owner = await make_user(email)
        await services.add_product(session, owner, LAMP)
        async with Socket(app) as socket:
            await socket.accepted()
            if number:
                await session.delete(owner)
            else:
                await session.execute(delete(User).where(User.id == owner.id))
            await session.commit()
            assert (await socket.change())["event"] == "deleted"
        session.expunge_all()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.test"}, 403),
        ({"origin": "null"}, 403),
        ({"host": "evil.test"}, 400),
    ],
)
async def test_pages_of_other_sites_may_not_listen(
    app: FastAPI, headers: dict[str, str], status: int
) -> None:
    async with Socket(app, **headers) as socket:
        answer = await socket.next()
        assert answer["type"] == "websocket.http.response.start"
        assert answer["status"] == status
        names = {name for name, _ in answer["headers"]}
        assert {b"content-security-policy", b"x-request-id"} <= names
    assert not hub.listeners


async def test_a_page_of_ours_and_a_program_are_let_in(app: FastAPI) -> None:
    for headers in ({"origin": "https://example.test"}, {}):
        async with Socket(app, **headers) as socket:
            answer = await socket.next()
            assert answer["type"] == "websocket.accept"
            assert b"x-request-id" in {name for name, _ in answer["headers"]}


@pytest.mark.parametrize("said", [{"text": "hello"}, {"bytes": b"\xff"}])
async def test_whoever_talks_is_sent_away(app: FastAPI, said: dict[str, Any]) -> None:
    async with Socket(app) as socket:
        await socket.accepted()
        socket.said.put_nowait({"type": "websocket.receive"} | said)
        assert (await socket.next())["code"] == 1008
    assert not hub.listeners


async def test_whoever_does_not_read_is_sent_away(app: FastAPI) -> None:
    async with Socket(app) as slow, Socket(app) as quick:
        await slow.accepted()
        await quick.accepted()
        slow.reads.clear()
        for number in range(LONGEST_QUEUE + 10):
            await hub.send([{"number": number}])
            assert await quick.change() == {"number": number}
        assert len(hub.listeners) == 1
        slow.reads.set()
        assert (await slow.next())["type"] == "websocket.send"  # it was on its way
        assert (await slow.next())["code"] == 1013


async def test_a_large_transaction_sends_nobody_away(app: FastAPI) -> None:
    numbers = range(2 * LONGEST_QUEUE)
    async with Socket(app) as socket:
        await socket.accepted()
        await hub.send([{"number": number} for number in numbers])
        assert [(await socket.change())["number"] for _ in numbers] == list(numbers)
        assert len(hub.listeners) == 1


async def test_whoever_may_have_missed_something_comes_again(app: FastAPI) -> None:
    async with Socket(app) as socket:
        await socket.accepted()
        hub.send_away()
        assert (await socket.next())["code"] == 1013
    assert not hub.listeners


async def test_there_is_a_limit(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "limit", 1)
    async with Socket(app) as one, Socket(app) as two:
        await one.accepted()
        await two.accepted()
        assert (await two.next())["code"] == 1013


async def test_a_redis_that_is_gone_fails_no_request(
    app: FastAPI,
    session: AsyncSession,
    owner: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(hub, "relay", Relay("redis://127.0.0.1:1", "test"))
    async with Socket(app) as socket:
        await socket.accepted()
        for _ in range(3):
            await services.add_product(session, owner, LAMP)
            assert (await socket.change())["event"] == "created"
    assert caplog.messages == ["Redis takes no messages: ConnectionError"]


@pytest.mark.parametrize(
    "url",
    ["localhost:6379", "http://a.test", "redis://a:b", "redis://a.test?strange=1"],
)
def test_an_address_that_is_no_redis_is_refused(settings: Settings, url: str) -> None:
    values = settings.model_dump() | {"redis_url": SecretStr(url)}
    with pytest.raises(ValidationError, match="REDIS_URL must look like"):
        Settings(**values)


@pytest.mark.skipif(not REDIS_URL, reason="TEST_REDIS_URL names no Redis")
async def test_another_process_hears_through_redis(
    app: FastAPI, session: AsyncSession, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = Relay(REDIS_URL, "test"), Relay(REDIS_URL, "test")
    heard: asyncio.Queue[Sequence[str]] = asyncio.Queue()
    receiving = [
        asyncio.create_task(here.receive(hub.deliver, hub.send_away)),
        asyncio.create_task(there.receive(heard.put_nowait, Mock())),
    ]
    monkeypatch.setattr(hub, "relay", here)
    async with Socket(app) as socket, asyncio.timeout(10):
        await socket.accepted()
        while heard.empty() or socket.heard.empty():  # until both have subscribed
            await there.send(['{"event": "hello"}'])
            await here.send(["hello"])
            await asyncio.sleep(0.1)
        await services.add_product(session, owner, LAMP)
        while (change := await socket.change())["event"] == "hello":
            pass
        assert change["event"] == "created"
        while "created" not in "".join(await heard.get()):
            pass
        assert await socket.is_silent()  # what it sent itself does not come back
    for task in receiving:
        task.cancel()


def test_the_beginning_of_a_message_is_enough() -> None:
    talker = SocketProtocol.__new__(SocketProtocol)
    talker.queue, talker.transport = asyncio.Queue(), Mock()
    talker.close_sent = talker.read_paused = False
    talker.handle_text(Frame(Opcode.TEXT, b"\xff", fin=False))
    talker.handle_cont(Frame(Opcode.CONT, b"", fin=False))
    assert talker.queue.get_nowait()["type"] == "websocket.receive"
    assert talker.queue.empty()
    talker.transport.pause_reading.assert_called_once_with()


async def test_what_is_no_handshake_is_refused(client: Client) -> None:
    assert (await client.get("/ws/products")).status_code == 404


@pytest.mark.parametrize(
    ("change", "is_one"),
    [
        ({}, True),
        ({"url": b"/ws/products?a=b"}, True),
        ({"url": b"/products"}, False),
        ({"url": b"/ws/products?\xff"}, False),
        ({"method": "POST"}, False),
        ({"http_version": "1.0"}, False),
        ({"version": b"12"}, False),
        ({"key": b"short"}, False),
        ({"key": b"!" * 24}, False),
        ({"more": [(b"origin", b"https://example.test")]}, True),
        ({"more": [(b"origin", b"https://example.test")] * 2}, False),
        ({"more": [(b"content-length", b"5")]}, False),
        ({"more": [(b"sec-websocket-protocol", b",")]}, False),
        ({"more": [(b"x", b"y")] * 200}, False),
        ({"more": [(b"x", b"y" * 9000)]}, False),
    ],
)
def test_only_a_proper_handshake_leaves_http(
    change: dict[str, Any], is_one: bool
) -> None:
    given: dict[str, Any] = {
        "url": b"/ws/products",
        "method": "GET",
        "http_version": "1.1",
        "version": b"13",
        "key": b"dGhlIHNhbXBsZSBub25jZQ==",
        "more": [],
    } | change
    headers = [
        (b"sec-websocket-version", given["version"]),
        (b"sec-websocket-key", given["key"]),
        *given["more"],
    ]
    http = SimpleNamespace(url=given["url"], scope=given | {"headers": headers})
    assert is_handshake(http) is is_one
