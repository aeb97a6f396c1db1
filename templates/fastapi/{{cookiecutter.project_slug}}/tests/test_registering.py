"""Registering, and which passwords will do."""

import asyncio
import re

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.attempts import MAILS, MAILS_WINDOW
from app.accounts.models import Attempt, User
from app.database import now
from tests.browser import Browser, text_of
from tests.conftest import PASSWORD, Mailbox, MakeUser
from tests.people import ADA, OTHER_PASSWORD, is_logged_in, link_in

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
    assert len(links) == MAILS
    answers = await asyncio.gather(*(browser.get(link) for link in links))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [303] + [404] * (MAILS - 1)
    assert await session.scalar(select(func.count(User.id))) == 1


async def test_a_mailbox_gets_only_a_few_of_the_mails_that_are_asked_for(
    browser: Browser, mailbox: Mailbox, session: AsyncSession
) -> None:
    for tag in ("", "+a", "+b"):
        for _ in range(3):
            email = f"ada{tag}@example.com"
            response = await browser.submit("/register", **ADA | {"email": email})
            assert response.headers["Location"] == "/register/sent"
    assert len(mailbox()) == MAILS
    await session.execute(update(Attempt).values(at=now() - MAILS_WINDOW))
    await session.commit()
    await browser.submit("/register", **ADA)
    assert len(mailbox()) == MAILS + 1


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("email", "", "does not look like"),
        ("email", "ada@example", "does not look like"),
        ("email", "a b@example.com", "does not look like"),
        ("email", "ada@example.com\r\nBcc: eve@evil.test", "does not look like"),
        ("email", "=?utf-8?q?ada?=@example.com", "does not look like"),
        ("display_name", " ", "what to call you"),
        ("display_name", "x" * 81, "at most 80"),
        ("display_name", "Ada\nBcc: eve@evil.test", "one line"),
        ("password", "", "at least 12"),
        ("password", "elevenchars", "at least 12"),
        ("password", "half ½ only", "at least 12"),
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
