"""The API speaks English, whatever a browser would like to read."""

import pytest
from django.core.mail import EmailMessage

from catalogue.models import Product
from tests.conftest import PASSWORD
from tests.programs import PRODUCT, Program, program_of

GERMAN = {"Accept_Language": "de", "Cookie": "language=de"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/unknown", None),
        ("DELETE", "/api/products", None),
        ("POST", "/api/token", {"email": "ann@example.com", "password": PASSWORD}),
        ("POST", "/api/users", {"email": "?", "display_name": "", "password": "p"}),
    ],
)
def test_the_api_speaks_english(method: str, path: str, body: object) -> None:
    english = Program().send(method, path, body)
    german = Program().send(method, path, body, **GERMAN)
    assert german.json() == english.json()
    assert "Content-Language" not in german


def test_rules_are_told_in_english(lamp: Product) -> None:
    program = program_of(lamp.owner)
    body = PRODUCT | {"name": " ", "price": "1,50", "stock": -1}
    response = program.send("POST", "/api/products", body, **GERMAN)
    assert [error["message"] for error in response.json()["errors"]] == [
        "Give it a name.",
        "A price is a number from 0 to 999,999.99, such as 19.90.",
        "Stock is a whole number from 0 to 1,000,000.",
    ]
    change = {"old_password": "wrong", "new_password": "nine brave sparrows"}
    response = program.send("PUT", "/api/me/password", change, **GERMAN)
    assert response.json()["detail"] == "That is not your password."


@pytest.mark.django_db
def test_mails_of_the_api_are_in_english(mailoutbox: list[EmailMessage]) -> None:
    body = {"email": "ann@example.com", "display_name": "Ann", "password": PASSWORD}
    Program().send("POST", "/api/users", body, **GERMAN)
    assert [mail.subject for mail in mailoutbox] == ["Confirm your address"]
