"""What the tests of accounts share."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

from flask import Flask

from tests.browser import Browser, browser_for
from tests.conftest import PASSWORD

Mailbox = Callable[[], list[EmailMessage]]
ADA = {"email": "Ada@Example.com", "display_name": "Ada", "password": PASSWORD}
OTHER_PASSWORD = "another four words altogether"


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
