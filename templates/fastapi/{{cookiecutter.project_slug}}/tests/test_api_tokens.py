"""Tokens: made, used, ended."""

import logging
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import services
from app.accounts.models import User
from app.accounts.tokens import hash_token
from app.api import tokens
from app.api.tokens import ApiToken
from app.database import now
from app.settings import Settings
from tests.client import Client
from tests.conftest import PASSWORD, MakeUser
from tests.fixtures_api import Program, ask_for_token, assert_problem
from tests.people import OTHER_PASSWORD


async def test_a_token_is_made_with_the_right_password(
    client: Client, make_user: MakeUser
) -> None:
    user = await make_user()
    response = await ask_for_token(client, user.email.upper())
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    token = response.json()
    assert (token["token_type"], token["expires_in"]) == ("bearer", 14 * 24 * 3600)
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    me = await client.get("/api/me", headers=headers)
    assert (me.status_code, me.headers["Cache-Control"]) == (200, "no-store")
    assert me.json() == {
        "id": user.id,
        "email": "ada@example.com",
        "display_name": "Ada",
        "is_staff": False,
    }


async def test_only_the_hash_of_a_token_is_stored(
    program: Program, session: AsyncSession
) -> None:
    stored = await session.scalar(select(ApiToken))
    assert stored
    assert stored.token_hash == hash_token(program.token)
    assert program.token not in vars(stored).values()


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    client: Client, make_user: MakeUser
) -> None:
    user = await make_user()
    answers = []
    for email in (user.email, "nobody@example.com", "no address", "\0@example.com"):
        response = await ask_for_token(client, email, OTHER_PASSWORD)
        assert response.headers["WWW-Authenticate"] == "Bearer"
        answers.append(assert_problem(response, 401))
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer x", "Bearer ü", "Basic YTpi", "x" * 10_000]
)
async def test_without_a_good_token_one_is_nobody(client: Client, value: str) -> None:
    headers = [(b"Authorization", value.encode())]
    for method, path in (
        ("GET", "/api/me"),
        ("DELETE", "/api/token"),
        ("PUT", "/api/me/password"),
        ("POST", "/api/products"),
        ("PATCH", "/api/products/1"),
        ("DELETE", "/api/products/1"),
    ):
        body = "{}" if method in {"POST", "PUT", "PATCH"} else ""
        response = await client.request(
            method,
            path,
            content=body,
            headers=[*headers, (b"Content-Type", b"application/json")],
        )
        assert_problem(response, 401)
        assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_a_token_that_is_ended_is_dead_at_once(program: Program) -> None:
    assert (await program.delete("/api/token")).status_code == 204
    assert_problem(await program.get("/api/me"), 401)
    assert_problem(await program.delete("/api/token"), 401)


async def test_one_token_can_be_ended_without_the_others(
    program: Program, client: Client
) -> None:
    other = (await ask_for_token(client, program.user.email)).json()["access_token"]
    await program.delete("/api/token")
    headers = {"Authorization": f"Bearer {other}"}
    assert (await client.get("/api/me", headers=headers)).status_code == 200


async def test_a_token_ends_by_itself_and_is_swept_away(
    program: Program, client: Client, session: AsyncSession
) -> None:
    await session.execute(update(ApiToken).values(expires_at=now()))
    await session.commit()
    assert_problem(await program.get("/api/me"), 401)
    await ask_for_token(client, program.user.email)
    assert await session.scalar(select(func.count(ApiToken.id))) == 1


async def test_tokens_die_with_the_password(
    program: Program, client: Client, session: AsyncSession
) -> None:
    other = (await ask_for_token(client, program.user.email)).json()["access_token"]
    passwords = {"old_password": PASSWORD, "new_password": OTHER_PASSWORD}
    response = await program.put("/api/me/password", json=passwords)
    assert response.status_code == 204
    for token in (program.token, other):
        headers = {"Authorization": f"Bearer {token}"}
        assert_problem(await client.get("/api/me", headers=headers), 401)


async def test_a_token_that_a_new_password_overtakes_is_dead(
    make_user: MakeUser, session: AsyncSession, settings: Settings, client: Client
) -> None:
    user = await make_user()
    checked = await services.authenticate(session, user.email, PASSWORD, "")
    assert checked
    await session.execute(
        update(User).values(password_hash="another"),
        execution_options={"synchronize_session": False},
    )
    await session.commit()
    token = await tokens.make(session, settings, checked)
    headers = {"Authorization": f"Bearer {token}"}
    assert_problem(await client.get("/api/me", headers=headers), 401)


async def test_who_is_deleted_while_logging_in_gets_no_token(
    client: Client,
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
    assert_problem(await ask_for_token(client, user.email), 401)


async def test_tokens_survive_nothing_but_the_key_of_this_site(
    program: Program, session: AsyncSession
) -> None:
    await session.execute(update(ApiToken).values(password_fingerprint="0" * 64))
    await session.commit()
    assert_problem(await program.get("/api/me"), 401)


async def test_after_ten_wrong_passwords_there_is_a_pause(
    client: Client, make_user: MakeUser
) -> None:
    user = await make_user()
    for _ in range(10):
        assert_problem(await ask_for_token(client, user.email, OTHER_PASSWORD), 401)
    response = await ask_for_token(client, user.email)
    problem = assert_problem(response, 429)
    assert 290 <= int(response.headers["Retry-After"]) <= 300
    assert problem["detail"].startswith("Wait ")


async def test_no_token_is_logged(
    client: Client, program: Program, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await program.get("/api/me")
    await ask_for_token(client, program.user.email)
    await client.get("/api/me", headers={"Authorization": "Bearer secret-q8w7"})
    assert program.token not in caplog.text
    assert "q8w7" not in caplog.text
    assert PASSWORD not in caplog.text
