"""O7, I11. Redis and the mail server are away or say nothing, and clients are slow."""

import itertools
import secrets
import signal
import socket
import sqlite3
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest

from headstart.proof.page import Page

from .accounts import told
from .always import SLOWEST
from .api import Client, seller_of
from .brokers import Redis
from .crowds import Crowd, can_write, soon, writing
from .databases import SQLite
from .deployments import STOPPED_WITHIN, Deployment
from .mail_servers import GONE, REFUSES, SILENT, SLOW, MailServer, mail_server
from .people import (
    add_product,
    admin,
    ask_for_reset,
    ask_to_register,
    at_once,
    demo,
    log_in,
    path_of,
    somebody,
)
from .sizes import SIZE
from .sockets import event_about, listen
from .test_imports import rows, upload
from .wire import head

SLOW_CLIENTS = 200
MAILS = 12  # more than are sent at a time
NOT_SENT = "mail could not be sent"


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def test_a_mail_server_that_fails_changes_no_answer(
    framework: str, project: Path, tmp_path: Path, mails: MailServer
) -> None:
    """O7, A2, A10, U3, U5: gone, silent, slow or refusing an address."""
    settings = {"MAIL_URL": mails.url}
    database = SQLite(tmp_path / "db.sqlite3")
    deployment = Deployment(framework, project, database, tmp_path, settings=settings)
    deployment.prepare()
    deployment.start()
    try:
        wanted = answers(deployment)
        soon(lambda: len(mails.mails) == 3, 10)
        # The silent one last: its mails wait for seconds.
        for manner in (GONE, REFUSES, SLOW, SILENT):
            asked, mails.manner = mails.asked, manner
            before = not_sent(deployment)
            assert answers(deployment) == wanted, manner
            # It was tried, so that what is proven here is no accident.
            soon(partial(was_asked, mails, asked), 10)
            if manner in (GONE, REFUSES):
                # Those of both new accounts; one address gets only so many in an hour.
                soon(partial(are_missing, deployment, before + 2), 10)
        many = at_once(lambda _: ask_to_register(deployment.visitor(), somebody()), range(8 * SIZE))
        assert {page.status for page in many} == {303}
        deployment.check_log()
    finally:
        mails.ended.set()  # whoever waits for an answer hears that there is none
        deployment.stop()


def test_a_mail_server_that_says_nothing_does_not_hold_up_the_end(
    framework: str, project: Path, tmp_path: Path, mails: MailServer
) -> None:
    """O3, O7: a server ends in time while its mails wait, and loses none without a word."""
    mails.manner = SILENT
    settings = {"MAIL_URL": mails.url}
    database = SQLite(tmp_path / "db.sqlite3")
    deployment = Deployment(framework, project, database, tmp_path, settings=settings)
    deployment.prepare()
    try:
        with deployment.serving(deployment.port, deployment.log) as server:
            for _ in range(MAILS):
                assert ask_to_register(deployment.visitor(), somebody()).status == 303
            soon(partial(was_asked, mails, 0), 10)
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(STOPPED_WITHIN) == 0
        deployment.check_log()
        assert not_sent(deployment) == MAILS
    finally:
        mails.ended.set()
        deployment.stop()


def not_sent(deployment: Deployment) -> int:
    return deployment.log.read_text().count(NOT_SENT)


def are_missing(deployment: Deployment, number: int) -> bool:
    """Say whether the log tells of so many mails that were not sent."""
    return not_sent(deployment) >= number


def was_asked(mails: MailServer, before: int) -> bool:
    return mails.asked > before


def answers(deployment: Deployment) -> list[object]:
    """Return what people see who ask for mails, by pages and by the API."""
    here = deployment.visitor()
    person, another = somebody(), somebody()
    pages = [
        ask_to_register(here, person),
        ask_for_reset(deployment.visitor(), demo(deployment).email),
        Client(deployment).post(
            "/api/users",
            {
                "email": another.email,
                "display_name": another.display_name,
                "password": another.password,
            },
        ),
    ]
    return [told(page, person.email, another.email) for page in pages]


def test_a_redis_that_says_nothing_holds_up_nobody(deployment: Deployment, broker: Redis) -> None:
    """O7, U3, W1: it takes what it is sent, and answers nothing."""
    if deployment.settings.get("REDIS_URL") != broker.url:
        pytest.skip("without Redis")
    owner, staff = log_in(deployment, demo(deployment)), log_in(deployment, admin(deployment))
    seller = seller_of(deployment)
    with broker.frozen():
        # Each of them is held to U3.
        for _ in range(4):
            add_product(owner)
            assert can_write(deployment, seller)
        sent = upload(staff, rows([f"Silent {secrets.token_hex(4)}"]))
        assert sent.status == 303
        assert staff.get(path_of(sent)).status == 200
        for path in ("/", "/products", "/live", "/api/products", "/readyz"):
            assert deployment.visitor().get(path).status == 200
    soon(lambda: hears(deployment, seller), 30)


