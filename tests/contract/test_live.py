"""W. Live updates: every change, to whoever listens, whatever they send."""

import json
import re
import secrets
import signal
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from headstart.proof.page import Page
from headstart.proof.server import free_port

from .admin import PANELS
from .admin import delete as delete_row
from .brokers import Redis
from .browsers import Chromium
from .crawling import links_of
from .databases import Database, SQLite
from .deployments import STOPPED_WITHIN, Deployment, Stranger
from .people import add_product, admin, demo, log_in, product
from .projects import FEATURES
from .sockets import code_of, event_about, is_silent, listen
from .wire import head, say

HANDSHAKE = (
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)
FLOOD = 10_000


@pytest.fixture(scope="session")
def running_live(
    framework: str,
    project: Path,
    database: Database,
    running_deployment: Deployment,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Deployment]:
    """Run several workers with Redis or, on SQLite, one without."""
    if running_deployment.settings.get("REDIS_URL"):
        yield running_deployment
        return
    folder = tmp_path_factory.mktemp("live")
    one = {"WEB_CONCURRENCY": "1"}
    deployment = Deployment(framework, project, SQLite(folder / "db.sqlite3"), folder, settings=one)
    deployment.prepare()
    deployment.start()
    try:
        yield deployment
    finally:
        deployment.stop()


@pytest.fixture
def live(running_live: Deployment) -> Iterator[Deployment]:
    yield running_live
    running_live.after_test()


@pytest.fixture(scope="session")
def live_owner(running_live: Deployment) -> Stranger:
    return log_in(running_live, demo(running_live))


def some_name() -> str:
    return f"Lively thing {secrets.token_hex(4)}"


def delete(owner: Stranger, path: str) -> Page:
    return owner.submit(owner.get(f"{path}/delete"), {}, f"{path}/delete")


def test_every_change_is_sent_to_whoever_listens(live: Deployment, live_owner: Stranger) -> None:
    """W1."""
    with ExitStack() as stack:
        # With several workers some of them are not the one that makes the change.
        listeners = [stack.enter_context(listen(live)) for _ in range(8)]
        name = some_name()
        path = add_product(live_owner, name=name, price="19.90", stock="3")
        for listener in listeners:
            created = event_about(listener, name)
            assert created["event"] == "created"
            shown = created["product"]
            assert shown["price"] == "19.90"
            assert shown["stock"] == 3
            assert path == f"/products/{shown['slug']}"
            for moment in ("created_at", "updated_at"):
                assert datetime.fromisoformat(shown[moment]).utcoffset() is not None
        form = live_owner.get(f"{path}/edit")
        changed = product(name=name, price="20.00", stock="0")
        assert live_owner.submit(form, changed).status == 303
        for listener in listeners:
            updated = event_about(listener, name)
            assert updated["event"] == "updated"
            assert (updated["product"]["price"], updated["product"]["stock"]) == ("20.00", 0)
            assert updated["product"]["id"] == shown["id"]
            assert updated["product"]["version"] > shown["version"]
        assert delete(live_owner, path).status == 303
        for listener in listeners:
            deleted = event_about(listener, name)
            assert deleted["event"] == "deleted"
            assert deleted["product"]["id"] == shown["id"]


def test_a_message_has_what_the_api_says_of_a_product(
    live: Deployment, live_owner: Stranger
) -> None:
    """W1, R6."""
    with listen(live) as listener:
        name = some_name()
        add_product(live_owner, name=name)
        event = event_about(listener, name)
    page = live.visitor().get(f"/api/products/{event['product']['id']}")
    if page.status == 200:
        assert json.loads(page.body) == event["product"]
    assert set(event["product"]) == {
        *("id", "slug", "name", "description", "price", "stock", "owner"),
        *("created_at", "updated_at", "version"),
    }


def test_what_is_refused_or_asked_twice_is_not_sent(live: Deployment, live_owner: Stranger) -> None:
    """W1."""
    with listen(live) as listener:
        name = some_name()
        form = live_owner.get("/products/new")
        assert live_owner.submit(form, product(name=name, price="-1")).status in (200, 422)
        assert is_silent(listener, name)


def test_hostile_names_arrive_as_they_are(live: Deployment, live_owner: Stranger) -> None:
    """I1, I5."""
    with listen(live) as listener:
        name = f"</script><img src=x onerror=alert(1)>\u202eabc 👩‍👩‍👧 {secrets.token_hex(4)}"
        add_product(live_owner, name=name)
        assert event_about(listener, name)["event"] == "created"


