"""What comes back for one request, and what a visitor can do with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPMessage
from http.cookies import Morsel, SimpleCookie
from urllib.parse import urljoin, urlsplit

from headstart.proof.document import Document, Form


class NoSuchForm(LookupError):
    """The page has no form that could be filled in like this."""


@dataclass(frozen=True)
class Page:
    """What came back: one response, read to its end."""

    url: str
    method: str
    status: int
    headers: HTTPMessage
    body: bytes
    seconds: float

    @cached_property
    def text(self) -> str:
        """The body as text."""
        charset = self.headers.get_content_charset("utf-8")
        return self.body.decode(charset, errors="replace")

    @cached_property
    def document(self) -> Document:
        """The body, read as HTML."""
        return Document(self.text)

    @property
    def title(self) -> str:
        """The title of the page."""
        return self.document.title

    @property
    def forms(self) -> list[Form]:
        """The forms of the page."""
        return self.document.forms

    @property
    def location(self) -> str:
        """Where a redirect leads, as a full address; empty for any other answer."""
        target = self.headers["Location"]
        return "" if target is None else urljoin(self.url, target)

    @cached_property
    def cookies(self) -> list[Morsel[str]]:
        """The cookies that this response sets."""
        read = (SimpleCookie(line) for line in self.headers.get_all("Set-Cookie", []))
        return [cookie for jar in read for cookie in jar.values()]

    def form(self, fields: Iterable[str] = (), action: str | None = None) -> Form:
        """Return the form that sends these fields to that address.

        Args:
            fields: names that the form must have.
            action: the path that the form is sent to; any, when not given.

        Raises:
            NoSuchForm: there is none that posts them.
        """
        wanted = set(fields)
        for form in self.forms:
            path = urlsplit(urljoin(self.url, form.action)).path
            fits = wanted <= form.fields.keys() and action in (None, path)
            if fits and form.method == "post":
                return form
        raise NoSuchForm(f"no form with {sorted(wanted)} for {action or 'any address'}")
