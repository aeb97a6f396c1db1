"""What the tests of the API share."""

import json
from typing import Any

from accounts.models import User
from api import tokens
from tests.conftest import PASSWORD, Browser

NEW_PASSWORD = "eleven loud magpies"
PRODUCT = {"name": "Tea towel", "description": "Linen.", "price": "11.90", "stock": 7}


class Program(Browser):
    """A client that sends and reads JSON, with a token or without."""

    def __init__(self, token: str = "") -> None:
        super().__init__()
        self.token = token

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: Any = b"",
        **headers: str,
    ) -> Any:
        """Send a body as JSON, or one that is written already."""
        data = raw if body is None else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            named["Authorization"] = f"Bearer {self.token}"
        kind = named.pop("Content-Type", "application/json")
        return self.generic(method, path, data, kind, headers=named)


def program_of(user: User) -> Program:
    return Program(tokens.make(user))


def ask_for_token(email: str = "ann@example.com", password: str = PASSWORD) -> Any:
    credentials = {"email": email, "password": password}
    return Program().send("POST", "/api/token", credentials)


def is_problem(response: Any, status: int) -> bool:
    """Whether an answer describes a problem as RFC 9457 wants it."""
    found = response.json()
    return bool(
        response.status_code == found["status"] == status
        and response["Content-Type"] == "application/problem+json"
        and response["Cache-Control"] == "no-store"
        and found["type"] == "about:blank"
        and found["title"]
        and found["detail"].endswith(".")
    )


def wrong_fields(response: Any) -> list[str]:
    """Return what a 422 complains about."""
    assert is_problem(response, 422)
    errors = response.json()["errors"]
    assert all(error["message"].endswith(".") for error in errors)
    return [error["field"] for error in errors]
