"""Headers, cookies, forged forms, foreign hosts."""

import logging
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from app.accounts.models import User
from tests.browser import Browser
from tests.conftest import PASSWORD

ADDRESSES = ["/", "/login", "/nothing", "/static/site.css", "/products/", "/account"]


@pytest.mark.parametrize("path", [*ADDRESSES, "/healthz", "/products?page=0"])
async def test_every_answer_has_the_headers(browser: Browser, path: str) -> None:
    headers = (await browser.get(path)).headers
    policy = headers["Content-Security-Policy"]
    for part in (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert headers["Permissions-Policy"]
    assert headers["X-Request-ID"]
    assert "Server" not in headers


async def test_the_session_cookie_is_out_of_reach(browser: Browser, ada: User) -> None:
    response = await browser.log_in(ada.email, PASSWORD)
    [cookie] = [
        value
        for value in response.headers.get_list("set-cookie")
        if value.startswith("__Host-session=")
    ]
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= attributes


async def test_pages_of_a_user_are_not_stored(browser: Browser, ada: User) -> None:
    for path in ("/", "/account", "/products"):
        assert "no-store" in (await browser.get(path)).headers["Cache-Control"]


@pytest.mark.parametrize("token", [None, "", "garbage", "x" * 10_000, "ü"])
async def test_a_form_without_its_token_changes_nothing(
    browser: Browser, ada: User, token: str | None
) -> None:
    data = {} if token is None else {"csrf_token": token}
    response = await browser.post("/logout", data=data)
    assert response.status_code == 403
    assert "You may not do that" in response.text
    assert (await browser.get("/account")).status_code == 200


async def test_a_token_counts_in_the_form_of_its_session_only(
    browser: Browser, other_browser: Browser, ada: User
) -> None:
    token = await browser.token("/account")
    foreign = await other_browser.token("/login")
    in_query = await browser.post(f"/logout?csrf_token={token}")
    of_another = await browser.post("/logout", data={"csrf_token": foreign})
    assert (in_query.status_code, of_another.status_code) == (403, 403)
    assert (
        await browser.post("/logout", data={"csrf_token": token})
    ).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://example.test"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_form_from_another_site_is_refused(
    browser: Browser, ada: User, headers: dict[str, str]
) -> None:
    token = await browser.token("/account")
    response = await browser.post(
        "/logout", data={"csrf_token": token}, headers=headers
    )
    assert response.status_code == 403


async def test_no_method_hides_behind_another(browser: Browser, ada: User) -> None:
    token = await browser.token("/account")
    await browser.get(f"/logout?_method=POST&csrf_token={token}")
    await browser.get("/logout", headers={"X-HTTP-Method-Override": "POST"})
    assert (await browser.get("/account")).status_code == 200


@pytest.mark.parametrize("host", ["q8w7.test", "example.test.q8w7.test", "a b", ""])
async def test_another_host_is_refused(browser: Browser, host: str) -> None:
    response = await browser.get("/", headers={"Host": host})
    assert response.status_code == 400
    assert "q8w7" not in response.text


async def test_plain_http_is_sent_to_https(browser: Browser) -> None:
    response = await browser.get("http://example.test/products?q=a%20b")
    assert response.status_code == 308
    assert response.headers["Location"] == "https://example.test/products?q=a%20b"


async def test_only_a_trusted_proxy_says_who_is_asking(app: FastAPI) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.9"}
    for address, status in (("192.0.2.1", 200), ("203.0.113.7", 308)):
        async with Browser(app, address) as browser:
            response = await browser.get("http://example.test/login", headers=headers)
            assert response.status_code == status


async def test_a_body_over_a_megabyte_is_refused(browser: Browser) -> None:
    response = await browser.post("/login", data={"email": "x" * 1024 * 1024})
    assert response.status_code == 413
    assert "That is too much at once" in response.text


async def test_a_body_of_unknown_length_is_read_up_to_a_megabyte(
    browser: Browser,
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 20:
            sent += 1
            yield b"x" * 512 * 1024

    response = await browser.post(
        "/login",
        content=endless(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert response.status_code == 413


@pytest.mark.parametrize(
    "body", [b"email=%00", b"email=%ff", b"email=\xff", b"email=%ED%A0%80"]
)
async def test_what_is_not_text_is_refused(browser: Browser, body: bytes) -> None:
    token = await browser.token("/login")
    response = await browser.post(
        "/login",
        content=b"csrf_token=" + token.encode() + b"&" + body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert response.status_code == 400


@pytest.mark.parametrize("text", ["\\ud800", "\\x00", "Ada"])
@pytest.mark.parametrize("charset", ["unicode_escape", "utf-7", "latin-1", "nothing"])
async def test_a_form_in_another_encoding_is_refused(
    browser: Browser, text: str, charset: str
) -> None:
    fields = {"csrf_token": await browser.token("/login"), "email": text}
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    response = await browser.post(
        "/login",
        content="".join([*parts, "--x--\r\n"]),
        headers={"Content-Type": f"multipart/form-data; boundary=x; charset={charset}"},
    )
    assert response.status_code == 415


@pytest.mark.parametrize(
    "path", ["/products?q=%00", "/products?q=%ff", "/products/%ff"]
)
async def test_addresses_that_are_not_text_are_refused(
    browser: Browser, path: str
) -> None:
    assert (await browser.get(path)).status_code == 400


async def test_the_token_of_a_link_is_not_logged(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "app.requests")
    await browser.get("/password-reset/" + "t" * 43)
    assert caplog.messages[0].startswith("GET /password-reset/{token} 404 ")
