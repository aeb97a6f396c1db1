"""The description of the API, and the pages that show it."""

import re
from typing import Any

import pytest
from flask import Flask

from app.settings import SITE_NAME
from tests.api import body, program_for
from tests.browser import browser_for


@pytest.fixture
def description(app: Flask) -> dict[str, Any]:
    response = program_for(app).get("/openapi.json")
    assert response.content_type == "application/json"
    return body(response)


def test_where_there_are_no_pages_one_is_led_to_the_docs(app: Flask) -> None:
    response = browser_for(app).get("/")
    where = (response.status_code, response.headers.get("Location"))
    assert where == ((200, None) if "pages" in app.blueprints else (307, "/api/docs"))


def test_the_description_has_the_name_of_the_site(description: dict[str, Any]) -> None:
    assert description["openapi"] == "3.1.0"
    assert description["info"] == {"title": SITE_NAME, "version": "1"}


def test_every_operation_is_described(app: Flask, description: dict[str, Any]) -> None:
    described = {
        (path, method.upper())
        for path, operations in description["paths"].items()
        for method in operations
    }
    own = ("/api/openapi.json", "/api/docs", "/api/redoc", "/api/static/")
    there = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and not rule.rule.startswith(own)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == there


def test_every_schema_that_is_named_is_there(description: dict[str, Any]) -> None:
    named = set(re.findall(r"#/components/schemas/(\w+)", str(description)))
    assert named == set(description["components"]["schemas"])


def test_every_answer_says_what_it_may_be(description: dict[str, Any]) -> None:
    for operations in description["paths"].values():
        for operation in operations.values():
            answers = operation["responses"]
            for status, answer in answers.items():
                is_problem = "application/problem+json" in answer.get("content", {})
                assert is_problem == (int(status) >= 400)
            assert ("401" in answers) >= ("security" in operation)
            assert ("413" in answers) == ("requestBody" in operation)


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_the_pages_ask_this_site_only_and_run_no_script_of_their_own(
    app: Flask, path: str
) -> None:
    page = program_for(app).get(path)
    assert page.status_code == 200
    assert page.content_type == "text/html; charset=utf-8"
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "://" not in page.text
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page.text)
    for address in re.findall(r'(?:src|href)="/api([^"]+)"', page.text):
        found = program_for(app).get(address)
        assert found.status_code == 200
        assert "max-age=" in found.headers["Cache-Control"] or address.endswith(".json")
