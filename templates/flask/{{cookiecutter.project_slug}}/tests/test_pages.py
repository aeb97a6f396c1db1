"""The first page, errors, static files."""

import re

import pytest

from app import create_app
from app.accounts import sessions
from app.accounts.models import User
from app.settings import SITE_NAME, Settings
from tests.browser import Browser, browser_for, text_of


def test_the_first_page_has_the_name_of_the_site_and_leads_on(
    browser: Browser,
) -> None:
    response = browser.get("/")
    assert response.status_code == 200
    title = re.search("<title>(.*)</title>", response.text)
    assert title
    assert text_of(response).startswith(f"\n\n\n  \n  \n  \n  {SITE_NAME}\n")
    for path in ("/products", "/login", "/register"):
        assert f'href="{path}"' in response.text


@pytest.mark.parametrize(
    "path", ["/", "/products", "/login", "/register", "/password-reset"]
)
def test_head_is_answered_like_get(browser: Browser, path: str) -> None:
    get, head = browser.get(path), browser.head(path)
    assert head.status_code == get.status_code == 200
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


def test_an_unknown_address_has_a_page_of_our_own(browser: Browser) -> None:
    response = browser.get("/nothing/here")
    assert response.status_code == 404
    assert "There is nothing here" in response.text
    assert SITE_NAME in text_of(response)


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/products/", "/products"),
        ("/products/?q=a%20b", "/products?q=a%20b"),
        ("https://example.test//products/", "/products"),
        ("/products/a%0D%0Ab%3F/", "/products/a%0D%0Ab%3F"),
    ],
)
def test_a_slash_at_the_end_leads_to_the_address_without_it(
    browser: Browser, path: str, location: str
) -> None:
    response = browser.get(path)
    assert response.status_code == 308
    assert response.headers["Location"] == location


@pytest.mark.parametrize("path", ["//evil.test/", "/%2F/evil.test/", "/nothing/"])
def test_a_slash_never_leads_to_where_there_is_nothing(
    browser: Browser, path: str
) -> None:
    assert browser.get(f"https://example.test{path}").status_code == 404


def test_a_wrong_method_is_told_the_right_one(browser: Browser) -> None:
    response = browser.get("/logout")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_the_page_of_an_error_tells_its_number_and_nothing_else(
    settings: Settings,
) -> None:
    def broken() -> str:
        raise RuntimeError("the secret reason")

    app = create_app(settings)
    app.add_url_rule("/broken", view_func=broken)
    response = browser_for(app).get("/broken", headers={"X-Request-ID": "our-number"})
    assert response.status_code == 500
    assert response.headers["X-Request-ID"] == "our-number"
    assert "our-number" in response.text
    assert "secret" not in response.text


def test_the_page_of_an_error_asks_no_database(
    browser: Browser, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(key: str) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(sessions, "user_of", gone)
    for path, status in (("/nothing", 404), ("/account", 500)):
        response = browser.get(path)
        assert response.status_code == status
        assert "Back to the start" in response.text


def test_static_files_are_kept_as_long_as_their_address(browser: Browser) -> None:
    page = browser.get("/")
    address = re.search(r'"(/static/site\.css\?v=\w+)"', page.text)
    assert address
    response = browser.get(address[1])
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in response.headers["Cache-Control"]
    for other in ("/static/site.css", "/static/site.css?v=0123456789abcdef"):
        assert "immutable" not in browser.get(other).headers["Cache-Control"]
    assert browser.get("/static/../settings.py").status_code == 404


@pytest.mark.parametrize("path", ["/favicon.ico", "/robots.txt"])
def test_what_browsers_and_robots_look_for_is_there(
    browser: Browser, path: str
) -> None:
    assert browser.get(path).status_code == 200


def test_mail_cannot_be_read_in_production(browser: Browser) -> None:
    assert browser.get("/dev/mail").status_code == 404
