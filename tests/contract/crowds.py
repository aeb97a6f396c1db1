"""Many who use a site at the same time, while something happens to it."""

import itertools
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Event, Thread

from headstart.proof.page import Page

from .always import SLOWEST
from .api import Client, ask_for_token, seller_of
from .deployments import Deployment
from .people import Account, demo

READ = ("/", "/products", "/api/products", "/login")
BROKEN = 0  # in place of a status: the connection ended without an answer
_rounds = itertools.count(1)


@dataclass(frozen=True)
class Visit:
    """What one request came to, and when."""

    path: str
    status: int
    began: float
    seconds: float
    page: Page | None = None

    @property
    def ended(self) -> float:
        return self.began + self.seconds


@dataclass
class Crowd:
    """People who go on asking until the `with` block ends, one request after the other.

    Args:
        works: what each of them does, again and again; a page comes back.
    """

    works: Sequence[Callable[[], Page]]
    visits: list[Visit] = field(default_factory=list)
    _enough: Event = field(default_factory=Event)
    _threads: list[Thread] = field(default_factory=list)

    def __enter__(self) -> "Crowd":
        self._threads = [Thread(target=self._go_on, args=[work]) for work in self.works]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def _go_on(self, work: Callable[[], Page]) -> None:
        # People read what they see: nobody here is to starve for what others ask.
        while not self._enough.wait(0.05):
            began = time.monotonic()
            try:
                page = work()
                visit = Visit(page.url, page.status, began, time.monotonic() - began, page)
            except (OSError, HTTPException) as error:
                visit = Visit(type(error).__name__, BROKEN, began, time.monotonic() - began)
            self.visits.append(visit)

    def since(self, moment: float) -> list[Visit]:
        """Return the visits that began later."""
        return [visit for visit in list(self.visits) if visit.began > moment]

    def wait_for(self, enough: Callable[[list[Visit]], bool], within: float = 15) -> list[Visit]:
        """Wait until those visits that begin from now on are enough, and return them."""
        now = time.monotonic()
        while not enough(visits := self.since(now)):
            assert time.monotonic() < now + within, f"{sorted({v.status for v in visits})}"
            time.sleep(0.02)
        return visits


def crowd_of(deployment: Deployment, readers: int = 6, writers: int = 1) -> Crowd:
    """Return people who read pages and the API, write, and log in."""
    tokens = [seller_of(deployment).token for _ in range(writers)]
    works = [reading(deployment, number) for number in range(readers)]
    works += [writing(deployment, token) for token in tokens]
    works += [logging_in(deployment, demo(deployment)) for _ in range(writers)]
    return Crowd(works)


def reading(
    deployment: Deployment, number: int = 0, paths: Sequence[str] = READ
) -> Callable[[], Page]:
    """Return what opens one page after the other, always over a new connection."""
    turn = itertools.cycle([*paths[number % len(paths) :], *paths[: number % len(paths)]])

    def read() -> Page:
        visitor = deployment.visitor()
        try:
            return visitor.get(next(turn))
        finally:
            visitor.close()
            deployment.strangers.remove(visitor)

    return read


def writing(
    deployment: Deployment, token: str, acknowledged: list[str] | None = None
) -> Callable[[], Page]:
    """Return what adds a product, and notes the names of those that were acknowledged."""

    def write() -> Page:
        client = Client(deployment, token)
        name = f"Written {next(_rounds)} {id(write)}"
        try:
            page = client.post("/api/products", {"name": name, "price": "1.00", "stock": 1})
        finally:
            client.visitor.close()
        if page.status == 201 and acknowledged is not None:
            acknowledged.append(name)
        return page

    return write


def logging_in(deployment: Deployment, account: Account) -> Callable[[], Page]:
    """Return what asks for a token."""

    def ask() -> Page:
        client = Client(deployment)
        try:
            return ask_for_token(client, account)
        finally:
            client.visitor.close()

    return ask


def check_visits(visits: Iterable[Visit], *allowed: int) -> None:
    """Hold what a crowd met to the promises: a good answer, or one that is allowed, in time."""
    for visit in visits:
        asked = f"{visit.path} {visit.status} after {visit.seconds:.1f} s"
        assert visit.status in (200, 201, *allowed), asked
        assert visit.seconds < SLOWEST, f"U3. {asked}"
        if visit.status == 503:
            check_away(visit.page)


def check_away(page: Page | None) -> None:
    """Hold an answer to what is said while something that is needed is away."""
    assert page is not None
    assert page.status == 503
    assert int(page.headers["Retry-After"]) > 0
    if "/api/" in page.url:
        assert page.headers.get_content_type() == "application/problem+json"
    else:
        assert "<h1>That does not work at the moment</h1>" in page.text
        assert page.headers["X-Request-ID"] in page.text


def can_write(deployment: Deployment, seller: Client) -> bool:
    """Say whether a product can be added; if not, it has to be said rightly."""
    page = seller.post("/api/products", {"name": "A sign of life", "price": "1.00", "stock": 1})
    if page.status == 201:
        return True
    check_away(page)
    return False


def soon(what: Callable[[], bool], within: float = 5.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + within
    while not what():
        assert time.monotonic() < end, f"not within {within} s"
        time.sleep(0.05)
