"""Accounts: registering, logging in and out, forgetting and changing passwords."""

import asyncio
import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import services, sessions
from app.accounts.models import Attempt, Link, LoginSession, User
from app.accounts.passwords import verify_password
from app.database import now
from tests.browser import Browser, text_of
from tests.conftest import PASSWORD, Mailbox, MakeUser

ADA = {"email": "Ada@Example.com", "display_name": "Ada", "password": PASSWORD}
OTHER_PASSWORD = "b4Hn-81yJ-sG6d-Wf2k"


def link_in(mail: EmailMessage) -> str:
    found = re.search(
        r"^https://example\.test(/\S+)$", mail.get_content(), re.MULTILINE
    )
    assert found
    return found[1]


async def is_logged_in(browser: Browser) -> bool:
    return (await browser.get("/account")).status_code == 200


# Registering


async def test_a_link_in_a_mail_makes_the_account_and_logs_in_once(
    browser: Browser, other_browser: Browser, mailbox: Mailbox, session: AsyncSession
) -> None:
    response = await browser.submit("/register", **ADA)
    assert (response.status_code, response.headers["Location"]) == (
        303,
        "/register/sent",
    )
    assert await session.scalar(select(func.count(User.id))) == 0
    refused = await browser.log_in("ada@example.com", PASSWORD)
    assert "do not match an account" in text_of(refused)

    [mail] = mailbox()
    assert (mail["To"], mail["Subject"]) == ("ada@example.com", "Confirm your address")
    link = link_in(mail)
    assert (await browser.head(link)).status_code == 200
    response = await browser.get(link)
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    assert await is_logged_in(browser)

    again = await other_browser.get(link)
    assert again.status_code == 404
    assert "This link no longer works" in again.text
    assert not await is_logged_in(other_browser)


async def test_a_taken_address_gets_the_same_answer_and_another_mail(
    browser: Browser, make_user: MakeUser, mailbox: Mailbox, session: AsyncSession
) -> None:
    user = await make_user()
    response = await browser.submit("/register", **ADA | {"password": OTHER_PASSWORD})
    assert (response.status_code, response.headers["Location"]) == (
        303,
        "/register/sent",
    )
    [mail] = mailbox()
    assert mail["To"] == user.email
    assert mail["Subject"] == "You already have an account"
    assert "http" not in mail.get_content()


async def test_of_many_registrations_of_an_address_one_becomes_an_account(
    browser: Browser, mailbox: Mailbox, session: AsyncSession
) -> None:
    token = await browser.token("/register")
    data = ADA | {"csrf_token": token}
    answers = await asyncio.gather(
        *(browser.post("/register", data=data) for _ in range(16))
    )
    assert {answer.status_code for answer in answers} == {303}
    links = [link_in(mail) for mail in mailbox()]
    assert len(links) == 16
    answers = await asyncio.gather(*(browser.get(link) for link in links))
    assert sorted(answer.status_code for answer in answers) == [303] + [404] * 15
    assert await session.scalar(select(func.count(User.id))) == 1


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
        ("password", "q8w7z6x5!9183", "your e-mail address"),
    ],
)
async def test_what_will_not_do_is_refused_beside_its_field(
    browser: Browser, mailbox: Mailbox, field: str, value: str, reason: str
) -> None:
    form = ADA | {"email": "q8w7z6x5@example.com", field: value}
    response = await browser.submit("/register", **form)
    assert response.status_code == 422
    error = re.search(f'id="{field}-error">([^<]+)<', response.text)
    assert error
    assert reason in error[1]
    assert PASSWORD not in response.text
    assert mailbox() == []


async def test_nobody_makes_themselves_staff(
    browser: Browser, mailbox: Mailbox, session: AsyncSession
) -> None:
    extra = {"is_staff": "true", "is_admin": "1", "id": "99"}
    await browser.submit("/register", **ADA | extra)
    await browser.get(link_in(mailbox()[0]))
    user = await session.scalar(select(User))
    assert user
    assert user.is_staff is False
    assert user.password_hash.startswith("$argon2id$")


# Logging in and out


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    browser: Browser, make_user: MakeUser
) -> None:
    user = await make_user()
    pages = []
    for email in (user.email, "nobody@example.com"):
        response = await browser.log_in(email, OTHER_PASSWORD)
        assert response.status_code == 422
        assert OTHER_PASSWORD not in response.text
        pages.append(response.text.replace(email, ""))
    assert pages[0] == pages[1]


async def test_the_case_of_an_address_does_not_matter_that_of_a_password_does(
    browser: Browser, make_user: MakeUser
) -> None:
    user = await make_user()
    refused = await browser.log_in(user.email, PASSWORD.upper())
    assert refused.status_code == 422
    assert (await browser.log_in(user.email.upper(), PASSWORD)).status_code == 303


