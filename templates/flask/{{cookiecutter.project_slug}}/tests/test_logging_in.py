"""Logging in and out, and what happens after too many wrong tries."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.accounts import passwords, services, sessions
from app.accounts.models import Attempt, User
from app.accounts.sessions import LoginSession
from app.database import now
from tests.browser import Browser, browser_for, text_of
from tests.conftest import PASSWORD, MakeUser
from tests.people import (
    OTHER_PASSWORD,
    at_the_same_time,
    is_logged_in,
    meanwhile,
    plant,
)

# Logging in and out


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    browser: Browser, make_user: MakeUser
) -> None:
    user = make_user()
    pages = []
    for email in (user.email, "nobody@example.com"):
        response = browser.log_in(email, OTHER_PASSWORD)
        assert response.status_code == 422
        assert OTHER_PASSWORD not in response.text
        # Without the form's token, which says when it was made.
        pages.append(text_of(response).replace(email, ""))
    assert pages[0] == pages[1]


def test_the_case_of_an_address_does_not_matter_that_of_a_password_does(
    browser: Browser, make_user: MakeUser
) -> None:
    user = make_user()
    refused = browser.log_in(user.email, PASSWORD.upper())
    assert refused.status_code == 422
    assert (browser.log_in(user.email.upper(), PASSWORD)).status_code == 303


def test_an_address_may_be_written_with_the_letters_of_its_country(
    browser: Browser, make_user: MakeUser
) -> None:
    make_user("ada@xn--bcher-kva.example")
    assert browser.log_in("Ada@Bücher.example", PASSWORD).status_code == 303


def test_the_right_password_is_right_for_all_who_come_at_the_same_time(
    app: Flask, browser: Browser, make_user: MakeUser
) -> None:
    user = make_user()
    token = browser.token("/login")
    data = {"csrf_token": token, "email": user.email, "password": PASSWORD}
    answers = at_the_same_time(app, browser, *[("POST", "/login", data)] * 10)
    assert answers == [303] * 10


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/products?q=lamp", "/products?q=lamp"),
        ("https://evil.test", "/"),
        ("//evil.test", "/"),
        ("/\\evil.test", "/"),
        ("/\t/evil.test", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_logging_in_one_stays_on_this_site(
    browser: Browser, make_user: MakeUser, target: str, location: str
) -> None:
    user = make_user()
    response = browser.submit(
        "/login", email=user.email, password=PASSWORD, next=target
    )
    assert response.headers["Location"] == location


def test_logging_in_begins_a_new_session(browser: Browser, make_user: MakeUser) -> None:
    user = make_user()
    plant(browser, "planted")
    browser.log_in(user.email, PASSWORD)
    first = browser.session_cookie
    assert first != "planted"
    browser.log_in(user.email, PASSWORD)
    assert browser.session_cookie != first


@pytest.mark.parametrize("space", [b"\xe2\x80\x80", b"\xc2\xa0", b"\xc2\x85", b"\xa0"])
def test_a_cookie_that_only_looks_like_ours_is_none(
    app: Flask, browser: Browser, ada: User, space: bytes
) -> None:
    another = Browser(app, app.response_class, use_cookies=False)
    cookie = f"__Host-session={browser.session_cookie}"
    planted = space.decode("latin-1") + cookie
    for header, status in ((planted, 302), (cookie, 200)):
        response = another.get("/account", headers={"Cookie": header})
        assert response.status_code == status


def test_logging_out_ends_the_session_for_every_copy_of_its_cookie(
    browser: Browser, other_browser: Browser, ada: User, session: Session
) -> None:
    copy = browser.session_cookie
    assert browser.get("/logout").status_code == 405
    assert is_logged_in(browser)
    browser.submit("/logout", page="/account")
    plant(other_browser, copy)
    assert not is_logged_in(browser)
    assert not is_logged_in(other_browser)


def test_a_session_ends_by_itself(
    browser: Browser, ada: User, session: Session
) -> None:
    session.execute(update(LoginSession).values(expires_at=now()))
    session.commit()
    assert not is_logged_in(browser)
    browser.log_in(ada.email, PASSWORD)
    assert session.scalar(select(func.count(LoginSession.id))) == 1


def test_after_ten_wrong_passwords_there_is_a_pause(
    browser: Browser, other_browser: Browser, make_user: MakeUser, session: Session
) -> None:
    user = make_user()
    for _ in range(10):
        assert browser.log_in(user.email, OTHER_PASSWORD).status_code == 422
    for anybody in (browser, other_browser):
        response = anybody.log_in(user.email, PASSWORD)
        assert response.status_code == 429
        seconds = response.headers["Retry-After"]
        assert 290 <= int(seconds) <= 300
        assert f"Wait {seconds} seconds and try again." in response.text

    session.execute(update(Attempt).values(at=now() - timedelta(minutes=5)))
    session.commit()
    assert browser.log_in(user.email, PASSWORD).status_code == 303


def test_an_address_that_tries_many_accounts_has_to_pause_too(
    browser: Browser, other_browser: Browser, make_user: MakeUser
) -> None:
    user = make_user()
    for number in range(10):
        browser.log_in(f"user{number}@example.com", OTHER_PASSWORD)
    assert browser.log_in(user.email, PASSWORD).status_code == 429
    assert other_browser.log_in(user.email, PASSWORD).status_code == 303


def test_tries_at_the_same_time_are_counted_together(
    app: Flask, browser: Browser, make_user: MakeUser
) -> None:
    user = make_user()
    token = browser.token("/login")
    data = {"csrf_token": token, "email": user.email, "password": OTHER_PASSWORD}
    answers = at_the_same_time(app, browser, *[("POST", "/login", data)] * 20)
    assert set(answers) <= {422, 429}
    assert answers.count(422) <= 10


@pytest.mark.parametrize(
    ("addresses", "elsewhere"),
    [
        ([f"2001:db8::{number:x}:1" for number in range(11)], "2001:db8:0:1::1"),
        (["203.0.113.7"] * 5 + ["::ffff:203.0.113.7"] * 6, "::ffff:203.0.113.8"),
        (["", *(f"socket {number}" for number in range(10))], "203.0.113.7"),
    ],
)
def test_who_has_many_addresses_is_one_client(
    app: Flask, addresses: list[str], elsewhere: str
) -> None:
    def try_from(number: int, address: str) -> int:
        own = browser_for(app, address)
        return own.log_in(f"user{number}@example.com", OTHER_PASSWORD).status_code

    answers = [try_from(*one) for one in enumerate(addresses)]
    assert answers == [422] * 10 + [429]
    assert try_from(11, elsewhere) == 422


def test_an_endless_password_is_no_try(browser: Browser, session: Session) -> None:
    response = browser.log_in("ada@example.com", "x" * 1001)
    assert response.status_code == 422
    assert "do not match an account" in text_of(response)
    assert session.scalar(select(func.count(Attempt.id))) == 0


# What happens while a password is looked at


def test_a_password_that_is_changed_meanwhile_stays_changed(
    browser: Browser,
    make_user: MakeUser,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user = make_user()
    others = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", others)

    def change() -> None:
        user.password_hash = passwords.hash_password(OTHER_PASSWORD)
        session.commit()

    # While it is hashed again, for the parameters of its hash are old.
    meanwhile(monkeypatch, services, "hash_password", change)
    assert browser.log_in(user.email, PASSWORD).status_code == 422
    assert browser.log_in(user.email, OTHER_PASSWORD).status_code == 303


def test_a_hash_with_old_parameters_is_renewed(
    browser: Browser,
    make_user: MakeUser,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user = make_user()
    others = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", others)
    assert browser.log_in(user.email, PASSWORD).status_code == 303
    assert is_logged_in(browser)
    session.refresh(user)
    assert ",t=2," in user.password_hash


@pytest.mark.parametrize(
    ("module", "function", "status"),
    [(services, "verify_password", 422), (sessions, "begin", 303)],
)
def test_who_is_deleted_meanwhile_is_not_logged_in(
    browser: Browser,
    make_user: MakeUser,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    function: str,
    status: int,
) -> None:
    user = make_user()

    def delete_user() -> None:
        session.execute(delete(User))
        session.commit()

    meanwhile(monkeypatch, module, function, delete_user)
    assert browser.log_in(user.email, PASSWORD).status_code == status
    assert not is_logged_in(browser)