def hears(deployment: Deployment, seller: Client) -> bool:
    """Say whether a change gets to whoever listens."""
    with listen(deployment) as listener:
        name = f"Heard again {secrets.token_hex(4)}"
        seller.post("/api/products", {"name": name, "price": "1.00", "stock": 1})
        try:
            return bool(event_about(listener, name, 1))
        except Exception:  # sent away, because something may have been missed
            return False


@pytest.mark.parametrize("kind", ["head", "body", "reading"])
def test_slow_clients_hold_up_nobody(deployment: Deployment, kind: str) -> None:
    """I11: 200 of them, without a proxy."""
    paths = ["/products", "/api/products", "/login", "/healthz"]
    with slow_clients(deployment, kind, "/login"):
        check_service(deployment, paths)


@pytest.mark.parametrize("kind", ["head", "body"])
def test_slow_clients_hold_up_nobody_without_live_updates(
    without_pages: Deployment, kind: str
) -> None:
    """I11: where no server was chosen that bears many listeners."""
    with slow_clients(without_pages, kind, "/api/token"):
        check_service(without_pages, ["/api/products", "/healthz"])


def test_whoever_waits_for_the_database_does_not_hold_up_the_health_check(
    without_pages: Deployment,
) -> None:
    """O1, O2: more write than there are threads, while somebody else locks a file."""
    assert isinstance(without_pages.database, SQLite)
    token = seller_of(without_pages).token
    without_pages.may_fail = True
    try:
        with closing(sqlite3.connect(without_pages.database.file)) as other:
            other.execute("BEGIN IMMEDIATE")
            with Crowd([writing(without_pages, token) for _ in range(32)]):
                time.sleep(1)
                pages = [without_pages.visitor().get("/healthz") for _ in range(8)]
                other.rollback()
    finally:
        without_pages.may_fail = False
    assert {page.status for page in pages} == {200}
    assert max(page.seconds for page in pages) < 1


@contextmanager
def slow_clients(deployment: Deployment, kind: str, form: str) -> Iterator[None]:
    """Let many send or read slowly, for as long as the `with` block lasts."""
    begin = {
        "head": head(deployment, "GET /healthz HTTP/1.1")[:-2],
        "body": head(
            deployment,
            f"POST {form} HTTP/1.1",
            "Content-Type: application/x-www-form-urlencoded",
            "Content-Length: 5000",
        ),
        "reading": head(deployment, "GET /api/static/swagger-ui-bundle.js HTTP/1.1"),
    }[kind]
    piece = {"head": b"X-A: b\r\n", "body": b"a=b&", "reading": b""}[kind]
    with ExitStack() as stack:
        lines = [stack.enter_context(slow_line(deployment)) for _ in range(SLOW_CLIENTS)]
        for line in lines:
            line.sendall(begin)
        enough = Event()
        dripping = Thread(target=drip, args=[lines, piece, enough])
        dripping.start()
        stack.callback(dripping.join)
        stack.callback(enough.set)
        yield


def check_service(deployment: Deployment, paths: list[str]) -> None:
    """Hold the answers that others get meanwhile to U3."""
    end = time.monotonic() + 2 * SIZE
    pages: list[Page] = []
    path = itertools.cycle(paths)
    while time.monotonic() < end or len(pages) < 8:
        pages.append(deployment.visitor().get(next(path)))
    token = seller_of(deployment)
    assert can_write(deployment, token)
    assert {page.status for page in pages} == {200}
    assert max(page.seconds for page in pages) < SLOWEST
    assert statistics.median(page.seconds for page in pages) < 1


def slow_line(deployment: Deployment) -> socket.socket:
    """Return a connection that can take little at once."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.settimeout(10)
    line.connect(("127.0.0.1", deployment.port))
    return line


def drip(lines: list[socket.socket], piece: bytes, enough: Event) -> None:
    """Send a little of a request now and then."""
    gone: set[socket.socket] = set()
    while not enough.wait(0.5):
        for line in set(lines) - gone if piece else ():
            try:
                line.sendall(piece)
            except OSError:
                gone.add(line)
