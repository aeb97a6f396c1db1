"""The API of the small site: the same accounts, by tokens."""

import json
import secrets
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .small_site import SmallSite

Answer = tuple[int, Any, dict[str, str]]


def answer(site: "SmallSite", method: str, path: str, token: str, sent: bytes) -> Answer:
    """What the API says: a status, something for JSON, and headers."""
    table = json.loads(sent) if sent else {}
    email = site.tokens.get(token)
    match method, path:
        case "GET", "/api/openapi.json":
            return 200, {"paths": {"/api/token": {}, "/api/products": {}}}, {}
        case "POST", "/api/users":
            confirmation = secrets.token_urlsafe(16)
            site.links[confirmation] = (table["email"], table["password"])
            site.send_mail(table["email"], confirmation)
            return 202, None, {}
        case "POST", "/api/users/confirm":
            address, password = site.links.pop(table["token"])
            site.passwords[address] = password
            return 204, None, {}
        case "POST", "/api/token" if site.passwords.get(table["email"]) == table["password"]:
            new = secrets.token_hex(8)
            site.tokens[new] = table["email"]
            return 200, {"access_token": new}, {}
        case "GET", "/api/me" if email:
            return 200, {"email": email}, {}
        case "DELETE", "/api/token" if email:
            if site.fault != "keeps the old token alive":
                del site.tokens[token]
            return 204, None, {}
        case "POST", "/api/products" if email:
            site.products.append(table)
            return 201, table, {"Location": f"/api/products/{len(site.products) - 1}"}
        case "POST", "/api/predict" if site.fault != "has no model":
            return 200, {"predictions": [{"category": "lighting"}]}, {}
        case "GET", "/api/model":
            return 200, {"version": "1"}, {}
        case "POST", "/api/predict":
            return 503, {"title": "Service Unavailable"}, {}
        case "GET", _ if path.startswith("/api/products/"):
            return 200, site.products[int(path.rpartition("/")[2])], {}
    return 401, {"title": "Unauthorized"}, {}
