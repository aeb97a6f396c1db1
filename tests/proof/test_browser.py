from contextlib import closing
from http.client import HTTPMessage

import pytest

from headstart.proof.browser import Browser, Strayed
from headstart.proof.page import NoSuchForm, Page
from headstart.proof.steps import Site


def page_with(body: str, url: str = "https://localhost/here") -> Page:
    return Page(url, "GET", 200, HTTPMessage(), body.encode(), 0.0)


def test_the_browser_plays_the_proxy(site: Site) -> None:
    with closing(Browser(site.port, site.url, address="203.0.113.7")) as visitor:
        text = visitor.get("/echo", {"X-More": "yes"}).text
    assert "Host: localhost\n" in text
    assert "X-Forwarded-Proto: https\n" in text
    assert "X-Forwarded-For: 203.0.113.7\n" in text
    assert "X-More: yes\n" in text


def test_a_secure_cookie_is_kept_and_sent_until_it_is_over(visitor: Browser) -> None:
    visitor.cookies = {"session": "kept"}
    assert "Cookie: session=kept\n" in visitor.get("/echo").text
    visitor.post("/logout", {})
    assert visitor.cookies == {}


def test_a_form_is_sent_with_its_hidden_fields(visitor: Browser) -> None:
    page = visitor.get("/register")
    account = {"email": "a@b.test", "display_name": "A", "password": "p"}
    sent = visitor.submit(page, account)
    assert (sent.status, sent.location) == (303, "https://localhost/register/sent")
    assert visitor.post("/register", account).status == 403


def test_the_form_is_chosen_by_its_fields_or_its_address() -> None:
    page = page_with(
        "<form><input name=email></form>"
        "<form method=post action=/logout></form>"
        "<form method=post><input name=email></form>"
    )
    assert page.form(["email"]) is page.forms[2]
    assert page.form(action="/logout") is page.forms[1]
    assert page.form(["email"], "/here") is page.forms[2]
    with pytest.raises(NoSuchForm):
        page.form(["email"], "/logout")


def test_redirects_are_followed_on_the_site_and_not_beyond(visitor: Browser) -> None:
    assert visitor.follow(visitor.get("/account")).url == ("https://localhost/login?next=/account")
    with pytest.raises(Strayed):
        visitor.follow(visitor.get("/redirected"))
    with pytest.raises(Strayed):
        visitor.get("https://localhost.evil.test/")


def test_a_connection_that_the_server_closed_is_opened_again(visitor: Browser) -> None:
    visitor.get("/", {"Connection": "close"})
    assert visitor.get("/").status == 200
