"""Talks to a project's API as a program does: JSON, tokens and problems."""

import itertools
import json
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from headstart.proof.page import Page

from .always import SHORTEST_SECRET
from .deployments import TOKEN, Deployment, Stranger
from .people import Account, demo, somebody

JSON = "application/json"
PROBLEM = "application/problem+json"
CONFIRM = "Confirm your address"
RESET = "Reset your password"
MEMBERS = {"type", "title", "status", "detail", "errors", "request_id"}
# RFC 9110 calls them otherwise than Python did before 3.13.
PHRASES = {
    413: {"Content Too Large", "Request Entity Too Large"},
    422: {"Unprocessable Content", "Unprocessable Entity"},
}
# Something good for each address that takes a body from anybody, and for new products.
BODIES: dict[str, dict[str, object]] = {
    "/api/token": {"email": "nobody@example.com", "password": "not-a-password"},
    "/api/users": {"email": "a@example.com", "display_name": "A", "password": "a long sentence"},
    "/api/users/confirm": {"token": "made-up"},
    "/api/password-reset": {"email": "nobody@example.com"},
    "/api/password-reset/confirm": {"token": "made-up", "password": "a long sentence"},
    "/api/products": {"name": "A", "price": "1", "stock": 1},
}
_NOTHING = object()
_numbers = itertools.count(1)


class Client:
    """A program that knows the API, and perhaps a token.

    Each has an address of its own, because tries at passwords are counted by
    address too.
    """

    def __init__(
        self, deployment: Deployment, token: str = "", visitor: Stranger | None = None
    ) -> None:
        self.deployment = deployment
        self.token = token
        self.visitor = visitor or deployment.visitor()

    def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Page:
        """Send bytes, and hold the answer to what is true of all answers of an API."""
        sent = {"Content-Type": JSON} if body else {}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        page = self.visitor.request(method, path, body, sent | dict(headers or {}))
        assert not page.cookies, f"R12. {method} {path} sets a cookie"
        if page.status >= 400 and method != "HEAD":
            check_problem(page)
        return page

    def ask(
        self,
        method: str,
        path: str,
        value: object = _NOTHING,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """Send a value as JSON, and keep in mind that its passwords are never to be seen."""
        if value is _NOTHING:
            return self.send(method, path, headers=headers)
        if isinstance(value, Mapping):
            self._keep_passwords(value)
        return self.send(method, path, json.dumps(value).encode(), headers)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Page:
        """Read something."""
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, value: object, headers: Mapping[str, str] | None = None) -> Page:
        """Make something."""
        return self.ask("POST", path, value, headers)

    def put(self, path: str, value: object, headers: Mapping[str, str] | None = None) -> Page:
        """Change all of something."""
        return self.ask("PUT", path, value, headers)

    def patch(self, path: str, value: object, headers: Mapping[str, str] | None = None) -> Page:
        """Change some of something."""
        return self.ask("PATCH", path, value, headers)

    def delete(self, path: str, headers: Mapping[str, str] | None = None) -> Page:
        """Delete something."""
        return self.ask("DELETE", path, headers=headers)

    def is_somebody(self) -> bool:
        """Say whether the token counts."""
        page = self.get("/api/me")
        assert page.status in (200, 401), page.text
        return page.status == 200

    def _keep_passwords(self, value: Mapping[str, object]) -> None:
        said = " ".join(str(v) for k, v in value.items() if "password" not in k)
        for name, word in value.items():
            # Somebody may send their own address as the password; addresses are no secrets.
            if "password" not in name or not isinstance(word, str) or "@example.com" in word:
                continue
            if word not in said and len(word) >= SHORTEST_SECRET:
                self.deployment.secrets.add(word)


def value_of(page: Page) -> Any:
    """Return what a good answer says."""
    assert page.status in (200, 201), f"{page.method} {page.url}: {page.status} {page.text}"
    assert page.headers.get_content_type() == JSON
    return json.loads(page.body)


