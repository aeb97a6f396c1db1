"""Accounts by API: registering, and passwords that change."""

from typing import Any

import pytest
from django.core.mail import EmailMessage

from accounts import passwords, services
from accounts.attempts import MAILS
from accounts.models import Attempt, User
from tests.conftest import PASSWORD, token_in
from tests.programs import (
    NEW_PASSWORD,
    Program,
    ask_for_token,
    is_problem,
    program_of,
    wrong_fields,
)

pytestmark = pytest.mark.django_db

Mails = list[EmailMessage]
ANSWER = {"email": "ann@example.com", "display_name": "Ann", "password": PASSWORD}


# Registering


def test_registering_mails_a_token_that_makes_the_account(mailoutbox: Mails) -> None:
    response = Program().send("POST", "/api/users", ANSWER)
    assert (response.status_code, response.content) == (202, b"")
    assert ask_for_token().status_code == 401
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (["ann@example.com"], "Confirm your address")

    body = {"token": token_in(mail)}
    assert Program().send("POST", "/api/users/confirm", body).status_code == 204
    assert ask_for_token().status_code == 200
    assert is_problem(Program().send("POST", "/api/users/confirm", body), 404)


def test_where_there_are_no_pages_a_mail_says_where_to_send_its_token(
    mailoutbox: Mails, settings: Any
) -> None:
    settings.NEXT_STEP = "api.mails.next_step"
    services.register("ann@example.com", "Ann", PASSWORD)
    [mail] = mailoutbox
    assert "POST https://testserver/api/users/confirm " in mail.body
    assert token_in(mail) in str(mail.body).splitlines()


def test_a_taken_address_gets_the_same_answer_and_another_mail(
    ann: User, mailoutbox: Mails
) -> None:
    free = Program().send("POST", "/api/users", ANSWER | {"email": "bob@example.com"})
    taken = Program().send("POST", "/api/users", ANSWER | {"email": "ANN@example.com"})
    assert taken.status_code == free.status_code == 202
    assert taken.content == free.content
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["bob@example.com"], "Confirm your address"),
        (["ann@example.com"], "You already have an account"),
    ]


def test_a_mailbox_gets_only_a_few_of_the_mails_that_are_asked_for(
    ann: User, mailoutbox: Mails
) -> None:
    for path, body in [
        ("/api/users", ANSWER),
        ("/api/password-reset", {"email": ann.email}),
    ] * MAILS:
        response = Program().send("POST", path, body)
        assert (response.status_code, response.content) == (202, b"")
    assert len(mailoutbox) == MAILS


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "ann"),
        ("email", "ann@example"),
        ("email", " ann@example.com"),
        ("email", "ann@example.com\nBcc: bob@example.com"),
        ("email", '"\x0bBcc:bob"@example.com'),
        ("email", f"{'a' * 250}@example.com"),
        ("email", None),
        ("display_name", ""),
        ("display_name", " "),
        ("display_name", "a" * 81),
        ("display_name", "a\0b"),
        ("display_name", "a\x1bb"),
        ("password", "elevenchars"),
        ("password", "a correct horse" * 9),
        ("password", "password1234"),
        ("password", "ann@example.com"),
        ("password", f"{PASSWORD}\0"),
        ("is_staff", True),
    ],
)
def test_values_that_were_sent_are_not_repeated(
    mailoutbox: Mails, field: str, value: object
) -> None:
    response = Program().send("POST", "/api/users", ANSWER | {field: value})
    assert wrong_fields(response) == [field]
    assert PASSWORD not in response.content.decode()
    assert not mailoutbox


@pytest.mark.parametrize(
    "email",
    [
        "a@example.test",
        "a@b.arpa",
        "!#$%&'*+-/=^_`{|}~@xn--bcher-kva.example",
        "A@B.CO",
    ],
)
def test_addresses_of_every_kind_are_taken(mailoutbox: Mails, email: str) -> None:
    response = Program().send("POST", "/api/users", ANSWER | {"email": email})
    assert response.status_code == 202
    assert mailoutbox[0].to == [email.lower()]


