"""The API speaks English, whatever a browser would like to read."""

import pytest

from tests.client import Client
from tests.conftest import PASSWORD, Mailbox
from tests.fixtures_api import LAMP, Program, assert_problem

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
async def test_the_api_speaks_english(
    client: Client, method: str, path: str, body: object
) -> None:
    english = await client.request(method, f"/api{path}", json=body)
    german = await client.request(method, f"/api{path}", json=body, headers=GERMAN)
    assert german.json() == english.json()
    assert "Content-Language" not in german.headers


async def test_rules_are_told_in_english(program: Program) -> None:
    values = LAMP | {"name": " ", "price": "1,50", "stock": -1}
    response = await program.post("/api/products", json=values, headers=GERMAN)
    errors = assert_problem(response, 422)["errors"]
    assert {error["field"]: error["message"] for error in errors} == {
        "name": "Give it a name.",
        "price": "A price is a number from 0 to 999,999.99.",
        "stock": "Stock is a whole number from 0 to 1,000,000.",
    }


async def test_mails_of_the_api_are_in_english(
    client: Client, mailbox: Mailbox
) -> None:
    await client.post("/api/users", json=STRANGER, headers=GERMAN)
    assert [mail["Subject"] for mail in mailbox()] == ["Confirm your address"]
