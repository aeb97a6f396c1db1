"""Accounts for programs: registering, confirming, and passwords."""

import re
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.accounts import services
from app.accounts.attempts import MAILS
from app.accounts.models import User
from tests.api import body, fields, problem, program_for
from tests.conftest import PASSWORD, MakeUser
from tests.people import (
    ADA,
    ENDLESS,
    OTHER_PASSWORD,
    Mailbox,
    meanwhile,
    note_lengths,
)


def token_in(mail: EmailMessage) -> str:
    """The last part of a page's address, or where there are no pages all of its line."""
    found = re.search(r"^(?:https://\S+/)?([\w-]{43})$", mail.get_content(), re.M)
    assert found
    return found[1]


def test_who_one_is_can_be_asked(app: Flask, make_user: MakeUser) -> None:
    user = make_user()
    response = program_for(app, user).get("/me")
    assert body(response) == {
        "id": user.id,
        "email": "ada@example.com",
        "display_name": "Ada",
        "is_staff": False,
    }
    assert "no-store" in response.headers["Cache-Control"]


def test_a_token_in_a_mail_makes_the_account_once(
    app: Flask, mailbox: Mailbox, session: Session
) -> None:
    program = program_for(app)
    response = program.post("/users", ADA)
    assert (response.status_code, response.data) == (202, b"")
    assert session.scalar(select(func.count(User.id))) == 0
    problem(program.ask_for_token("ada@example.com"), 401)
    [mail] = mailbox()
    assert (mail["To"], mail["Subject"]) == ("ada@example.com", "Confirm your address")
    token = {"token": token_in(mail)}
    assert program.post("/users/confirm", token).status_code == 204
    assert program.ask_for_token("ada@example.com").status_code == 200
    problem(program.post("/users/confirm", token), 404)


def test_a_mail_says_what_to_do(app: Flask, mailbox: Mailbox) -> None:
    program_for(app).post("/users", ADA)
    link = "Open this link"
    token = "Send this token to POST https://example.test/api/users/confirm"
    text = " ".join(mailbox()[0].get_content().split())
    assert (link if "pages" in app.blueprints else token) in text


def test_a_taken_address_gets_the_same_answer_and_another_mail(
    app: Flask, make_user: MakeUser, mailbox: Mailbox
) -> None:
    make_user()
    response = program_for(app).post("/users", ADA)
    assert (response.status_code, response.data) == (202, b"")
    assert mailbox()[0]["Subject"] == "You already have an account"


def test_a_mailbox_gets_only_a_few_of_the_mails_that_are_asked_for(
    app: Flask, make_user: MakeUser, mailbox: Mailbox
) -> None:
    email = make_user().email
    for path, sent in [
        ("/users", ADA),
        ("/password-reset", {"email": email}),
    ] * MAILS:
        response = program_for(app).post(path, sent)
        assert (response.status_code, response.data) == (202, b"")
    assert len(mailbox()) == MAILS


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("email", "ada@example", "does not look like"),
        ("email", "ada@example.com\r\nBcc: eve@evil.test", "does not look like"),
        ("email", 5, "text"),
        ("display_name", " ", "what to call you"),
        ("display_name", "x" * 81, "at most 80"),
        ("display_name", "A\0", "one line"),
        ("password", "elevenchars", "at least 12"),
        ("password", "half ½ only", "at least 12"),
        ("password", "x" * 129, "at most 128"),
        ("password", "P@ssw0rd2026!", "too common"),
        ("password", "ada@example.com", "your e-mail address"),
        ("is_staff", True, "no such field"),
    ],
)
def test_what_will_not_do_is_refused_beside_its_field(
    app: Flask, mailbox: Mailbox, field: str, value: object, reason: str
) -> None:
    response = program_for(app).post("/users", ADA | {field: value})
    assert list(fields(response)) == [field]
    assert reason in fields(response)[field]
    assert mailbox() == []


def test_an_address_may_be_of_any_kind_of_domain(app: Flask, mailbox: Mailbox) -> None:
    for email in ("a@b.arpa", "a@b.test", "{x}@b.invalid"):
        response = program_for(app).post("/users", ADA | {"email": email})
        assert response.status_code == 202
    assert len(mailbox()) == 3


