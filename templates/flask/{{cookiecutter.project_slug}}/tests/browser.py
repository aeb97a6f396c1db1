"""A browser for tests: keeps cookies, and sends forms with the token of their page."""

import re
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Browser(FlaskClient):
    """https://flask.palletsprojects.com/en/stable/testing/"""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("base_url", "https://example.test")
        kwargs.setdefault("buffered", True)
        return super().open(*args, **kwargs)

    def submit(self, path: str, *, page: str = "", **fields: str) -> TestResponse:
        """Open the page of a form, fill the form in, and send it."""
        token = self.token(page or path)
        return self.post(path, data={"csrf_token": token} | fields)

    def token(self, page: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found, f"There is no form on {page}"
        return found[1]

    def log_in(self, email: str, password: str) -> TestResponse:
        return self.submit("/login", email=email, password=password)

    @property
    def session_cookie(self) -> str:
        cookie = self.get_cookie("__Host-session", "example.test")
        return cookie.value if cookie else ""


def browser_for(app: Flask, address: str = "203.0.113.7") -> Browser:
    browser = Browser(app, app.response_class)
    browser.environ_base["REMOTE_ADDR"] = address
    return browser


def text_of(response: TestResponse) -> str:
    """What a person reads on a page."""
    return unescape(re.sub(r"<[^>]+>", "", response.text))
