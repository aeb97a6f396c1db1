"""Headers, foreign hosts and sites, and what is not text."""

from io import BytesIO

import pytest
from flask import Flask

from app.security import is_known
from tests.browser import Browser, browser_for

ADDRESSES = ["/", "/login", "/nothing", "/static/site.css", "/products/", "/account"]


@pytest.mark.parametrize("path", [*ADDRESSES, "/healthz", "/products?page=0"])
def test_every_answer_has_the_headers(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
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


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://example.test"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_from_another_site_is_refused(
    browser: Browser, headers: dict[str, str]
) -> None:
    assert browser.post("/nothing", headers=headers).status_code == 403


def test_a_form_from_this_site_is_read(browser: Browser) -> None:
    headers = {"Origin": "https://example.test", "Sec-Fetch-Site": "same-origin"}
    assert browser.post("/nothing", headers=headers).status_code == 404


@pytest.mark.parametrize("host", ["evil.test", "example.test.evil.test", "a b", ""])
def test_another_host_is_refused(browser: Browser, host: str) -> None:
    response = browser.get("/", headers={"Host": host})
    assert response.status_code == 400
    assert "evil" not in response.text


@pytest.mark.parametrize(
    ("host", "hosts", "known"),
    [
        ("Example.test:8443", ("example.test",), True),
        ("[::1]:8000", ("[::1]",), True),
        ("shop.example.test", ("*.example.test",), True),
        ("shopexample.test", ("*.example.test",), False),
        ("shop.example.test", ("example.test",), False),
        ("", ("example.test",), False),
    ],
)
def test_hosts_are_known_by_their_names(
    host: str, hosts: tuple[str, ...], known: bool
) -> None:
    assert is_known(host, hosts) is known


def test_plain_http_is_sent_to_https(browser: Browser) -> None:
    response = browser.get("/products?q=a%20b", base_url="http://example.test")
    assert response.status_code == 308
    assert response.headers["Location"] == "https://example.test/products?q=a%20b"


def test_only_a_trusted_proxy_says_who_is_asking(app: Flask) -> None:
    proxy, stranger = "192.0.2.1", "203.0.113.7"
    for address, scheme, status in (
        (proxy, "https", 404),
        (proxy, "wss", 404),
        (proxy, "ws", 308),
        (stranger, "https", 308),
    ):
        headers = {"X-Forwarded-Proto": scheme, "X-Forwarded-For": "198.51.100.9"}
        response = browser_for(app, address).get(
            "/nothing", base_url="http://example.test", headers=headers
        )
        assert response.status_code == status


def test_a_body_over_a_megabyte_is_refused(browser: Browser) -> None:
    response = browser.post("/nothing", data={"email": "x" * 1024 * 1024})
    assert response.status_code == 413


def test_a_body_of_unknown_length_is_read_up_to_a_megabyte(browser: Browser) -> None:
    body = BytesIO(b"x" * 10 * 1024 * 1024)
    response = browser.post(
        "/nothing",
        input_stream=body,
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 413
    assert body.tell() < 2 * 1024 * 1024


@pytest.mark.parametrize(
    "body", [b"email=%00", b"email=%ff", b"email=\xff", b"email=%ED%A0%80"]
)
def test_what_is_not_text_is_refused(browser: Browser, body: bytes) -> None:
    response = browser.post(
        "/nothing",
        data=body,
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 400


@pytest.mark.parametrize("path", ["/products?q=%00", "/products?q=%ff", "/a%00"])
def test_addresses_that_are_not_text_are_refused(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 400


@pytest.mark.parametrize(
    "header", ["If-Modified-Since", "If-Unmodified-Since", "If-Range"]
)
def test_a_date_that_cannot_be_is_refused(browser: Browser, header: str) -> None:
    headers = {header: "Thu, 01 Jan 99999999999 00:00:00 GMT"}
    assert browser.get("/static/site.css", headers=headers).status_code == 400


def test_paths_that_are_not_utf8_are_refused(browser: Browser) -> None:
    path = {"PATH_INFO": "/products/\xff"}  # as WSGI servers pass on %FF
    assert browser.get("/", environ_overrides=path).status_code == 400
