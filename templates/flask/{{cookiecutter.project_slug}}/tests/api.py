"""A program for tests: sends JSON with its token, and reads problems."""

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app.accounts.models import User
from tests.browser import Browser, browser_for
from tests.conftest import PASSWORD

LAMP = {"name": "Lamp", "description": "It shines.", "price": "19.90", "stock": 3}


class Program:
    def __init__(self, browser: Browser, token: str = "") -> None:
        self.browser = browser
        self.token = token

    def send(
        self, method: str, path: str, json: Any = None, **more: Any
    ) -> TestResponse:
        headers = more.pop("headers", {})
        if self.token:
            headers = {"Authorization": f"Bearer {self.token}", **headers}
        return self.browser.open(
            f"/api{path}", method=method, json=json, headers=headers, **more
        )

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.send("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        return self.send("POST", path, json, **more)

    def put(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        return self.send("PUT", path, json, **more)

    def patch(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        return self.send("PATCH", path, json, **more)

    def delete(self, path: str, **more: Any) -> TestResponse:
        return self.send("DELETE", path, **more)

    def ask_for_token(self, email: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/token", {"email": email, "password": password})

    @property
    def is_logged_in(self) -> bool:
        return self.get("/me").status_code == 200

    def add(self, **fields: Any) -> dict[str, Any]:
        response = self.post("/products", LAMP | fields)
        assert response.status_code == 201, response.text
        return body(response)


def program_for(app: Flask, user: User | None = None) -> Program:
    program = Program(browser_for(app))
    if user:
        program.token = body(program.ask_for_token(user.email))["access_token"]
    return program


def body(response: TestResponse) -> dict[str, Any]:
    found = response.json
    assert isinstance(found, dict)
    return found


def problem(response: TestResponse, status: int) -> dict[str, Any]:
    """The problem, after a look at what all of them have in common."""
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    found = body(response)
    assert (found["type"], found["status"]) == ("about:blank", status)
    assert found["title"]
    assert found["detail"].endswith(".")
    return found


def fields(response: TestResponse) -> dict[str, str]:
    """What is said about each field."""
    found = problem(response, 422)
    return {error["field"]: error["message"] for error in found["errors"]}
