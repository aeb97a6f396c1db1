"""What every walk through a running project is made of: a stranger, and what they expect."""

import secrets
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from headstart.proof.browser import Browser
from headstart.proof.mailbox import Mailbox
from headstart.proof.page import Page

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
    has_account: bool = False
    old_cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""


class Unexpected(Exception):
    """A page came that is not the expected one."""

    def __init__(self, expected: str, page: Page) -> None:
        super().__init__(expected)
        self.expected = expected
        self.came = f"{page.status} {page.location}".strip()
        if page.status >= 400 and page.document.headings:
            self.came += f" “{page.document.headings[0].strip()}”"


def expect(page: Page, status: int, path: str = "") -> Page:
    """Return the page if it is the expected one.

    Args:
        page: what came.
        status: what should have come.
        path: where a redirect should lead; anywhere, unless given.

    Raises:
        Unexpected: it is not.
    """
    path_came = urlsplit(page.location).path
    # 302 and 303 both send a visitor on; the contract leaves the choice in places.
    status_fits = page.status == status or {page.status, status} == {302, 303}
    if status_fits and (not path or path == path_came):
        return page
    raise Unexpected(f"{status} {path}".strip(), page)
