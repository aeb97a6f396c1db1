"""Logging in and out, and what happens after too many wrong tries."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import services, sessions
from app.accounts.models import Attempt, User
from app.accounts.sessions import LoginSession
from app.database import now
from app.settings import Settings
from tests.browser import Browser
from tests.conftest import PASSWORD, MakeUser
from tests.people import OTHER_PASSWORD, is_logged_in

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
    make_user: MakeUser, session: AsyncSession, settings: Settings
) -> None:
    user = await make_user()
    checked = await services.authenticate(session, user.email, PASSWORD, "")
    assert checked
    await session.execute(
        update(User).values(password_hash="another"),
        execution_options={"synchronize_session": False},
    )
    await session.commit()
    key = await sessions.log_in(session, settings, checked)
    session.expire_all()
    assert await sessions.user_of(session, settings, key) is None


async def test_who_is_deleted_while_logging_in_has_to_log_in(
    browser: Browser,
    make_user: MakeUser,
    session: AsyncSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log_in = services.log_in

    async def log_in_and_go(*args: Any) -> User | None:
        found = await log_in(*args)
        await session.execute(delete(User))
        await session.commit()
        return found

    monkeypatch.setattr(services, "log_in", log_in_and_go)
    user = await make_user()
    response = await browser.log_in(user.email, PASSWORD)
    assert (response.status_code, response.headers["Location"]) == (303, "/login")


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


@pytest.mark.parametrize("space", [b"\xe2\x80\x80", b"\xc2\xa0", b"\xc2\x85", b"\xa0"])
async def test_a_cookie_that_only_looks_like_ours_is_none(
    browser: Browser, ada: User, space: bytes
) -> None:
    await browser.log_in(ada.email, PASSWORD)
    cookie = f"__Host-session={browser.cookies['__Host-session']}".encode()
    browser.cookies.clear()
    for planted, status in ((space + cookie, 303), (cookie, 200)):
        response = await browser.get("/account", headers=[(b"Cookie", planted)])
        assert response.status_code == status


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
    await browser.log_in(ada.email, PASSWORD)
    assert await session.scalar(select(func.count(LoginSession.id))) == 1


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
