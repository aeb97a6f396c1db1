"""Through the API, as a program would: get a token, use it, and see it end."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from headstart.proof.page import Page
from headstart.proof.steps import MAIL_PATIENCE, NAME, Walk, expect


def api_description(walk: Walk) -> str:
    """Read what the API says of itself."""
    described = read_json(expect(walk.visitor.get("/api/openapi.json"), 200))
    return f"`/api/openapi.json` describes {len(described['paths'])} addresses"


def api_account(walk: Walk) -> str:
    """Ask for an account, and confirm it with the token in the mail, unless there is one."""
    if walk.has_account:
        return ""
    account = {"email": walk.email, "display_name": NAME, "password": walk.password}
    expect(send(walk, "POST", "/api/users", account), 202)
    mail = walk.site.mailbox.wait_for(walk.email, patience=MAIL_PATIENCE)
    expect(send(walk, "POST", "/api/users/confirm", {"token": mail.token}), 204)
    walk.has_account = True
    return f"`/api/users` takes {walk.email}, the token in “{mail.subject}” confirms it"


def api_token(walk: Walk) -> str:
    """Log in."""
    account = {"email": walk.email, "password": walk.password}
    walk.token = read_json(expect(send(walk, "POST", "/api/token", account), 200))["access_token"]
    expect(send(walk, "GET", "/api/me"), 200)
    return "`/api/token` gives one, and `/api/me` knows it"


def api_product(walk: Walk) -> str:
    """Add something and find it again."""
    product = {"name": NAME, "price": "19.90", "stock": 1}
    added = expect(send(walk, "POST", "/api/products", product), 201)
    found = read_json(expect(walk.visitor.get(added.location), 200))
    return f"`/api/products` takes “{found['name']}” and shows it again"


def api_token_is_dead(walk: Walk) -> str:
    """Log out, and try the token once more."""
    expect(send(walk, "DELETE", "/api/token"), 204)
    expect(send(walk, "GET", "/api/me"), 401)
    return "after `DELETE /api/token` it opens nothing"


STEPS: tuple[Callable[[Walk], str], ...] = (
    api_description,
    api_account,
    api_token,
    api_product,
    api_token_is_dead,
)


def send(walk: Walk, method: str, path: str, table: Mapping[str, Any] | None = None) -> Page:
    """Send JSON, with the token if there is one, and without a cookie."""
    headers = {"Cookie": "", "Authorization": f"Bearer {walk.token}"}
    if not walk.token:
        del headers["Authorization"]
    if table is None:
        return walk.visitor.request(method, path, headers=headers)
    headers["Content-Type"] = "application/json"
    return walk.visitor.request(method, path, json.dumps(table).encode(), headers)


def read_json(page: Page) -> dict[str, Any]:
    """Return the JSON object that came.

    Raises:
        ValueError: something else came.
    """
    table = json.loads(page.body)
    if not isinstance(table, dict):
        raise ValueError("something else than a JSON object")
    return table