async def test_an_address_with_letters_of_its_own_language_is_the_same_in_both_forms(
    browser: Browser, make_user: MakeUser
) -> None:
    await make_user("ada@xn--mnchen-3ya.de")
    assert (await browser.log_in("Ada@münchen.de", PASSWORD)).status_code == 303


async def test_a_login_that_a_new_password_overtakes_opens_no_session(
    make_user: MakeUser, session: AsyncSession
) -> None:
    user = await make_user()
    checked = await services.authenticate(session, user.email, PASSWORD, "")
    assert checked
    await session.execute(
        update(User).values(password_hash="another"),
        execution_options={"synchronize_session": False},
    )
    await session.commit()
    assert await sessions.log_in(session, checked) is None
    assert await session.scalar(select(func.count(LoginSession.id))) == 0


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
async def test_after_logging_in_one_stays_on_this_site(
    browser: Browser, make_user: MakeUser, target: str, location: str
) -> None:
    user = await make_user()
    response = await browser.submit(
        "/login", email=user.email, password=PASSWORD, next=target
    )
    assert response.headers["Location"] == location


async def test_logging_in_begins_a_new_session(
    browser: Browser, make_user: MakeUser
) -> None:
    user = await make_user()
    browser.cookies.set("__Host-session", "planted", domain="example.test")
    await browser.log_in(user.email, PASSWORD)
    first = browser.cookies["__Host-session"]
    assert first != "planted"
    await browser.log_in(user.email, PASSWORD)
    assert browser.cookies["__Host-session"] != first


async def test_logging_out_ends_the_session_for_every_copy_of_its_cookie(
    browser: Browser, other_browser: Browser, ada: User, session: AsyncSession
) -> None:
    copy = browser.cookies["__Host-session"]
    assert (await browser.get("/logout")).status_code == 405
    assert await is_logged_in(browser)
    await browser.submit("/logout", page="/account")
    other_browser.cookies.set("__Host-session", copy, domain="example.test")
    assert not await is_logged_in(browser)
    assert not await is_logged_in(other_browser)


async def test_a_session_ends_by_itself(
    browser: Browser, ada: User, session: AsyncSession
) -> None:
    await session.execute(update(LoginSession).values(expires_at=now()))
    await session.commit()
    assert not await is_logged_in(browser)


async def test_after_ten_wrong_passwords_there_is_a_pause(
    browser: Browser, other_browser: Browser, make_user: MakeUser, session: AsyncSession
) -> None:
    user = await make_user()
    for _ in range(10):
        assert (await browser.log_in(user.email, OTHER_PASSWORD)).status_code == 422
    for anybody in (browser, other_browser):
        response = await anybody.log_in(user.email, PASSWORD)
        assert response.status_code == 429
        seconds = response.headers["Retry-After"]
        assert 290 <= int(seconds) <= 300
        assert f"Wait {seconds} seconds and try again." in response.text

    await session.execute(update(Attempt).values(at=now() - timedelta(minutes=5)))
    await session.commit()
    assert (await browser.log_in(user.email, PASSWORD)).status_code == 303


async def test_an_address_that_tries_many_accounts_has_to_pause_too(
    browser: Browser, other_browser: Browser, make_user: MakeUser
) -> None:
    user = await make_user()
    for number in range(10):
        await browser.log_in(f"user{number}@example.com", OTHER_PASSWORD)
    assert (await browser.log_in(user.email, PASSWORD)).status_code == 429
    assert (await other_browser.log_in(user.email, PASSWORD)).status_code == 303


async def test_tries_at_the_same_time_are_counted_together(
    browser: Browser, make_user: MakeUser
) -> None:
    user = await make_user()
    token = await browser.token("/login")
    data = {"csrf_token": token, "email": user.email, "password": OTHER_PASSWORD}
    answers = await asyncio.gather(
        *(browser.post("/login", data=data) for _ in range(20))
    )
    assert sum(answer.status_code == 422 for answer in answers) <= 10


# Forgotten passwords


async def test_a_reset_link_works_once_and_ends_all_sessions(
    browser: Browser, other_browser: Browser, ada: User, mailbox: Mailbox
) -> None:
    response = await other_browser.submit("/password-reset", email="ADA@example.com")
    assert (response.status_code, response.headers["Location"]) == (
        303,
        "/password-reset/sent",
    )
    [mail] = mailbox()
    assert (mail["To"], mail["Subject"]) == (ada.email, "Reset your password")
    link = link_in(mail)
    refused = await other_browser.submit(link, password="short")
    assert refused.status_code == 422
    response = await other_browser.submit(link, password=OTHER_PASSWORD)
    assert (response.status_code, response.headers["Location"]) == (303, "/login")
    assert not await is_logged_in(browser)
    assert (await other_browser.get(link)).status_code == 404
    assert (await browser.log_in(ada.email, PASSWORD)).status_code == 422
    assert (await browser.log_in(ada.email, OTHER_PASSWORD)).status_code == 303
    assert mailbox()[-1]["Subject"] == "Your password was changed"


