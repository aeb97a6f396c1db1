"""What the tests of accounts share."""

import re
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask

from tests.browser import Browser, browser_for
from tests.conftest import PASSWORD

Mailbox = Callable[[], list[EmailMessage]]
ADA = {"email": "Ada@Example.com", "display_name": "Ada", "password": PASSWORD}
OTHER_PASSWORD = "another four words altogether"
# What takes time in proportion to the square of its length to normalise.
ENDLESS = "a" + "\u0315\u0300" * 5000


def link_in(mail: EmailMessage) -> str:
    found = re.search(
        r"^https://example\.test(/\S+)$", mail.get_content(), re.MULTILINE
    )
    assert found
    return found[1]


def is_logged_in(browser: Browser) -> bool:
    return browser.get("/account").status_code == 200


def plant(browser: Browser, cookie: str) -> None:
    browser.set_cookie("__Host-session", cookie, domain="example.test", secure=True)


def at_the_same_time(
    app: Flask, browser: Browser, *requests: tuple[str, str, dict[str, str]]
) -> list[int]:
    """Send requests in parallel, all with the cookie of one browser; their statuses."""

    def send(request: tuple[str, str, dict[str, str]]) -> int:
        method, path, data = request
        own = browser_for(app)
        plant(own, browser.session_cookie)
        return own.open(path, method=method, data=data).status_code

    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(send, requests))


def meanwhile(
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    happens: Callable[[], object],
) -> None:
    """Let something happen just before a function of a module is called, once."""
    function = getattr(module, name)

    def after_that(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(module, name, function)
        # In a thread of its own, for it may be a request, within this one.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(happens).result()
        return function(*args, **kwargs)

    monkeypatch.setattr(module, name, after_that)


def note_lengths(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lengths of the texts that are normalised from now on."""
    lengths, normalize = list[int](), unicodedata.normalize

    def note(form: Any, text: str) -> str:
        lengths.append(len(text))
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", note)
    return lengths
