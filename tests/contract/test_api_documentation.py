"""R10, H2: the description of the API, and the pages that show it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate
from playwright.sync_api import Page as Shown
from playwright.sync_api import expect

from .api import Client, seller_of
from .browsers import Chromium
from .deployments import Deployment
from .projects import FEATURES, NAME

HERE = Path(__file__).parent


def whole(*features: str) -> dict[str, Any]:
    """Return what the API of a project with these features has to say of itself."""
    described: dict[str, Any] = json.loads((HERE / "openapi.json").read_text(encoding="utf-8"))
    for feature in features:
        more = HERE / f"openapi_{feature}.json"
        if more.exists():
            added = json.loads(more.read_text(encoding="utf-8"))
            described["paths"] |= added["paths"]
            described["components"]["schemas"] |= added["components"]["schemas"]
            described["tags"] += added["tags"]
    return described


DESCRIBED = whole(*FEATURES)
OPERATIONS = [
    operation["summary"]
    for methods in DESCRIBED["paths"].values()
    for operation in methods.values()
]


def description(client: Client) -> dict[str, Any]:
    """Return what a project says of its API."""
    page = client.get("/api/openapi.json")
    assert (page.status, page.headers.get_content_type()) == (200, "application/json")
    said: dict[str, Any] = json.loads(page.body)
    return said


def flat(node: Any, where: str = "") -> dict[str, Any]:
    """Return a description as its leaves by their places, without what means nothing."""
    if isinstance(node, dict):
        kept = {
            key: value
            for key, value in node.items()
            if not (key == "title" and isinstance(value, str))
            and (key, value) not in (("required", False), ("deprecated", False))
        }
        parts = [flat(value, f"{where}/{key}") for key, value in kept.items()]
        return {place: value for part in parts for place, value in part.items()} or {where: {}}
    if isinstance(node, list):
        if where.endswith(("/required", "/enum")):
            return {where: sorted(node)}
        parts = [flat(value, f"{where}/{name_of(value, n)}") for n, value in enumerate(node)]
        return {place: value for part in parts for place, value in part.items()} or {where: []}
    return {where: node}


def name_of(value: Any, number: int) -> str:
    """Return what tells one of a list: parameters have no order."""
    return str(value.get("name", number)) if isinstance(value, dict) else str(number)


def differences(
    said: dict[str, Any], wanted: dict[str, Any] = DESCRIBED
) -> dict[str, tuple[Any, Any]]:
    """Return where a description is not what it has to be: what it says, and what it should."""
    here, there = flat(said), flat(wanted)
    places = sorted(here.keys() | there.keys())
    return {
        place: (here.get(place), there.get(place))
        for place in places
        if here.get(place) != there.get(place)
    }


def test_all_projects_describe_the_same_api(program: Client) -> None:
    """R10."""
    assert differences(description(program)) == {}


def test_the_description_is_valid_and_names_the_project(program: Client) -> None:
    """R10."""
    said = description(program)
    validate(said)
    assert said["openapi"].startswith("3.1.")
    assert said["info"]["title"] == NAME
    assert "servers" not in said


def test_the_description_may_be_asked_for_again(program: Client) -> None:
    """R10."""
    assert description(program) == description(program)
    assert program.ask("HEAD", "/api/openapi.json").status == 200


def files_of(client: Client) -> list[str]:
    """Return the files that the two pages need."""
    text = client.get("/api/docs").text + client.get("/api/redoc").text
    files = set(re.findall(r'(?:href|src)="(/[^"]+\.\w+)"', text))
    css = client.get("/api/static/swagger-ui.css").text
    files |= {f"/api/static/{name}" for name in re.findall(r"url\(([^)]+)\)", css)}
    return sorted(files - {"/api/openapi.json"})


def test_the_pages_are_small_and_their_files_are_kept(program: Client) -> None:
    """R10, H5."""
    for path in ("/api/docs", "/api/redoc"):
        page = program.get(path)
        assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert len(page.body) < 2000
        assert len(page.document.headings) == 1
        assert "<script>" not in page.text
    files = files_of(program)
    assert len(files) > 10
    types = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    for path in files:
        page = program.get(path)
        assert page.status == 200, path
        assert page.headers.get_content_type() == types[path.rpartition(".")[2]], path
        assert "max-age" in (page.headers["Cache-Control"] or ""), path


def open_page(chromium: Chromium, deployment: Deployment, name: str, asked: list[str]) -> Shown:
    """Open a page of the documentation."""
    page = chromium.page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{deployment.site}/api/{name}")
    return page


@pytest.mark.browser
def test_swagger_ui_shows_the_api_and_tries_it_out(
    open_deployment: Deployment, chromium: Chromium
) -> None:
    """R10, H2."""
    token = seller_of(open_deployment).token
    asked: list[str] = []
    page = open_page(chromium, open_deployment, "docs", asked)
    expect(page).to_have_title(NAME)
    expect(page.locator("h1")).to_have_count(1)
    for summary in OPERATIONS:
        expect(page.get_by_text(summary, exact=True).first).to_be_visible()
    page.click("button.authorize")
    page.fill(".auth-container input", token)
    page.click(".auth-container button[type=submit]")
    page.click(".auth-container .btn-done")
    for place, method, status in (("/api/me", "get", 200), ("/api/products", "post", 201)):
        block = page.locator(f".opblock-{method}").filter(
            has=page.locator(f'[data-path="{place}"]')
        )
        block.locator(".opblock-summary-control").click()
        block.locator(".try-out__btn").click()
        if method == "post":
            sent = {"name": "Tried out", "price": "1.50", "stock": 2}
            block.locator("textarea").fill(json.dumps(sent))
        block.locator(".execute").click()
        answer = block.locator(".live-responses-table")
        expect(answer.locator(".response-col_status").last).to_contain_text(str(status))
    assert not any("favicon.ico" in url for url in asked)
    assert chromium.wrong == []


@pytest.mark.browser
def test_redoc_shows_the_api(open_deployment: Deployment, chromium: Chromium) -> None:
    """R10, H2."""
    asked: list[str] = []
    page = open_page(chromium, open_deployment, "redoc", asked)
    expect(page).to_have_title(NAME)
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("h1")).to_contain_text(NAME)
    headings = page.get_by_role("heading")
    for summary in OPERATIONS:
        expect(headings.filter(has_text=summary).last).to_be_visible()
    download = page.get_by_role("link", name="Download")
    expect(download).to_have_attribute("href", "/api/openapi.json")
    page.locator("main button").filter(has_text="200").first.click()
    assert not any("favicon.ico" in url for url in asked)
    assert chromium.wrong == []
