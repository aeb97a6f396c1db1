"""The first page, errors, static files."""

import re

import pytest

from app.main import create_app
from app.settings import SITE_NAME, Settings
from tests.browser import Browser, text_of


async def test_the_first_page_has_the_name_of_the_site_and_leads_on(
    browser: Browser,
) -> None:
    response = await browser.get("/")
    assert response.status_code == 200
    title = re.search("<title>(.*)</title>", response.text)
    assert title
    assert text_of(response).startswith(f"\n\n\n  \n  \n  \n  {SITE_NAME}\n")
    for path in ("/products", "/login", "/register"):
        assert f'href="{path}"' in response.text


@pytest.mark.parametrize(
    "path", ["/", "/products", "/login", "/register", "/password-reset"]
)
async def test_head_is_answered_like_get(browser: Browser, path: str) -> None:
    get, head = await browser.get(path), await browser.head(path)
    assert head.status_code == get.status_code == 200
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


async def test_an_unknown_address_has_a_page_of_our_own(browser: Browser) -> None:
    response = await browser.get("/nothing/here")
    assert response.status_code == 404
    assert "There is nothing here" in response.text
    assert SITE_NAME in text_of(response)


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/products/", "/products"),
        ("/products/?q=a%20b", "/products?q=a%20b"),
        ("//evil.test/", "/evil.test"),
        ("/%2F/evil.test/", "/evil.test"),
    ],
)
async def test_a_slash_at_the_end_leads_to_the_address_without_it(
    browser: Browser, path: str, location: str
) -> None:
    response = await browser.get(f"https://example.test{path}")
    assert response.status_code == 308
    assert response.headers["Location"] == location


async def test_a_wrong_method_is_told_the_right_one(browser: Browser) -> None:
    response = await browser.get("/logout")
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"


async def test_the_page_of_an_error_tells_its_number_and_nothing_else(
    settings: Settings,
) -> None:
    async def broken() -> None:
        raise RuntimeError("reason q8w7")

    app = create_app(settings)
    app.add_api_route("/broken", broken)
    browser = Browser(app)
    response = await browser.get("/broken", headers={"X-Request-ID": "our-number"})
    assert response.status_code == 500
    assert response.headers["X-Request-ID"] == "our-number"
    assert "our-number" in response.text
    assert "q8w7" not in response.text


async def test_static_files_are_kept_as_long_as_their_address(browser: Browser) -> None:
    page = await browser.get("/")
    address = re.search(r'"(/static/site\.css\?v=\w+)"', page.text)
    assert address
    response = await browser.get(address[1])
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in response.headers["Cache-Control"]
    assert (
        "immutable"
        not in (await browser.get("/static/site.css")).headers["Cache-Control"]
    )
    assert (await browser.get("/static/../settings.py")).status_code == 404


@pytest.mark.parametrize("path", ["/favicon.ico", "/robots.txt"])
async def test_what_browsers_and_robots_look_for_is_there(
    browser: Browser, path: str
) -> None:
    assert (await browser.get(path)).status_code == 200


async def test_mail_cannot_be_read_in_production(browser: Browser) -> None:
    assert (await browser.get("/dev/mail")).status_code == 404
