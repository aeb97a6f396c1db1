"""Tokens: how a program gets one, and when it ends."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Attempt, User
from app.accounts.passwords import hash_password
from app.api import tokens
from app.api.tokens import ApiToken
from app.database import db, now
from tests.api import LAMP, Program, body, problem, program_for
from tests.browser import Browser, browser_for
from tests.conftest import PASSWORD, MakeUser
from tests.people import OTHER_PASSWORD


def test_a_token_is_given_for_the_right_password(
    app: Flask, make_user: MakeUser
) -> None:
    program = program_for(app)
    response = program.ask_for_token(make_user().email.upper())
    assert response.status_code == 200
    token = body(response)
    assert (token["token_type"], token["expires_in"]) == ("bearer", 14 * 24 * 60 * 60)
    assert "no-store" in response.headers["Cache-Control"]
    assert "Set-Cookie" not in response.headers
    program.token = token["access_token"]
    assert body(program.get("/me"))["email"] == "ada@example.com"


def test_only_the_hash_of_a_token_is_stored(
    app: Flask, make_user: MakeUser, session: Session
) -> None:
    program = program_for(app, make_user())
    stored = session.scalars(select(ApiToken)).one()
    assert program.token not in vars(stored).values()
    assert len(program.token) == 43


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    app: Flask, make_user: MakeUser
) -> None:
    program = program_for(app)
    answers = []
    for email in (make_user().email, "nobody@example.com", "no address", "\0"):
        response = program.ask_for_token(email, OTHER_PASSWORD)
        assert response.headers["WWW-Authenticate"] == "Bearer"
        answers.append(problem(response, 401))
    assert all(answer == answers[0] for answer in answers)


def test_after_ten_wrong_passwords_there_is_a_pause(
    app: Flask, make_user: MakeUser, session: Session
) -> None:
    user, program = make_user(), program_for(app)
    for _ in range(10):
        program.ask_for_token(user.email, OTHER_PASSWORD)
    response = program.ask_for_token(user.email)
    assert problem(response, 429)["detail"].startswith("Wait ")
    assert 290 <= int(response.headers["Retry-After"]) <= 300
    session.execute(update(Attempt).values(at=now() - timedelta(minutes=5)))
    session.commit()
    assert program.ask_for_token(user.email).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer x", "Bearer ä", "Basic YTpi", "Token {}", "Bearer {} x"],
)
def test_without_a_token_one_is_nobody(
    app: Flask, make_user: MakeUser, authorization: str
) -> None:
    program = program_for(app, make_user())
    headers = {"Authorization": authorization.format(program.token)}
    response = program.get("/me", headers=headers)
    problem(response, 401)
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert "Authorization" in response.headers["Vary"]


def test_a_token_that_is_revoked_is_dead_at_once_and_the_others_live(
    app: Flask, make_user: MakeUser
) -> None:
    user = make_user()
    program, other = program_for(app, user), program_for(app, user)
    assert program.delete("/token").status_code == 204
    assert not program.is_logged_in
    assert other.is_logged_in
    problem(program.delete("/token"), 401)


def test_a_token_ends_by_itself_and_is_swept_away(
    app: Flask, make_user: MakeUser, session: Session
) -> None:
    user = make_user()
    program = program_for(app, user)
    session.execute(update(ApiToken).values(expires_at=now()))
    session.commit()
    assert not program.is_logged_in
    program_for(app, user)
    assert session.scalar(select(func.count(ApiToken.id))) == 1


def test_tokens_die_with_the_password(
    app: Flask, make_user: MakeUser, session: Session
) -> None:
    user = make_user()
    program = program_for(app, user)
    user.password_hash = hash_password(OTHER_PASSWORD)
    session.commit()
    assert not program.is_logged_in


def test_a_token_is_made_for_the_password_that_was_looked_at(
    app: Flask, make_user: MakeUser, session: Session
) -> None:
    make_user()
    with app.test_request_context():
        user = db.session.scalars(select(User)).one()
        assert user.password_hash  # read here, and changed by somebody else
        session.execute(update(User).values(password_hash=hash_password(PASSWORD)))
        session.commit()
        token = tokens.issue(user)
    assert not Program(program_for(app).browser, token).is_logged_in


def test_a_cookie_alone_is_nobody(
    app: Flask, browser: Browser, make_user: MakeUser
) -> None:
    user = make_user()
    token = program_for(app, user).token
    browser.set_cookie("token", token, domain="example.test")
    if "pages" in app.blueprints:
        browser.log_in(user.email, PASSWORD)
        headers = {"Authorization": f"Bearer {token}"}
        page = browser_for(app).get("/account", headers=headers)
        assert page.headers["Location"].startswith("/login")
    response = Program(browser).post("/products", LAMP)
    problem(response, 401)
    assert "Set-Cookie" not in response.headers
    assert Program(browser, token).post("/products", LAMP).status_code == 201


def test_no_token_is_written_to_the_log(
    app: Flask, make_user: MakeUser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    program = program_for(app, make_user())
    program.get("/me")
    program.get(f"/{program.token}")
    assert program.token not in caplog.text
    assert PASSWORD not in caplog.text
