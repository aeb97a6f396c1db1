"""The walk through a running project: what a person would try first, in that order."""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.parse import urlsplit

from headstart.proof.browser import Browser
from headstart.proof.mailbox import Mailbox
from headstart.proof.page import Page
from headstart.proof.receipts import Receipt, StepFailed

NAME = "Proof of Life"
MAIL_PATIENCE = 5.0


@dataclass(frozen=True)
class Site:
    """A running project, as far as a stranger can know it."""

    port: int
    url: str
    mailbox: Mailbox

    def visitor(self) -> Browser:
        """Return somebody who has never been here."""
        return Browser(self.port, self.url)


@dataclass
class Walk:
    """One stranger's way through a site, and what they keep in mind on it."""

    site: Site
    visitor: Browser
    email: str = field(default_factory=lambda: f"proof-{secrets.token_hex(4)}@example.com")
    password: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    old_cookies: dict[str, str] = field(default_factory=dict)


class _Unexpected(Exception):
    def __init__(self, expected: str, page: Page) -> None:
        super().__init__(expected)
        self.expected = expected
        self.came = f"{page.status} {page.location}".strip()
        if page.status >= 400 and page.document.headings:
            self.came += f" “{page.document.headings[0].strip()}”"


def home_page(walk: Walk) -> str:
    """Open the front page."""
    page = _expect(walk.visitor.get("/"), 200)
    return f"`/` answers, “{page.title.strip()}”"


def register(walk: Walk) -> str:
    """Ask for an account."""
    page = _expect(walk.visitor.get("/register"), 200)
    account = {
        "email": walk.email,
        "display_name": NAME,
        "password": walk.password,
    }
    _expect(walk.visitor.submit(page, account), 303, "/register/sent")
    return f"`/register` takes {walk.email}"


def confirm_by_mail(walk: Walk) -> str:
    """Open the link in the mail."""
    mail = walk.site.mailbox.wait_for(walk.email, patience=MAIL_PATIENCE)
    _expect(walk.visitor.get(mail.link), 303, "/")
    return f"the link in “{mail.subject}” logs in"


def protected_page(walk: Walk) -> str:
    """Open a page that only people who are logged in may see."""
    _expect(walk.visitor.get("/account"), 200)
    return "`/account` opens"


def log_out(walk: Walk) -> str:
    """Log out, and see that it is so."""
    page = _expect(walk.visitor.get("/account"), 200)
    walk.old_cookies = dict(walk.visitor.cookies)
    _expect(walk.visitor.submit(page, {}, action="/logout"), 303)
    _expect(walk.visitor.get("/account"), 303, "/login")
    return "`/account` sends to `/login`"


def log_in_again(walk: Walk) -> str:
    """Log in with the password."""
    page = _expect(walk.visitor.get("/login"), 200)
    account = {"email": walk.email, "password": walk.password}
    _expect(walk.visitor.submit(page, account), 303)
    _expect(walk.visitor.get("/account"), 200)
    return "`/account` opens again"


def old_session_is_dead(walk: Walk) -> str:
    """Replay the cookie from before the logout, as a thief would."""
    with closing(walk.site.visitor()) as thief:
        thief.cookies = dict(walk.old_cookies)
        _expect(thief.get("/account"), 303, "/login")
    return "the cookie from before the logout opens nothing"


STEPS: tuple[Callable[[Walk], str], ...] = (
    home_page,
    register,
    confirm_by_mail,
    protected_page,
    log_out,
    log_in_again,
    old_session_is_dead,
)


def prove(site: Site) -> Iterator[Receipt]:
    """Walk through a site, step by step.

    Args:
        site: a running project.

    Yields:
        A receipt for each step, as soon as it is done.

    Raises:
        StepFailed: a step failed; those after it were not tried.
    """
    with closing(site.visitor()) as visitor:
        walk = Walk(site, visitor)
        for step in STEPS:
            yield _take(step, walk)


def _take(step: Callable[[Walk], str], walk: Walk) -> Receipt:
    name = step.__name__.replace("_", " ")
    started = time.perf_counter()
    try:
        says = step(walk)
    except _Unexpected as error:
        raise StepFailed(name, error.expected, error.came) from error
    except (OSError, HTTPException, LookupError) as error:
        came = str(error) or type(error).__name__
        raise StepFailed(name, "an answer", came) from error
    return Receipt(name, says, time.perf_counter() - started)


def _expect(page: Page, status: int, path: str = "") -> Page:
    path_came = urlsplit(page.location).path
    # 302 and 303 both send a visitor on; the contract leaves the choice in places.
    status_fits = page.status == status or {page.status, status} == {302, 303}
    if status_fits and (not path or path == path_came):
        return page
    raise _Unexpected(f"{status} {path}".strip(), page)
