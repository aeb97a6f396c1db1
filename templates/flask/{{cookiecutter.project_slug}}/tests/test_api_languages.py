"""The API speaks English, whatever a browser would like to read."""

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask

from tests.api import LAMP, fields, program_for
from tests.conftest import PASSWORD, MakeUser

GERMAN = {"Accept-Language": "de", "Cookie": "language=de"}
STRANGER = {"email": "cleo@example.com", "display_name": "Cleo", "password": PASSWORD}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/unknown", None),
        ("DELETE", "/products", None),
        ("POST", "/token", {"email": "ada@example.com", "password": PASSWORD}),
        ("POST", "/users", {"email": "?", "display_name": "", "password": "p"}),
    ],
)
def test_the_api_speaks_english(
    app: Flask, method: str, path: str, body: object
) -> None:
    english = program_for(app).send(method, path, body)
    german = program_for(app).send(method, path, body, headers=GERMAN)
    assert german.json == english.json
    assert "Content-Language" not in german.headers


def test_rules_are_told_in_english(app: Flask, make_user: MakeUser) -> None:
    values = LAMP | {"name": " ", "price": "1,50", "stock": -1}
    program = program_for(app, make_user())
    assert fields(program.post("/products", values, headers=GERMAN)) == {
        "name": "Give it a name.",
        "price": "A price is a number from 0 to 999,999.99.",
        "stock": "Stock is a whole number from 0 to 1,000,000.",
    }


def test_mails_of_the_api_are_in_english(
    app: Flask, mailbox: Callable[[], list[EmailMessage]]
) -> None:
    program_for(app).post("/users", STRANGER, headers=GERMAN)
    assert [mail["Subject"] for mail in mailbox()] == ["Confirm your address"]
