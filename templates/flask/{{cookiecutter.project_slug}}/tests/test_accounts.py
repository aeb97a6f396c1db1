"""What people do with their account, and how they get back into it."""

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.accounts import links, services
from app.accounts.models import Link, User
from app.accounts.passwords import hash_password, verify_password
from app.database import now
from tests.browser import Browser
from tests.conftest import PASSWORD, MakeUser
from tests.people import (
    OTHER_PASSWORD,
    Mailbox,
    at_the_same_time,
    is_logged_in,
    link_in,
    meanwhile,
)

# One's own account


def test_a_new_password_ends_the_other_sessions_and_all_links(
    browser: Browser,
    other_browser: Browser,
    ada: User,
    mailbox: Mailbox,
    session: Session,
) -> None:
    other_browser.log_in(ada.email, PASSWORD)
    other_browser.submit("/password-reset", email=ada.email)
    response = browser.submit(
        "/account/password",
        page="/account",
        old_password=PASSWORD,
        new_password=OTHER_PASSWORD,
    )
    assert (response.status_code, response.headers["Location"]) == (303, "/account")
    assert is_logged_in(browser)
    assert not is_logged_in(other_browser)
    assert (browser.get(link_in(mailbox()[0]))).status_code == 404
    session.refresh(ada)
    assert verify_password(OTHER_PASSWORD, ada.password_hash)


def test_a_new_password_takes_the_old_one(browser: Browser, ada: User) -> None:
    passwords = {"old_password": OTHER_PASSWORD, "new_password": OTHER_PASSWORD}
    for _ in range(9):
        response = browser.submit("/account/password", page="/account", **passwords)
        assert response.status_code == 422
    assert "That is not your password." in response.text
    for _ in range(2):
        response = browser.submit("/account/password", page="/account", **passwords)
    assert response.status_code == 429