def test_of_many_uses_of_a_reset_token_one_works(
    app: Flask, make_user: MakeUser, mailbox: Mailbox
) -> None:
    user = make_user()
    program = program_for(app, user)
    asked = program.post("/password-reset", {"email": user.email})
    assert (asked.status_code, asked.data) == (202, b"")
    [mail] = mailbox()
    assert mail["Subject"] == "Reset your password"
    reset = {"token": token_in(mail), "password": OTHER_PASSWORD}
    path = "/password-reset/confirm"
    too_short = program.post(path, reset | {"password": "short"})
    assert "at least 12" in fields(too_short)["password"]

    def use(_: int) -> int:
        return program_for(app).post(path, reset).status_code

    with ThreadPoolExecutor(16) as threads:
        answers = sorted(threads.map(use, range(16)))
    assert answers == [204] + [404] * 15
    assert not program.is_logged_in
    assert program.ask_for_token(user.email, OTHER_PASSWORD).status_code == 200
    assert mailbox()[-1]["Subject"] == "Your password was changed"


def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    app: Flask, mailbox: Mailbox
) -> None:
    asked = program_for(app).post("/password-reset", {"email": "nobody@example.com"})
    assert (asked.status_code, asked.data) == (202, b"")
    assert mailbox() == []


def test_a_new_password_ends_all_tokens_this_one_too(
    app: Flask, make_user: MakeUser, mailbox: Mailbox
) -> None:
    user = make_user()
    program, other = program_for(app, user), program_for(app, user)
    change = {"old_password": PASSWORD, "new_password": OTHER_PASSWORD}
    assert program.put("/me/password", change).status_code == 204
    assert not program.is_logged_in
    assert not other.is_logged_in
    assert program.ask_for_token(user.email, OTHER_PASSWORD).status_code == 200
    assert mailbox()[-1]["Subject"] == "Your password was changed"


def test_a_new_password_takes_the_old_one(app: Flask, make_user: MakeUser) -> None:
    program = program_for(app, make_user())
    wrong = {"old_password": OTHER_PASSWORD, "new_password": OTHER_PASSWORD}
    for _ in range(10):
        told = problem(program.put("/me/password", wrong), 403)
    assert told["detail"] == "That is not your password."
    response = program.put("/me/password", wrong | {"old_password": PASSWORD})
    problem(response, 429)
    assert int(response.headers["Retry-After"]) > 0
    assert program.is_logged_in


def test_of_an_endless_password_only_the_beginning_is_looked_at(
    app: Flask, make_user: MakeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = program_for(app, make_user())
    lengths = note_lengths(monkeypatch)
    new = program.post("/users", ADA | {"password": ENDLESS})
    assert "at most 128" in fields(new)["password"]
    old = {"old_password": ENDLESS, "new_password": OTHER_PASSWORD}
    assert list(fields(program.put("/me/password", old))) == ["old_password"]
    assert list(fields(program.ask_for_token(ADA["email"], ENDLESS))) == ["password"]
    assert max(lengths) <= 1000


def test_a_reset_wins_over_a_change_that_is_under_way(
    app: Flask,
    make_user: MakeUser,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user = make_user()
    program = program_for(app, user)
    program.post("/password-reset", {"email": user.email})
    reset = {"token": token_in(mailbox()[0]), "password": OTHER_PASSWORD}

    def use() -> None:
        assert program.post("/password-reset/confirm", reset).status_code == 204

    meanwhile(monkeypatch, services, "hash_password", use)
    change = {"old_password": PASSWORD, "new_password": "four words of some thief"}
    told = problem(program_for(app, user).put("/me/password", change), 403)
    assert told["detail"] == "That is not your password."
    assert program.ask_for_token(user.email, OTHER_PASSWORD).status_code == 200


def test_who_is_deleted_meanwhile_gets_no_token(
    app: Flask, make_user: MakeUser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_user()

    def delete_user() -> None:
        session.execute(delete(User))
        session.commit()

    meanwhile(monkeypatch, services, "verify_password", delete_user)
    problem(program_for(app).ask_for_token(user.email), 401)
