"""Nothing that anybody sends becomes SQL, on either database."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from ..contract.admin import PANELS, own_form
from ..contract.api import seller_of
from ..contract.conftest import database
from ..contract.databases import Database, SQLite
from ..contract.people import admin, demo, product
from . import sqlmap
from .conftest import Deploy, Site
from .findings import Finding, hold
from .front import NAMES
from .sqlmap import MARK, Request
from .targets import Target

__all__ = ["database"]

pytestmark = pytest.mark.tools

# Up to 5 and 3, at which a parameter takes some thousand requests.
LEVEL = int(os.environ.get("SQLMAP_LEVEL", "2"))
RISK = int(os.environ.get("SQLMAP_RISK", "2"))
JSON = {"Content-Type": "application/json"}
Case = tuple[Target, Request]


def as_json(method: str, path: str, value: dict[str, object], token: str = "") -> Request:
    """Return a request of a program, in which every field is attacked."""
    headers = JSON | ({"Authorization": f"Bearer {token}"} if token else {})
    return Request(path, tuple(value), method, json.dumps(value), headers)


def of_strangers(site: Site) -> Iterator[Case]:
    """Yield what anybody can ask for."""
    stranger = site.visitor()
    form = stranger.get("/login").form(("email", "password"))
    fields = form.fields | {"email": "nobody@example.com", "password": "a wrong password"}
    target = site.target(stranger)
    yield target, Request("/products?q=lamp&page=1", ("q", "page"))
    yield target, Request(f"/products/wall-clock{MARK}")
    yield target, Request("/login", ("email",), "POST", urlencode(fields))
    page = "/api/products?q=lamp&page=1&page_size=5"
    yield site.target(), Request(page, ("q", "page", "page_size"))
    yield site.target(), Request(f"/api/products/1{MARK}")
    wrong: dict[str, object] = {"email": "nobody@example.com", "password": "a wrong password"}
    yield site.target(), replace(as_json("POST", "/api/token", wrong), parameters=("email",))


def of_members(site: Site) -> Iterator[Case]:
    """Yield what somebody with an account can ask for."""
    visitor = site.visitor(demo(site.deployment))
    form = own_form(visitor.get("/products/new"))
    target = site.target(visitor)
    names = ("name", "description", "price", "stock")
    yield target, Request("/products/new", names, "POST", urlencode(form.fields | product()))
    token = seller_of(site.deployment).token
    value = {"name": "Lamp", "description": "A lamp", "price": "1.50", "stock": 3}
    yield site.target(), as_json("POST", "/api/products", value, token)
    yield site.target(), as_json("PATCH", "/api/products/1", value, token)


def of_staff(site: Site) -> Iterator[Case]:
    """Yield what only the staff can ask for."""
    panel = PANELS[site.deployment.framework]
    visitor = site.visitor(admin(site.deployment))
    target = site.target(visitor)
    for table in (panel.products, panel.users):
        path = table.found("a", next(iter(table.filters.values())), table.sorts[0])
        names = [pair.partition("=")[0] for pair in urlsplit(path).query.split("&")]
        yield target, Request(path, tuple(names))


def places(request: Request) -> int:
    """Count what is attacked in a request."""
    return len(request.parameters) or request.path.count(MARK)


def test_sqlmap_finds_what_is_broken(sinful: Target, tmp_path: Path) -> None:
    request = Request("/search?q=lamp", ("q",))
    found, _ = sqlmap.look(sinful, request, "SQLite", tmp_path, level=1, risk=1)
    assert [finding.rule for finding in found] == ["injection"]


def test_sqlmap_breaks_nothing(
    deploy: Deploy, database: Database, framework: str, tmp_path: Path
) -> None:
    """I2: in pages, forms, JSON and the admin panel."""
    dbms = "SQLite" if isinstance(database, SQLite) else "PostgreSQL"
    found: list[Finding] = []
    with deploy(database, name=NAMES[1]) as site:
        cases = (case for who in (of_strangers, of_members, of_staff) for case in who(site))
        for number, (target, request) in enumerate(cases):
            scratch = tmp_path / str(number)
            scratch.mkdir()
            injected, in_vain = sqlmap.look(target, request, dbms, scratch, LEVEL, RISK)
            tried = in_vain + len(injected)
            assert tried == places(request), f"{request} has been tried in {tried} places"
            found += injected
    hold(sqlmap.TOOL, found, framework)
