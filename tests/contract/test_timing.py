"""A2, A4, A10, A12, R13: how long an answer takes does not tell who has an account.

`TIMING_PAIRS` says with how many pairs of requests; `poe timing` takes many.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from headstart.proof.browser import Browser
from headstart.proof.page import Page

from .api import Client, ask_for_token, ask_to_enrol
from .deployments import Deployment, Stranger
from .people import FORM_AGAIN, Account, at_once, register, somebody
from .projects import FEATURES
from .timing import BLOCK, BOUND, PAIRS, Action, Pair, certain, difference

PLANTED = 0.005
TRIALS = 200
Noise = Callable[[random.Random], float]
WRONG = "not-the-password-at-all"

# The ruler


def quiet(draw: random.Random) -> float:
    return draw.gauss(0, 0.001) + (draw.random() < 0.05) * draw.expovariate(30)


def lively(draw: random.Random) -> float:
    return draw.expovariate(250)


def measured(draw: random.Random, noise: Noise, planted: float, count: int) -> list[Pair]:
    return [(0.05 + planted + noise(draw), 0.05 + noise(draw)) for _ in range(count)]


@pytest.mark.parametrize("noise", [quiet, lively])
def test_five_milliseconds_are_found_and_chance_is_not(noise: Noise) -> None:
    """A2, A4, A10. Of 200 made-up rounds each; four have to agree before something is found."""
    draw = random.Random(1)  # noqa: S311
    found, alarms = (
        sum(certain(measured(draw, noise, apart, 16)) >= BOUND for _ in range(TRIALS))
        for apart in (PLANTED, 0.0)
    )
    assert found >= 0.95 * TRIALS
    assert alarms <= 0.02 * TRIALS


@contextmanager
def small_server(planted: float) -> Iterator[int]:
    """Serve two pages, one of which takes longer."""
    draw = random.Random(2)  # noqa: S311

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            time.sleep(0.01 + draw.expovariate(500) + planted * (self.path == "/known"))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,)).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("planted", [PLANTED, 0.0])
def test_a_server_that_tells_is_found_out(planted: float) -> None:
    """A2, A4, A10."""
    with small_server(planted) as port, closing(Browser(port, "http://127.0.0.1")) as browser:
        actions = (lambda: browser.get("/known"), lambda: browser.get("/unknown"))
        assert (difference(lambda: actions, max(PAIRS, 32)) >= BOUND) == bool(planted)


# The pages


@pytest.fixture
def accounts(deployment: Deployment) -> Iterator[Account]:
    """Return accounts that nobody has used before, made a few at a time."""

    def endless() -> Iterator[Account]:
        while True:
            yield from at_once(lambda _: register(deployment)[1], range(PAIRS // BLOCK))

    return endless()


def test_a_wrong_password_and_an_unknown_address_take_the_same_time(
    deployment: Deployment, accounts: Iterator[Account]
) -> None:
    """A4, G1. The staff comes in by no other way."""
    visitor = deployment.visitor()
    form = visitor.get("/login").form(["email"])

    def attempt(email: str) -> Page:
        # Each from an address of its own, or the tenth would be too many.
        address = {"X-Forwarded-For": deployment.visitor().headers["X-Forwarded-For"]}
        fields = {"email": email, "password": WRONG}
        page = visitor.post("/login", form.fields | fields, address)
        assert page.status in FORM_AGAIN
        return page

    def prepare() -> tuple[Action, Action]:
        known, unknown = next(accounts).email, somebody().email
        return (lambda: attempt(known), lambda: attempt(unknown))

    assert difference(prepare) < BOUND


def test_registering_a_taken_address_takes_the_same_time(
    deployment: Deployment, accounts: Iterator[Account]
) -> None:
    """A2."""
    visitor = deployment.visitor()
    form = visitor.get("/register").form(["email"])

    def ask(email: str) -> Page:
        fields = {"email": email, "display_name": "A", "password": somebody().password}
        page = visitor.post("/register", form.fields | fields)
        assert page.status == 303
        return page

    def prepare() -> tuple[Action, Action]:
        taken = next(accounts).email
        return (lambda: ask(somebody().email), lambda: ask(taken))

    assert difference(prepare) < BOUND


def test_asking_for_a_reset_takes_the_same_time_for_any_address(
    deployment: Deployment, accounts: Iterator[Account]
) -> None:
    """A10."""
    visitor = deployment.visitor()
    form = visitor.get("/password-reset").form(["email"])

    def ask(email: str) -> Page:
        page = visitor.post("/password-reset", form.fields | {"email": email})
        assert page.status == 303
        return page

    def prepare() -> tuple[Action, Action]:
        known = next(accounts).email
        return (lambda: ask(known), lambda: ask(somebody().email))

    assert difference(prepare) < BOUND


def test_moving_to_a_taken_address_takes_the_same_time(
    accounts: Iterator[Account], member: tuple[Stranger, Account]
) -> None:
    """A12."""
    visitor, account = member
    form = visitor.get("/account").form(["email"])

    def ask(email: str) -> Page:
        fields = {"email": email, "password": account.password}
        page = visitor.post("/account/email", form.fields | fields)
        assert page.status == 303
        return page

    def prepare() -> tuple[Action, Action]:
        taken = next(accounts).email
        return (lambda: ask(taken), lambda: ask(somebody().email))

    assert difference(prepare) < BOUND


# The API


@pytest.mark.skipif("api" not in FEATURES, reason="the project has no `api`")
def test_a_token_for_a_wrong_password_and_an_unknown_address_takes_the_same_time(
    deployment: Deployment, accounts: Iterator[Account]
) -> None:
    """R1, A4."""

    def ask(account: Account) -> Page:
        page = ask_for_token(Client(deployment), replace(account, password=WRONG))
        assert page.status == 401
        return page

    def prepare() -> tuple[Action, Action]:
        known, unknown = next(accounts), somebody()
        return (lambda: ask(known), lambda: ask(unknown))

    assert difference(prepare) < BOUND


@pytest.mark.skipif("api" not in FEATURES, reason="the project has no `api`")
def test_a_taken_address_takes_the_same_time(program: Client, accounts: Iterator[Account]) -> None:
    """R13, A2."""

    def ask(email: str) -> Page:
        page = ask_to_enrol(program, somebody(email=email))
        assert page.status == 202
        return page

    def prepare() -> tuple[Action, Action]:
        taken = next(accounts).email
        return (lambda: ask(somebody().email), lambda: ask(taken))

    assert difference(prepare) < BOUND


@pytest.mark.skipif("api" not in FEATURES, reason="the project has no `api`")
def test_a_reset_by_the_api_takes_the_same_time_for_any_address(
    program: Client, accounts: Iterator[Account]
) -> None:
    """R13, A10."""

    def ask(email: str) -> Page:
        page = program.post("/api/password-reset", {"email": email})
        assert page.status == 202
        return page

    def prepare() -> tuple[Action, Action]:
        known = next(accounts).email
        return (lambda: ask(known), lambda: ask(somebody().email))

    assert difference(prepare) < BOUND
