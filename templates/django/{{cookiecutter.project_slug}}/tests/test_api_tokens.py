"""Tokens: how one gets them, and what ends them."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone

from accounts import attempts, services
from accounts.models import Attempt, User
from api import tokens
from api.models import Token
from tests.conftest import PASSWORD
from tests.programs import (
    NEW_PASSWORD,
    Program,
    ask_for_token,
    is_problem,
    program_of,
)

pytestmark = pytest.mark.django_db


def is_known(program: Program) -> bool:
    return bool(program.send("GET", "/api/me").status_code == 200)


def test_an_address_and_a_password_make_a_token(ann: User) -> None:
    response = ask_for_token("ANN@Example.com")
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    answer = response.json()
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 14 * 24 * 3600)
    assert is_known(Program(answer["access_token"]))


def test_only_the_hash_of_a_token_is_stored(ann: User) -> None:
    token = tokens.make(ann)
    [row] = Token.objects.values()
    assert len(row["token_hash"]) == 64
    assert token not in str(row)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(ann: User) -> None:
    wrong = ask_for_token(password="wrong password")
    unknown = ask_for_token("nobody@example.com")
    for response in (wrong, unknown, ask_for_token("a\0b"), ask_for_token("ann")):
        assert is_problem(response, 401)
        assert response["WWW-Authenticate"] == "Bearer"
        assert response.content == wrong.content


def test_somebody_inactive_gets_no_token_and_keeps_none(ann: User) -> None:
    program = program_of(ann)
    User.objects.update(is_active=False)
    assert not is_known(program)
    assert ask_for_token().status_code == 401


def test_after_ten_wrong_passwords_there_is_a_pause(ann: User) -> None:
    for _ in range(10):
        assert ask_for_token(password="wrong").status_code == 401
    response = ask_for_token()
    assert is_problem(response, 429)
    assert 290 < int(response["Retry-After"]) <= 300
    assert not Token.objects.exists()
    Attempt.objects.update(at=timezone.now() - attempts.WINDOW)
    assert ask_for_token().status_code == 200


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer abc", "Bearer \u00e4", "Basic YW5uOmFubg=="],
)
def test_without_a_valid_token_one_is_nobody(
    ann: User, header: str, caplog: pytest.LogCaptureFixture
) -> None:
    response = Program().send("GET", "/api/me", Authorization=header)
    assert is_problem(response, 401)
    assert response["WWW-Authenticate"] == "Bearer"
    assert "Basic" not in caplog.text


def test_the_scheme_of_a_token_may_be_written_in_any_case(ann: User) -> None:
    header = f"bEARER  {tokens.make(ann)}"
    assert Program().send("GET", "/api/me", Authorization=header).status_code == 200


def test_a_revoked_token_is_dead_at_once_and_others_live(ann: User) -> None:
    one, other = program_of(ann), program_of(ann)
    assert one.send("DELETE", "/api/token").status_code == 204
    assert is_problem(one.send("DELETE", "/api/token"), 401)
    assert not is_known(one)
    assert is_known(other)


def test_an_expired_token_is_dead_and_swept_when_the_next_is_made(ann: User) -> None:
    program = program_of(ann)
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert not is_known(program)
    program_of(ann)
    assert Token.objects.count() == 1


def test_tokens_die_with_the_password(ann: User, bob: User) -> None:
    one, other, bobs = program_of(ann), program_of(ann), program_of(bob)
    services.change_password(ann, NEW_PASSWORD)
    assert not is_known(one)
    assert not is_known(other)
    assert is_known(bobs)


def test_a_password_that_changes_during_a_login_leaves_no_token_alive(
    ann: User,
) -> None:
    checked = authenticate(email=ann.email, password=PASSWORD)
    assert isinstance(checked, User)
    services.change_password(ann, NEW_PASSWORD)
    assert not is_known(program_of(checked))


@pytest.mark.django_db(transaction=True)
def test_an_account_that_is_deleted_during_a_login_gets_no_token(
    ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(*args: Any, **credentials: Any) -> Any:
        user = authenticate(*args, **credentials)
        User.objects.all().delete()
        return user

    monkeypatch.setattr(tokens, "authenticate", too_late)
    assert is_problem(ask_for_token(), 401)


def test_no_token_is_ever_logged(ann: User, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = ask_for_token().json()["access_token"]
    Program(token).send("GET", "/api/me")
    Program(token).send("GET", "/api/unknown")
    assert "/api/unknown" in caplog.text
    assert token not in caplog.text
    assert PASSWORD not in caplog.text


def test_who_a_token_belongs_to(ann: User, django_assert_num_queries: Any) -> None:
    program = program_of(ann)
    with django_assert_num_queries(1):
        response = program.send("GET", "/api/me")
    assert response.json() == {
        "id": ann.pk,
        "email": "ann@example.com",
        "display_name": "Ann",
        "is_staff": False,
    }
    assert response["Cache-Control"] == "no-store"
    assert response["Vary"] == "Authorization"
    assert not response.cookies