def check_problem(page: Page) -> dict[str, Any]:
    """Hold an error to R8, and return what it says."""
    asked = f"R8. {page.method} {page.url} {page.status}"
    assert page.headers.get_content_type() == PROBLEM, f"{asked}: {page.headers['Content-Type']}"
    said: dict[str, Any] = json.loads(page.body)
    assert said["status"] == page.status, asked
    assert said["type"] == "about:blank", asked
    assert said["title"] in PHRASES.get(page.status, {HTTPStatus(page.status).phrase}), asked
    assert isinstance(said["detail"], str), asked
    assert said["detail"].endswith("."), f"{asked}: {said['detail']}"
    assert said.keys() <= MEMBERS, f"{asked}: {said.keys()}"
    assert ("errors" in said) == (page.status == 422), asked
    for error in said.get("errors", ()):
        assert error.keys() == {"field", "message"}, asked
        assert isinstance(error["field"], str), asked
        assert error["message"].strip(), asked
    assert said.get("errors") != [], asked
    assert ("request_id" in said) == (page.status >= 500), asked
    assert "no-store" in (page.headers["Cache-Control"] or ""), asked
    return said


def problem(page: Page, *statuses: int) -> dict[str, Any]:
    """Return what a problem says that has one of these statuses."""
    assert page.status in statuses, f"{page.method} {page.url}: {page.status} {page.text}"
    return check_problem(page)


def complaints(page: Page) -> dict[str, str]:
    """Return the messages of an answer that refuses values, by their fields."""
    return {error["field"]: error["message"] for error in problem(page, 422)["errors"]}


def goods(**what: object) -> dict[str, Any]:
    """Return a product to be sent."""
    usual = {
        "name": f"Ware {next(_numbers)}-{secrets.token_hex(3)}",
        "description": "Made for a test of the API.",
        "price": "19.90",
        "stock": 3,
    }
    return usual | what


def add(seller: Client, **what: object) -> tuple[str, dict[str, Any]]:
    """Add a product, and return its path and what it is."""
    made = seller.post("/api/products", goods(**what))
    assert made.status == 201, made.text
    said: dict[str, Any] = value_of(made)
    return f"/api/products/{said['id']}", said


def ask_for_token(client: Client, account: Account) -> Page:
    """Ask for a token."""
    asked = {"email": account.email, "password": account.password}
    page = client.post("/api/token", asked)
    if page.status == 200:
        client.deployment.secrets |= {value_of(page)["access_token"]}
    return page


def client_of(deployment: Deployment, account: Account) -> Client:
    """Return a program that has a new token of somebody."""
    client = Client(deployment)
    client.token = value_of(ask_for_token(client, account))["access_token"]
    return client


def gets_a_token(deployment: Deployment, account: Account) -> bool:
    """Say whether an address and a password are good for a token."""
    page = ask_for_token(Client(deployment), account)
    assert page.status in (200, 401), page.text
    return page.status == 200


def ask_to_enrol(client: Client, account: Account) -> Page:
    """Ask for a new account."""
    asked = {
        "email": account.email,
        "display_name": account.display_name,
        "password": account.password,
    }
    return client.post("/api/users", asked)


def mailed(deployment: Deployment, to: str, subject: str, count: int = 1) -> str:
    """Return the token that stands in the newest of so many mails."""
    (token,) = TOKEN.findall(deployment.mail(to, subject, count).text)
    return str(token)


def confirm(client: Client, token: str) -> Page:
    """Send the token that came by mail."""
    return client.post("/api/users/confirm", {"token": token})


def enrol(deployment: Deployment, account: Account | None = None) -> tuple[Client, Account]:
    """Get somebody an account by the API, and return a program that has a token of it."""
    account = account or somebody()
    client = Client(deployment)
    asked = ask_to_enrol(client, account)
    assert asked.status == 202, asked.text
    assert confirm(client, mailed(deployment, account.email, CONFIRM)).status == 204
    return client_of(deployment, account), account


def reset_token(deployment: Deployment, account: Account, count: int = 1) -> str:
    """Ask for a new password, and return the token that came by mail."""
    asked = Client(deployment).post("/api/password-reset", {"email": account.email})
    assert asked.status == 202, asked.text
    return mailed(deployment, account.email, RESET, count)


def reset(client: Client, token: str, password: str) -> Page:
    """Choose a new password with the token that came by mail."""
    return client.post("/api/password-reset/confirm", {"token": token, "password": password})


def change_password(client: Client, old: str, new: str) -> Page:
    """Choose another password."""
    return client.put("/api/me/password", {"old_password": old, "new_password": new})


def seller_of(deployment: Deployment) -> Client:
    """Return a program with a token of the ordinary sample account."""
    return client_of(deployment, demo(deployment))