async def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    browser: Browser, mailbox: Mailbox
) -> None:
    response = await browser.submit("/password-reset", email="nobody@example.com")
    assert (response.status_code, response.headers["Location"]) == (
        303,
        "/password-reset/sent",
    )
    assert mailbox() == []


async def test_of_many_uses_of_a_reset_link_one_works(
    browser: Browser, make_user: MakeUser, mailbox: Mailbox
) -> None:
    user = await make_user()
    await browser.submit("/password-reset", email=user.email)
    link = link_in(mailbox()[0])
    token = await browser.token(link)
    data = {"csrf_token": token, "password": OTHER_PASSWORD}
    answers = await asyncio.gather(*(browser.post(link, data=data) for _ in range(16)))
    assert sorted(answer.status_code for answer in answers) == [303] + [404] * 15


async def test_a_reset_link_dies_after_an_hour(
    browser: Browser, make_user: MakeUser, mailbox: Mailbox, session: AsyncSession
) -> None:
    user = await make_user()
    await browser.submit("/password-reset", email=user.email)
    await session.execute(update(Link).values(expires_at=now()))
    await session.commit()
    assert (await browser.get(link_in(mailbox()[0]))).status_code == 404


async def test_a_link_is_for_one_purpose(
    browser: Browser, make_user: MakeUser, mailbox: Mailbox
) -> None:
    user = await make_user()
    await browser.submit("/password-reset", email=user.email)
    token = link_in(mailbox()[0]).rpartition("/")[2]
    for path in ("/register/confirm/", "/account/email/"):
        assert (await browser.get(path + token)).status_code == 404


async def test_links_lead_to_the_configured_site(
    browser: Browser, make_user: MakeUser, mailbox: Mailbox
) -> None:
    user = await make_user()
    token = await browser.token("/password-reset")
    await browser.post(
        "/password-reset",
        data={"csrf_token": token, "email": user.email},
        headers={"X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"},
    )
    assert "evil.test" not in mailbox()[0].get_content()
    assert link_in(mailbox()[0])


# One's own account


async def test_a_new_password_ends_the_other_sessions_and_all_links(
    browser: Browser,
    other_browser: Browser,
    ada: User,
    mailbox: Mailbox,
    session: AsyncSession,
) -> None:
    await other_browser.log_in(ada.email, PASSWORD)
    await other_browser.submit("/password-reset", email=ada.email)
    response = await browser.submit(
        "/account/password",
        page="/account",
        old_password=PASSWORD,
        new_password=OTHER_PASSWORD,
    )
    assert (response.status_code, response.headers["Location"]) == (303, "/account")
    assert await is_logged_in(browser)
    assert not await is_logged_in(other_browser)
    assert (await browser.get(link_in(mailbox()[0]))).status_code == 404
    await session.refresh(ada)
    assert verify_password(OTHER_PASSWORD, ada.password_hash)


async def test_a_new_password_takes_the_old_one(browser: Browser, ada: User) -> None:
    passwords = {"old_password": OTHER_PASSWORD, "new_password": OTHER_PASSWORD}
    for _ in range(9):
        response = await browser.submit(
            "/account/password", page="/account", **passwords
        )
        assert response.status_code == 422
    assert "That is not your password." in response.text
    for _ in range(2):
        response = await browser.submit(
            "/account/password", page="/account", **passwords
        )
    assert response.status_code == 429


async def test_a_new_address_counts_when_its_link_is_opened(
    browser: Browser, ada: User, mailbox: Mailbox, session: AsyncSession
) -> None:
    response = await browser.submit(
        "/account/email", page="/account", email="New@example.com", password=PASSWORD
    )
    assert (response.status_code, response.headers["Location"]) == (303, "/account")
    await session.refresh(ada)
    assert ada.email == "ada@example.com"
    [mail] = mailbox()
    assert (mail["To"], mail["Subject"]) == (
        "new@example.com",
        "Confirm your new address",
    )
    response = await browser.get(link_in(mail))
    assert (response.status_code, response.headers["Location"]) == (303, "/account")
    await session.refresh(ada)
    assert ada.email == "new@example.com"
    told = mailbox()[-1]
    assert (told["To"], told["Subject"]) == (
        "ada@example.com",
        "Your address was changed",
    )


async def test_a_taken_address_is_not_given_to_another(
    browser: Browser,
    ada: User,
    make_user: MakeUser,
    mailbox: Mailbox,
    session: AsyncSession,
) -> None:
    new = {"email": "new@example.com", "password": PASSWORD}
    await browser.submit("/account/email", page="/account", **new)
    await make_user("new@example.com")
    assert (await browser.get(link_in(mailbox()[0]))).status_code == 404
    await browser.submit("/account/email", page="/account", **new)
    assert mailbox()[-1]["Subject"] == "You already have an account"
    await session.refresh(ada)
    assert ada.email == "ada@example.com"
