"""Accounts: registering, logging in and out, forgetting and changing passwords."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Attempt, Link, LoginSession, User
from app.accounts.passwords import verify_password
from app.database import now
from tests.browser import Browser, browser_for, text_of
from tests.conftest import PASSWORD, MakeUser

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


# Registering


def test_a_link_in_a_mail_makes_the_account_and_logs_in_once(
    browser: Browser, other_browser: Browser, mailbox: Mailbox, session: Session
) -> None:
    response = browser.submit("/register", **ADA)
    assert (response.status_code, response.headers["Location"]) == (
        303,
        "/register/sent",
    )
    assert session.scalar(select(func.count(User.id))) == 0
    refused = browser.log_in("ada@example.com", PASSWORD)
    assert "do not match an account" in text_of(refused)

    [mail] = mailbox()
    assert (mail["To"], mail["Subject"]) == ("ada@example.com", "Confirm your address")
    link = link_in(mail)
    assert browser.head(link).status_code == 200
    response = browser.get(link)
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    assert is_logged_in(browser)

    again = other_browser.get(link)
    assert again.status_code == 404
    assert "This link no longer works" in again.text
    assert not is_logged_in(other_browser)


def test_a_taken_address_gets_the_same_answer_and_another_mail(
    browser: Browser, make_user: MakeUser, mailbox: Mailbox, session: Session
) -> None:
    user = make_user()
    response = browser.submit("/register", **ADA | {"password": OTHER_PASSWORD})
    assert (response.status_code, response.headers["Location"]) == (
        303,
        "/register/sent",
    )
    [mail] = mailbox()
    assert mail["To"] == user.email
    assert mail["Subject"] == "You already have an account"
    assert "http" not in mail.get_content()


def test_of_many_registrations_of_an_address_one_becomes_an_account(
    app: Flask, browser: Browser, mailbox: Mailbox, session: Session
) -> None:
    token = browser.token("/register")
    data = ADA | {"csrf_token": token}
    answers = at_the_same_time(app, browser, *[("POST", "/register", data)] * 16)
    assert set(answers) == {303}
    links = [link_in(mail) for mail in mailbox()]
    assert len(links) == 16
    answers = at_the_same_time(app, browser, *(("GET", link, {}) for link in links))
    assert sorted(answers) == [303] + [404] * 15
    assert session.scalar(select(func.count(User.id))) == 1


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("email", "", "does not look like"),
        ("email", "ada@example", "does not look like"),
        ("email", "a b@example.com", "does not look like"),
        ("email", "ada@example.com\r\nBcc: eve@evil.test", "does not look like"),
        ("display_name", " ", "what to call you"),
        ("display_name", "x" * 81, "at most 80"),
        ("display_name", "Ada\nBcc: eve@evil.test", "one line"),
        ("password", "", "at least 12"),
        ("password", "elevenchars", "at least 12"),
        ("password", "x" * 129, "at most 128"),
        ("password", "P@ssw0rd2026!", "too common"),
        ("password", "ada@example.com", "your e-mail address"),
    ],
)
def test_what_will_not_do_is_refused_beside_its_field(
    browser: Browser, mailbox: Mailbox, field: str, value: str, reason: str
) -> None:
    response = browser.submit("/register", **ADA | {field: value})
    assert response.status_code == 422
    error = re.search(f'id="{field}-error">([^<]+)<', response.text)
    assert error
    assert reason in error[1]
    assert PASSWORD not in response.text
    assert mailbox() == []


def test_nobody_makes_themselves_staff(
    browser: Browser, mailbox: Mailbox, session: Session
) -> None:
    extra = {"is_staff": "true", "is_admin": "1", "id": "99"}
    browser.submit("/register", **ADA | extra)
    browser.get(link_in(mailbox()[0]))
    user = session.scalar(select(User))
    assert user
    assert user.is_staff is False
    assert user.password_hash.startswith("$argon2id$")


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
        pages.append(response.text.replace(email, ""))
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