def test_a_reset_wins_over_a_change_that_is_under_way(
    browser: Browser,
    other_browser: Browser,
    ada: User,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other_browser.submit("/password-reset", email=ada.email)
    link = link_in(mailbox()[0])
    meanwhile(
        monkeypatch,
        services,
        "hash_password",
        lambda: other_browser.submit(link, password=OTHER_PASSWORD),
    )
    response = browser.submit(
        "/account/password",
        page="/account",
        old_password=PASSWORD,
        new_password="four words of some thief",
    )
    assert response.status_code == 422
    assert "That is not your password." in response.text
    assert not is_logged_in(browser)
    assert other_browser.log_in(ada.email, OTHER_PASSWORD).status_code == 303


def test_an_endless_old_password_is_not_looked_at(browser: Browser, ada: User) -> None:
    endless = {"old_password": "x" * 1001, "new_password": OTHER_PASSWORD}
    for _ in range(12):
        response = browser.submit("/account/password", page="/account", **endless)
        assert response.status_code == 422
    assert "That is not your password." in response.text


def test_who_is_deleted_meanwhile_is_sent_to_log_in(
    browser: Browser, ada: User, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def delete_user() -> None:
        session.execute(delete(User))
        session.commit()

    meanwhile(monkeypatch, services, "verify_password", delete_user)
    change = {"old_password": PASSWORD, "new_password": OTHER_PASSWORD}
    response = browser.submit("/account/password", page="/account", **change)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/login")


def test_a_link_to_a_new_address_ends_with_the_password_it_was_asked_with(
    browser: Browser,
    ada: User,
    mailbox: Mailbox,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def change_password() -> None:
        ada.password_hash = hash_password(OTHER_PASSWORD)
        session.commit()

    meanwhile(monkeypatch, links, "make", change_password)
    browser.submit(
        "/account/email", page="/account", email="new@example.com", password=PASSWORD
    )
    assert browser.get(link_in(mailbox()[0])).status_code == 404
    session.refresh(ada)
    assert ada.email == "ada@example.com"


def test_a_new_address_counts_when_its_link_is_opened(
    browser: Browser, ada: User, mailbox: Mailbox, session: Session
) -> None:
    response = browser.submit(
        "/account/email", page="/account", email="New@example.com", password=PASSWORD
    )
    assert (response.status_code, response.headers["Location"]) == (303, "/account")
    session.refresh(ada)
    assert ada.email == "ada@example.com"
    [mail] = mailbox()
    assert (mail["To"], mail["Subject"]) == (
        "new@example.com",
        "Confirm your new address",
    )
    response = browser.get(link_in(mail))
    assert (response.status_code, response.headers["Location"]) == (303, "/account")
    session.refresh(ada)
    assert ada.email == "new@example.com"
    told = mailbox()[-1]
    assert (told["To"], told["Subject"]) == (
        "ada@example.com",
        "Your address was changed",
    )


def test_a_taken_address_is_not_given_to_another(
    browser: Browser,
    ada: User,
    make_user: MakeUser,
    mailbox: Mailbox,
    session: Session,
) -> None:
    new = {"email": "new@example.com", "password": PASSWORD}
    browser.submit("/account/email", page="/account", **new)
    make_user("new@example.com")
    assert (browser.get(link_in(mailbox()[0]))).status_code == 404
    browser.submit("/account/email", page="/account", **new)
    assert mailbox()[-1]["Subject"] == "You already have an account"
    session.refresh(ada)
    assert ada.email == "ada@example.com"


# Forgotten passwords


def test_a_reset_link_works_once_and_ends_all_sessions(
    browser: Browser, other_browser: Browser, ada: User, mailbox: Mailbox
) -> None:
    response = other_browser.submit("/password-reset", email="ADA@example.com")
    assert (response.status_code, response.headers["Location"]) == (
        303,
        "/password-reset/sent",
    )
    [mail] = mailbox()
    assert (mail["To"], mail["Subject"]) == (ada.email, "Reset your password")
    link = link_in(mail)
    refused = other_browser.submit(link, password="short")
    assert refused.status_code == 422
    response = other_browser.submit(link, password=OTHER_PASSWORD)
    assert (response.status_code, response.headers["Location"]) == (303, "/login")
    assert not is_logged_in(browser)
    assert other_browser.get(link).status_code == 404
    assert browser.log_in(ada.email, PASSWORD).status_code == 422
    assert browser.log_in(ada.email, OTHER_PASSWORD).status_code == 303
    assert mailbox()[-1]["Subject"] == "Your password was changed"


def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    browser: Browser, mailbox: Mailbox
) -> None:
    response = browser.submit("/password-reset", email="nobody@example.com")
    assert (response.status_code, response.headers["Location"]) == (
        303,
        "/password-reset/sent",
    )
    assert mailbox() == []


def test_of_many_uses_of_a_reset_link_one_works(
    app: Flask, browser: Browser, make_user: MakeUser, mailbox: Mailbox
) -> None:
    user = make_user()
    browser.submit("/password-reset", email=user.email)
    link = link_in(mailbox()[0])
    token = browser.token(link)
    data = {"csrf_token": token, "password": OTHER_PASSWORD}
    answers = at_the_same_time(app, browser, *[("POST", link, data)] * 16)
    assert sorted(answers) == [303] + [404] * 15


def test_a_reset_link_dies_after_an_hour(
    browser: Browser, make_user: MakeUser, mailbox: Mailbox, session: Session
) -> None:
    user = make_user()
    browser.submit("/password-reset", email=user.email)
    session.execute(update(Link).values(expires_at=now()))
    session.commit()
    assert (browser.get(link_in(mailbox()[0]))).status_code == 404


def test_a_link_is_for_one_purpose(
    browser: Browser, make_user: MakeUser, mailbox: Mailbox
) -> None:
    user = make_user()
    browser.submit("/password-reset", email=user.email)
    token = link_in(mailbox()[0]).rpartition("/")[2]
    for path in ("/register/confirm/", "/account/email/"):
        assert browser.get(path + token).status_code == 404


def test_links_lead_to_the_configured_site(
    browser: Browser, make_user: MakeUser, mailbox: Mailbox
) -> None:
    user = make_user()
    token = browser.token("/password-reset")
    browser.post(
        "/password-reset",
        data={"csrf_token": token, "email": user.email},
        headers={"X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"},
    )
    assert "evil" not in mailbox()[0].get_content()
    assert link_in(mailbox()[0])
