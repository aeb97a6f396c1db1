"""The description of the API, and the pages that show it."""

import re
from typing import Any

import pytest
from django.conf import settings

from tests.programs import Program, is_problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def description() -> Any:
    return Program().send("GET", "/api/openapi.json").json()


def test_the_description_tells_of_all_operations(description: Any) -> None:
    assert description["openapi"].startswith("3.1.")
    assert description["info"]["title"] == settings.SITE_NAME
    operations = {
        operation["operationId"]
        for path in description["paths"].values()
        for operation in path.values()
    }
    assert operations >= {
        "createToken",
        "revokeToken",
        "readMe",
        "changePassword",
        "registerUser",
        "confirmUser",
        "requestPasswordReset",
        "confirmPasswordReset",
        "listProducts",
        "createProduct",
        "readProduct",
        "replaceProduct",
        "changeProduct",
        "deleteProduct",
    }


def test_whatever_needs_a_token_says_so(description: Any) -> None:
    assert description["components"]["securitySchemes"] == {
        "bearer": {"type": "http", "scheme": "bearer"}
    }
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            secured = operation.get("security") == [{"bearer": []}]
            assert secured == ("401" in operation["responses"]) or path == "/api/token"
            assert set(operation["responses"]) >= {"400"}, (path, method)


def test_the_description_refers_to_nothing_that_is_not_there(description: Any) -> None:
    schemas = description["components"]["schemas"]
    used = set(re.findall(r"'#/components/schemas/(\w+)'", str(description)))
    assert used == set(schemas)


@pytest.mark.parametrize("path", ["/api/docs", "/api/redoc"])
def test_the_pages_ask_for_files_of_this_site_alone(path: str) -> None:
    response = Program().send("GET", path)
    assert response["Content-Type"] == "text/html; charset=utf-8"
    page = response.content.decode()
    assert page.count("<h1") == 1
    files = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(files) > 3
    for file in files:
        response = Program().send("GET", file)
        assert response.status_code == 200, file
        assert file.startswith("/api/")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("swagger-ui.css", "text/css; charset=utf-8"),
        ("start-redoc.js", "text/javascript; charset=utf-8"),
        ("favicon.svg", "image/svg+xml"),
    ],
)
def test_the_files_of_the_pages_are_kept_by_caches(name: str, kind: str) -> None:
    response = Program().send("GET", f"/api/static/{name}")
    assert response["Content-Type"] == kind
    assert "max-age=" in response["Cache-Control"]


@pytest.mark.parametrize(
    "name", ["swagger.html", "LICENSE-redoc", "unknown.js", "..%2Furls.py", "..", ""]
)
def test_nothing_else_is_served(name: str) -> None:
    assert is_problem(Program().send("GET", f"/api/static/{name}"), 404)


@pytest.mark.skipif(
    "django.contrib.sessions" in settings.INSTALLED_APPS, reason="there is a home page"
)
def test_without_pages_the_site_begins_with_the_documentation() -> None:
    response = Program().send("GET", "/")
    assert (response.status_code, response["Location"]) == (307, "/api/docs")
    assert is_problem(Program().send("POST", "/"), 405)
    for path in ("/unknown", "/products", "/login"):
        assert is_problem(Program().send("GET", path), 404)