def test_a_refused_password_is_explained_as_in_the_forms() -> None:
    body = ANSWER | {"password": "password1234"}
    [error] = Program().send("POST", "/api/users", body).json()["errors"]
    assert error == {"field": "password", "message": passwords.COMMON}
    body = ANSWER | {"password": "short"}
    [error] = Program().send("POST", "/api/users", body).json()["errors"]
    assert error == {"field": "password", "message": passwords.TOO_SHORT}


# Passwords


def test_changing_the_password_ends_all_tokens(ann: User, mailoutbox: Mails) -> None:
    one, other = program_of(ann), program_of(ann)
    body = {"old_password": PASSWORD, "new_password": NEW_PASSWORD}
    response = one.send("PUT", "/api/me/password", body)
    assert (response.status_code, response.content) == (204, b"")
    for program in (one, other):
        assert is_problem(program.send("GET", "/api/me"), 401)
    assert ask_for_token().status_code == 401
    assert ask_for_token(password=NEW_PASSWORD).status_code == 200
    assert [mail.subject for mail in mailoutbox] == ["Your password was changed"]


def test_a_reset_wins_over_a_change_that_is_under_way(
    ann: User, reset_meanwhile: str, mailoutbox: Mails
) -> None:
    body = {"old_password": PASSWORD, "new_password": NEW_PASSWORD}
    response = program_of(ann).send("PUT", "/api/me/password", body)
    assert is_problem(response, 403)
    ann.refresh_from_db()
    assert ann.check_password(reset_meanwhile)
    assert not mailoutbox


def test_what_is_much_too_long_for_a_password_is_not_tried(ann: User) -> None:
    assert wrong_fields(ask_for_token(password="x" * 1001)) == ["password"]
    body = {"old_password": "x" * 1001, "new_password": NEW_PASSWORD}
    response = program_of(ann).send("PUT", "/api/me/password", body)
    assert wrong_fields(response) == ["old_password"]
    assert not Attempt.objects.exists()


def test_a_wrong_old_password_is_refused_and_counts(ann: User) -> None:
    program = program_of(ann)
    body = {"old_password": "wrong password", "new_password": NEW_PASSWORD}
    for _ in range(10):
        assert is_problem(program.send("PUT", "/api/me/password", body), 403)
    response = program.send(
        "PUT", "/api/me/password", body | {"old_password": PASSWORD}
    )
    assert is_problem(response, 429)
    assert int(response["Retry-After"]) > 290
    assert is_problem(ask_for_token(), 429)


@pytest.mark.parametrize("new", ["short", "password1234", "ann@example.com"])
def test_a_new_password_has_to_be_good(ann: User, new: str) -> None:
    body = {"old_password": PASSWORD, "new_password": new}
    response = program_of(ann).send("PUT", "/api/me/password", body)
    assert wrong_fields(response) == ["new_password"]
    assert ask_for_token().status_code == 200


def test_a_mailed_token_sets_a_new_password_once_and_ends_all_tokens(
    ann: User, mailoutbox: Mails
) -> None:
    program = program_of(ann)
    body = {"email": "Ann@example.com"}
    assert Program().send("POST", "/api/password-reset", body).status_code == 202
    path, token = "/api/password-reset/confirm", token_in(mailoutbox[0])

    weak = {"token": token, "password": "ann@example.com"}
    assert wrong_fields(Program().send("POST", path, weak)) == ["password"]
    body = {"token": token, "password": NEW_PASSWORD}
    assert Program().send("POST", path, body).status_code == 204
    assert is_problem(Program().send("POST", path, body), 404)
    assert is_problem(program.send("GET", "/api/me"), 401)
    assert ask_for_token(password=NEW_PASSWORD).status_code == 200


def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    ann: User, mailoutbox: Mails
) -> None:
    answers = [
        Program().send("POST", "/api/password-reset", {"email": email})
        for email in ("ann@example.com", "bob@example.com")
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].content == answers[1].content
    assert len(mailoutbox) == 1


def test_a_token_of_one_kind_is_none_of_another(ann: User, mailoutbox: Mails) -> None:
    Program().send("POST", "/api/password-reset", {"email": ann.email})
    body = {"token": token_in(mailoutbox[0])}
    assert is_problem(Program().send("POST", "/api/users/confirm", body), 404)
    assert is_problem(Program(body["token"]).send("GET", "/api/me"), 401)
