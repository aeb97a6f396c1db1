"""What people do with their account, and how they get back into it."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI, Request
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import links, passwords
from app.accounts.dependencies import find_visitor
from app.accounts.models import Link, User
from app.accounts.passwords import verify_password
from app.database import now
from tests.browser import Browser
from tests.conftest import PASSWORD, Mailbox, MakeUser
from tests.people import OTHER_PASSWORD, is_logged_in, link_in

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


async def test_a_page_knows_its_visitor_after_a_rollback_too(
    app: FastAPI, browser: Browser, ada: User
) -> None:
    [key] = [cookie.value for cookie in browser.cookies.jar if "session" in cookie.name]
    assert key
    request = Request({"type": "http", "app": app})
    async with app.state.sessions() as session:
        await find_visitor(request, key, session)
        await session.rollback()
    assert request.state.user.display_name == "Ada"


async def test_a_link_to_a_new_address_dies_with_the_password_it_was_asked_with(
    browser: Browser,
    ada: User,
    mailbox: Mailbox,
    session: AsyncSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make = links.make

    async def make_too_late(*args: Any, **values: Any) -> str:
        await session.execute(update(User).values(password_hash="another"))
        await session.commit()
        return await make(*args, **values)

    monkeypatch.setattr(links, "make", make_too_late)
    new = {"email": "new@example.com", "password": PASSWORD}
    await browser.submit("/account/email", page="/account", **new)
    assert (await browser.get(link_in(mailbox()[0]))).status_code == 404
    await session.refresh(ada)
    assert ada.email == "ada@example.com"


async def test_what_is_too_long_for_a_password_is_not_even_looked_at(
    browser: Browser, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "verify_password", None)
    long = "\u0315\u0300" * 501
    for path, field in (
        ("/account/password", {"old_password": long, "new_password": OTHER_PASSWORD}),
        ("/account/email", {"email": "new@example.com", "password": long}),
    ):
        response = await browser.submit(path, page="/account", **field)
        assert response.status_code == 422
        assert "That is not your password." in response.text
    response = await browser.log_in(ada.email, long)
    assert response.status_code == 422
    assert "do not match an account" in response.text


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