def test_what_the_staff_deletes_in_the_panel_is_sent(
    live: Deployment, live_owner: Stranger
) -> None:
    """W1, G1."""
    if "admin" not in FEATURES:
        pytest.skip("the project has no `admin`")
    staff = log_in(live, admin(live))
    with listen(live) as listener:
        name = some_name()
        add_product(live_owner, name=name)
        number = event_about(listener, name)["product"]["id"]
        delete_row(staff, PANELS[live.framework].products, number)
        assert event_about(listener, name)["event"] == "deleted"


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "http://shop.test.evil.test"])
def test_a_page_of_another_site_is_refused(live: Deployment, origin: str) -> None:
    """W2."""
    with pytest.raises(InvalidStatus) as refused, listen(live, origin=origin):
        pass
    assert refused.value.response.status_code == 403


def test_the_sites_own_pages_are_let_in(live: Deployment) -> None:
    """W2."""
    with listen(live, origin=live.site):
        pass


def test_an_unknown_host_is_refused(live: Deployment) -> None:
    """H7, W2."""
    page = say(live, head(live, "GET /ws/products HTTP/1.1", "Host: evil.test", *HANDSHAKE))
    assert page.status == 400


def test_plain_http_opens_no_connection(live: Deployment) -> None:
    """W2, H1. What is said there, others could read and change on the way."""
    lines = ("X-Forwarded-Proto: http", *HANDSHAKE)
    page = say(live, head(live, "GET /ws/products HTTP/1.1", *lines))
    assert page.status in (301, 307, 308, 400, 403, 426)
    assert "Sec-WebSocket-Accept" not in page.headers


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_what_is_no_handshake_is_refused(live: Deployment, method: str) -> None:
    """W3, U1."""
    page = say(live, head(live, f"{method} /ws/products HTTP/1.1", "Content-Length: 0"))
    assert 400 <= page.status < 500


@pytest.mark.parametrize(
    "bad",
    [
        ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"),
        (
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: x",
            "Sec-WebSocket-Version: 13",
        ),
        ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 99", HANDSHAKE[3]),
    ],
)
def test_a_broken_handshake_is_refused(live: Deployment, bad: tuple[str, ...]) -> None:
    """W3, U1."""
    page = say(live, head(live, "GET /ws/products HTTP/1.1", *bad))
    assert 400 <= page.status < 500


@pytest.mark.parametrize("said", ["hello", "{", '{"a": 1}', "\x00", b"\x00\xff" * 100])
def test_who_only_ought_to_listen_and_talks_is_not_heard(
    live: Deployment, said: str | bytes
) -> None:
    """W3."""
    with listen(live) as talker:
        talker.send(said)
        assert code_of(talker) == 1008
    assert live.visitor().get("/healthz").status == 200


def test_a_large_message_is_not_read(live: Deployment) -> None:
    """W3."""
    with listen(live) as talker:
        with suppress(ConnectionClosed, OSError):
            talker.send("x" * 1_000_000)
        assert code_of(talker) in (1008, 1009)


def test_a_flood_of_messages_ends_the_connection_only(
    live: Deployment, live_owner: Stranger
) -> None:
    """W3."""
    with listen(live) as listener:
        with listen(live) as talker, suppress(ConnectionClosed, OSError):
            for _ in range(FLOOD):
                talker.send("x")
        name = some_name()
        add_product(live_owner, name=name)
        assert event_about(listener, name)["event"] == "created"


def test_who_goes_away_without_a_word_harms_nobody(live: Deployment, live_owner: Stranger) -> None:
    """W3, U5."""
    with ExitStack() as stack:
        for _ in range(8):
            stack.enter_context(listen(live)).socket.close()
    with listen(live) as listener:
        for _ in range(3):
            name = some_name()
            add_product(live_owner, name=name)
            assert event_about(listener, name)["event"] == "created"


def test_pages_are_answered_while_many_listen(live: Deployment) -> None:
    """W5, I11."""
    with ExitStack() as stack:
        for _ in range(150):
            # What is too much for a server of threads is told to come again later.
            stack.enter_context(listen_if_let(live))
        pages = [live.visitor().get("/products") for _ in range(5)]
        assert {page.status for page in pages} == {200}
        assert statistics.median(page.seconds for page in pages) < 1


def listen_if_let(deployment: Deployment) -> ExitStack:
    stack = ExitStack()
    with suppress(ConnectionClosed):
        stack.enter_context(listen(deployment))
    return stack


