"""Errors are problem details, and JSON is read strictly."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.catalogue import services
from app.main import create_app
from app.settings import Settings
from tests.client import Client
from tests.fixtures_api import LAMP, Program, assert_problem, fields_of

JSON = {"Content-Type": "application/json"}
ADDRESSES = ["/api/nothing", "/api", "/api/products?page=0", "/api/me", "/api/products"]


@pytest.mark.parametrize("path", [*ADDRESSES, "/api/docs", "/api/static/docs.css"])
async def test_every_answer_has_the_headers(client: Client, path: str) -> None:
    headers = (await client.get(path)).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert headers["X-Request-ID"]
    assert "Set-Cookie" not in headers
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("path", ["/api", "/api/nothing", "/api/products/1/x"])
async def test_an_unknown_address_is_a_problem(client: Client, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        assert_problem(await client.request(method, path), 404)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/products", "GET, HEAD, POST"),
        ("/api/products/1", "GET, HEAD, PUT, PATCH, DELETE"),
        ("/api/token", "POST, DELETE"),
        ("/api/me", "GET, HEAD"),
    ],
)
async def test_a_wrong_method_is_told_the_right_ones(
    client: Client, path: str, allowed: str
) -> None:
    response = await client.request("TRACE", path)
    assert_problem(response, 405)
    assert response.headers["Allow"] == allowed


@pytest.mark.parametrize("path", ["/api/products", "/api/openapi.json", "/api/docs"])
async def test_head_is_answered_like_get(client: Client, path: str) -> None:
    get, head = await client.get(path), await client.head(path)
    assert head.status_code == get.status_code == 200
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"name": NaN}',
        b'{"stock": Infinity}',
        b'{"name": "\xff"}',
        b'{"name": "\\ud800"}',
        b'{"\\ud800": 1}',
        b'{"name": "a", "name": "b"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"stock": ' + b"9" * 5000 + b"}",
        b"\xef\xbb\xbf{}",
    ],
)
async def test_what_is_not_json_is_refused(program: Program, body: bytes) -> None:
    response = await program.post("/api/products", content=body, headers=JSON)
    assert_problem(response, 400)


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b'"x"', b"[{}]"])
async def test_json_of_another_kind_is_refused(program: Program, body: bytes) -> None:
    response = await program.post("/api/products", content=body, headers=JSON)
    assert fields_of(response) == [""]


@pytest.mark.parametrize(
    "media_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "application/xml"],
)
async def test_a_body_of_another_type_is_refused(
    program: Program, media_type: str
) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    response = await program.post("/api/products", content=b"{}", headers=headers)
    assert_problem(response, 415)


async def test_a_type_may_have_parameters(program: Program) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    response = await program.post("/api/products", content=b"{}", headers=headers)
    assert_problem(response, 422)


async def test_a_great_many_fields_are_refused_in_few_words(program: Program) -> None:
    fields = {f"field{number}": number for number in range(100)}
    response = await program.post("/api/products", json=fields)
    assert len(fields_of(response)) == 100
    problem = await program.post("/api/products", json=LAMP | fields)
    assert assert_problem(problem, 400)["detail"] == "There are too many fields."


async def test_a_long_name_of_a_field_is_cut(program: Program) -> None:
    response = await program.post("/api/products", json=LAMP | {"x" * 10_000: 1})
    assert fields_of(response) == ["x" * 100]


async def test_values_that_were_sent_are_not_repeated(client: Client) -> None:
    credentials = {"email": ["secret-q8w7"], "password": {"secret-q8w7": 1}}
    response = await client.post("/api/token", json=credentials)
    assert fields_of(response) == ["email", "password"]
    assert "q8w7" not in response.text


async def test_a_body_over_a_megabyte_is_refused(client: Client) -> None:
    body = b'{"email": "' + b"x" * 1024 * 1024 + b'"}'
    response = await client.post("/api/token", content=body, headers=JSON)
    assert_problem(response, 413)


async def test_a_body_of_unknown_length_is_read_up_to_a_megabyte(
    client: Client,
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 20:
            sent += 1
            yield b" " * 512 * 1024

    response = await client.post("/api/token", content=endless(), headers=JSON)
    assert_problem(response, 413)


@pytest.mark.parametrize("path", ["/api/products?q=%00", "/api/%ff", "/api/%00"])
async def test_addresses_that_are_not_text_are_refused(
    client: Client, path: str
) -> None:
    assert_problem(await client.get(path), 400)


async def test_another_host_is_refused(client: Client) -> None:
    response = await client.get("/api/products", headers={"Host": "q8w7.test"})
    assert_problem(response, 400)
    assert "q8w7" not in response.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_request_from_another_site_is_refused(
    program: Program, headers: dict[str, str]
) -> None:
    response = await program.post("/api/products", json=LAMP, headers=headers)
    assert_problem(response, 403)


async def test_a_cookie_alone_is_nobody(program: Program, client: Client) -> None:
    for name in ("__Host-session", "session"):
        client.cookies.set(name, program.token, domain="example.test")
    assert_problem(await client.get("/api/me"), 401)
    assert_problem(await client.post("/api/products", json=LAMP), 401)


@pytest.mark.parametrize("error", [RuntimeError, TimeoutError])
async def test_an_error_of_ours_tells_its_number_and_nothing_else(
    settings: Settings,
    session: AsyncSession,
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise error("reason q8w7")

    monkeypatch.setattr(services, "search_products", broken)
    app = create_app(settings)
    headers = {"X-Request-ID": "our-number"}
    response = await Client(app).get("/api/products", headers=headers)
    assert assert_problem(response, 500)["request_id"] == "our-number"
    assert "q8w7" not in response.text
    await app.state.engine.dispose()
