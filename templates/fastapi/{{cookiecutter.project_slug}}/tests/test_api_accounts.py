"""Accounts by API: the same as in forms, and a token is what the mails are about."""

import asyncio

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.attempts import MAILS
from app.accounts.models import User
from tests.client import Client
from tests.conftest import PASSWORD, Mailbox, MakeUser
from tests.fixtures_api import Program, ask_for_token, assert_problem, fields_of
from tests.people import ADA, OTHER_PASSWORD, token_in

# Registering


async def test_a_mailed_token_makes_the_account_once(
    client: Client, mailbox: Mailbox, session: AsyncSession
) -> None:
    response = await client.post("/api/users", json=ADA)
    assert (response.status_code, response.content) == (202, b"")
    assert await session.scalar(select(func.count(User.id))) == 0
    assert_problem(await ask_for_token(client, ADA["email"]), 401)
    [mail] = mailbox()
    assert (mail["To"], mail["Subject"]) == ("ada@example.com", "Confirm your address")
    token = {"token": token_in(mail)}
    assert (await client.post("/api/users/confirm", json=token)).status_code == 204
    assert_problem(await client.post("/api/users/confirm", json=token), 404)
    assert (await ask_for_token(client, ADA["email"])).status_code == 200


async def test_a_taken_address_gets_the_same_answer_and_another_mail(
    client: Client, make_user: MakeUser, mailbox: Mailbox
) -> None:
    user = await make_user()
    response = await client.post("/api/users", json=ADA)
    assert (response.status_code, response.content) == (202, b"")
    [mail] = mailbox()
    assert mail["To"] == user.email
    assert mail["Subject"] == "You already have an account"


async def test_a_mailbox_gets_only_a_few_of_the_mails_that_are_asked_for(
    client: Client, make_user: MakeUser, mailbox: Mailbox
) -> None:
    email = (await make_user()).email
    for path, sent in [
        ("/api/users", ADA),
        ("/api/password-reset", {"email": email}),
    ] * MAILS:
        response = await client.post(path, json=sent)
        assert (response.status_code, response.content) == (202, b"")
    assert len(mailbox()) == MAILS


async def test_of_many_registrations_of_an_address_one_becomes_an_account(
    client: Client, mailbox: Mailbox, session: AsyncSession
) -> None:
    await asyncio.gather(*(client.post("/api/users", json=ADA) for _ in range(8)))
    tokens = [{"token": token_in(mail)} for mail in mailbox()]
    answers = await asyncio.gather(
        *(client.post("/api/users/confirm", json=token) for token in tokens)
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [204] + [404] * (MAILS - 1)
    assert await session.scalar(select(func.count(User.id))) == 1


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("email", "ada@example", "does not look like"),
        ("email", '"a\x01b"@example.com', "does not look like"),
        ("email", 7, "has to be text"),
        ("display_name", " ", "what to call you"),
        ("display_name", "x" * 81, "at most 80"),
        ("display_name", "a\0b", "one line"),
        ("password", "elevenchars", "at least 12"),
        ("password", "half ½ only", "at least 12"),
        ("password", "x" * 129, "at most 128"),
        ("password", "P@ssw0rd2026!", "too common"),
        ("password", "q8w7z6x5!9183", "your e-mail address"),
        ("is_staff", True, "no such field"),
    ],
)
async def test_what_will_not_do_is_refused_with_its_field(
    client: Client, mailbox: Mailbox, field: str, value: object, reason: str
) -> None:
    user = ADA | {"email": "q8w7z6x5@example.com", field: value}
    response = await client.post("/api/users", json=user)
    [error] = assert_problem(response, 422)["errors"]
    assert error["field"] == field
    assert reason in error["message"]
    assert str(value) not in response.text or value in {" ", 7, True}
    assert mailbox() == []


@pytest.mark.parametrize(
    "host", ["example.test", "home.arpa", "shop.onion", "X.INVALID"]
)
async def test_any_domain_will_do(client: Client, mailbox: Mailbox, host: str) -> None:
    user = ADA | {"email": f"a!#$%&'*+-/=^_`{{|}}~@{host}"}
    assert (await client.post("/api/users", json=user)).status_code == 202
    assert mailbox()[0]["To"].endswith(host.lower())


# Changing the password


async def test_a_new_password_takes_the_old_one(
    program: Program, client: Client
) -> None:
    wrong = {"old_password": OTHER_PASSWORD, "new_password": OTHER_PASSWORD}
    for _ in range(10):
        response = await program.put("/api/me/password", json=wrong)
        assert assert_problem(response, 403)["detail"] == "That is not your password."
    assert_problem(await program.put("/api/me/password", json=wrong), 429)
    assert_problem(await ask_for_token(client, program.user.email), 429)


async def test_a_new_password_has_to_be_a_good_one(program: Program) -> None:
    for new in ("short", "P@ssw0rd2026!", "ada@example.com"):
        passwords = {"old_password": PASSWORD, "new_password": new}
        response = await program.put("/api/me/password", json=passwords)
        assert fields_of(response) == ["new_password"]


async def test_a_new_password_is_told_by_mail(
    program: Program, client: Client, mailbox: Mailbox
) -> None:
    passwords = {"old_password": PASSWORD, "new_password": OTHER_PASSWORD}
    await program.put("/api/me/password", json=passwords)
    assert mailbox()[-1]["Subject"] == "Your password was changed"
    email = program.user.email
    assert_problem(await ask_for_token(client, email), 401)
    assert (await ask_for_token(client, email, OTHER_PASSWORD)).status_code == 200


# Forgotten passwords


async def test_a_mailed_token_sets_the_password_once_and_ends_all_tokens(
    program: Program, client: Client, mailbox: Mailbox
) -> None:
    email = program.user.email
    response = await client.post("/api/password-reset", json={"email": email.upper()})
    assert (response.status_code, response.content) == (202, b"")
    [mail] = mailbox()
    assert (mail["To"], mail["Subject"]) == (email, "Reset your password")
    token = token_in(mail)
    path = "/api/password-reset/confirm"
    refused = await client.post(
        path, json={"token": token, "password": "P@ssw0rd2026!"}
    )
    assert fields_of(refused) == ["password"]
    reset = {"token": token, "password": OTHER_PASSWORD}
    assert (await client.post(path, json=reset)).status_code == 204
    assert_problem(await client.post(path, json=reset), 404)
    assert_problem(await program.get("/api/me"), 401)
    assert (await ask_for_token(client, email, OTHER_PASSWORD)).status_code == 200


async def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    client: Client, mailbox: Mailbox
) -> None:
    unknown = {"email": "nobody@example.com"}
    response = await client.post("/api/password-reset", json=unknown)
    assert (response.status_code, response.content) == (202, b"")
    assert mailbox() == []


async def test_a_token_is_for_one_purpose(
    client: Client, make_user: MakeUser, mailbox: Mailbox
) -> None:
    user = await make_user()
    await client.post("/api/password-reset", json={"email": user.email})
    token = {"token": token_in(mailbox()[0])}
    assert_problem(await client.post("/api/users/confirm", json=token), 404)


async def test_mails_name_the_configured_site_only(
    client: Client, make_user: MakeUser, mailbox: Mailbox
) -> None:
    user = await make_user()
    headers = {"X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"}
    await client.post(
        "/api/password-reset", json={"email": user.email}, headers=headers
    )
    assert "evil.test" not in mailbox()[0].get_content()
    assert "https://example.test/" in mailbox()[0].get_content()