def test_at_the_end_listeners_are_told_that_it_is_the_end(live: Deployment, tmp_path: Path) -> None:
    """W6, O3."""
    port = free_port()
    with live.serving(port, tmp_path / "log") as server:
        other = Deployment(live.framework, live.project, live.database, tmp_path, port=port)
        with ExitStack() as stack:
            listeners = [stack.enter_context(listen(other)) for _ in range(6)]
            started = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            assert {code_of(listener) for listener in listeners} == {1001}
        assert server.process.wait(STOPPED_WITHIN) == 0
        assert time.monotonic() - started < STOPPED_WITHIN


def test_without_redis_the_pages_work(
    framework: str, project: Path, broker: Redis, tmp_path: Path
) -> None:
    """O7, W1. Redis goes away, and comes back."""
    deployment = Deployment(
        framework,
        project,
        SQLite(tmp_path / "db.sqlite3"),
        tmp_path,
        settings={"REDIS_URL": broker.url},
    )
    deployment.prepare()
    deployment.start()
    try:
        owner = log_in(deployment, demo(deployment))
        broker.stop()
        try:
            for _ in range(3):
                started = time.monotonic()
                add_product(owner)
                assert time.monotonic() - started < 5
            assert deployment.visitor().get("/live").status == 200
            assert deployment.visitor().get("/readyz").status == 200
        finally:
            broker.start()
        end = time.monotonic() + 45
        while not all_hear(deployment, owner):
            assert time.monotonic() < end, "some worker is still without Redis"
    finally:
        deployment.stop()


def all_hear(deployment: Deployment, owner: Stranger) -> bool:
    # Who was there while Redis was away is sent away: something may have been missed.
    with suppress(ConnectionClosed), ExitStack() as stack:
        listeners = [stack.enter_context(listen(deployment)) for _ in range(8)]
        name = some_name()
        add_product(owner, name=name)
        return not any(is_silent(listener, name, 1) for listener in listeners)
    return False


def test_the_page_lists_what_changed_last(live: Deployment, live_owner: Stranger) -> None:
    """W4."""
    first, second = (add_product(live_owner, name=some_name()) for _ in range(2))
    page = live.visitor().get("/live")
    assert page.status == 200
    listed = [path for path in links_of(page, live.site) if re.match(r"/products/.", path)]
    assert [path for path in listed if path in (first, second)] == [second, first]
    assert "/live" in links_of(live.visitor().get("/"), live.site)


@pytest.mark.browser
def test_changes_appear_in_an_open_page(chromium: Chromium, open_deployment: Deployment) -> None:
    """W4, I1, H2."""
    owner = log_in(open_deployment, demo(open_deployment))
    page = chromium.page()
    page.goto(f"{chromium.site}/live")
    page.get_by_role("status").filter(has_text="Connected").wait_for(timeout=5000)
    name = f"<img src=x onerror=alert(1)> {some_name()}"
    path = add_product(owner, name=name)
    shown = page.locator("#changes > li").first
    shown.get_by_text(name).wait_for(timeout=5000)
    assert "New" in shown.inner_text()
    assert shown.get_by_role("link").get_attribute("href") == path
    assert delete(owner, path).status == 303
    page.locator("#changes > li", has_text="Removed").first.wait_for(timeout=5000)
    assert chromium.wrong == []


@pytest.mark.browser
def test_an_open_page_connects_again(chromium: Chromium, open_deployment: Deployment) -> None:
    """W4."""
    page = chromium.page()
    page.goto(f"{chromium.site}/live")
    page.get_by_role("status").filter(has_text="Connected").wait_for(timeout=5000)
    open_deployment.stop()
    page.get_by_role("status").filter(has_text="again").wait_for(timeout=15000)
    open_deployment.start()
    page.get_by_role("status").filter(has_text="Connected").wait_for(timeout=40000)
    owner = log_in(open_deployment, demo(open_deployment))
    name = some_name()
    add_product(owner, name=name)
    page.locator("#changes > li", has_text=name).wait_for(timeout=5000)
    # What the browser itself says of a server that is gone is no fault of the page.
    chromium.wrong[:] = [each for each in chromium.wrong if "WebSocket connection" not in each]
    assert chromium.wrong == []


def test_several_workers_without_redis_are_warned_about(deployment: Deployment) -> None:
    """W1. Two of them serve on each database, on PostgreSQL with Redis."""
    warning = "Without REDIS_URL live updates stay in their own process."
    is_alone = "REDIS_URL" not in deployment.settings
    assert (warning in deployment.log.read_text()) is is_alone
