"""Finds the pages of a site, and the forms on them that change something."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from headstart.proof.document import Form
from headstart.proof.page import Page

from .deployments import Stranger

OF_A_KIND = 2
_NAMED = re.compile(r"(?<=^/products/)(?!new$)[^/]+|(?<=/)\d+(?=/|$)")


def crawl(visitor: Stranger, *starts: str) -> dict[str, Page]:
    """Return the pages that one can reach, two of a kind, by their addresses."""
    pages: dict[str, Page] = {}
    kinds: Counter[str] = Counter()
    waiting = deque(starts or ("/",))
    while waiting:
        address = waiting.popleft()
        kind = kind_of(address)
        if address in pages or kinds[kind] >= OF_A_KIND:
            continue
        kinds[kind] += 1
        pages[address] = page = visitor.follow(visitor.get(address))
        waiting.extend(links_of(page, visitor.site))
    return pages


def kind_of(address: str) -> str:
    """Return an address without what tells it from others of its kind."""
    return _NAMED.sub("*", urlsplit(address).path)


def links_of(page: Page, site: str) -> Iterator[str]:
    """Return where the links of a page lead on the site, as paths with a query."""
    for link in page.document.links:
        target = urlsplit(urljoin(page.url, link))
        if f"{target.scheme}://{target.netloc}" == site:
            yield target._replace(scheme="", netloc="", fragment="").geturl() or "/"


@dataclass(frozen=True)
class Change:
    """A form that changes something, as somebody sees it."""

    visitor: Stranger
    path: str
    form: Form

    @property
    def token(self) -> str:
        """The name of the field with the token against cross-site requests."""
        names = [name for name in self.form.fields if "csrf" in name.lower()]
        assert len(names) == 1, f"C1. the form to {self.path} has the tokens {names}"
        return names[0]

    def filled_in(self, values: dict[str, str]) -> dict[str, str]:
        """Return what is sent when somebody fills in the form."""
        typed = {name: values[name] for name in self.form.fields if name in values}
        return self.form.fields | typed


def changes(visitor: Stranger, *starts: str) -> list[Change]:
    """Return one of each kind of form that changes something."""
    found: dict[str, Change] = {}
    for page in crawl(visitor, *starts).values():
        for form in page.forms:
            path = urlsplit(urljoin(page.url, form.action)).path
            if form.method == "post":
                found.setdefault(kind_of(path), Change(visitor, path, form))
    return list(found.values())
