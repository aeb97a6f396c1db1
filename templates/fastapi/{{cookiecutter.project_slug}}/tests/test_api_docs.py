"""The description of the API, and the pages that show it."""

import re

import pytest

from app.settings import SITE_NAME
from tests.client import Client

OPERATIONS = {
    "createToken": "post /api/token",
    "revokeToken": "delete /api/token",
    "readMe": "get /api/me",
    "changePassword": "put /api/me/password",
    "registerUser": "post /api/users",
    "confirmUser": "post /api/users/confirm",
    "requestPasswordReset": "post /api/password-reset",
    "confirmPasswordReset": "post /api/password-reset/confirm",
    "listProducts": "get /api/products",
    "createProduct": "post /api/products",
    "readProduct": "get /api/products/{id}",
    "replaceProduct": "put /api/products/{id}",
    "changeProduct": "patch /api/products/{id}",
    "deleteProduct": "delete /api/products/{id}",
}


async def test_every_operation_is_described(client: Client) -> None:
    response = await client.get("/api/openapi.json")
    assert response.headers["Content-Type"] == "application/json"
    description = response.json()
    assert description["openapi"].startswith("3.1.")
    assert description["info"]["title"] == SITE_NAME
    found = {
        operation["operationId"]: f"{method} {path}"
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
    }
    assert OPERATIONS.items() <= found.items()


async def test_every_error_is_described_as_a_problem(client: Client) -> None:
    description = (await client.get("/api/openapi.json")).json()
    for operations in description["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if status >= "400":
                    assert list(response["content"]) == ["application/problem+json"]
            is_secure = "401" in operation["responses"]
            if operation["operationId"] != "createToken":
                assert is_secure == (operation.get("security") == [{"bearer": []}])


@pytest.mark.parametrize("path", ["/api/docs", "/api/redoc"])
async def test_the_documentation_asks_no_other_host(client: Client, path: str) -> None:
    page = await client.get(path)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert addresses
    for address in addresses:
        assert address.startswith("/api/")
        file = await client.get(address)
        assert file.status_code == 200
        assert file.headers["Cache-Control"]
    assert "<script>" not in page.text
    assert "style=" not in page.text


async def test_static_files_are_only_those(client: Client) -> None:
    response = await client.get("/api/static/../schemas.py")
    assert response.status_code == 404
    assert (await client.get("/api/static/")).status_code in {308, 404}
