"""What the API answers when something is wrong with a request, or with the site."""

import json
from io import BytesIO

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from catalogue.models import Product, ProductQuerySet
from config.wsgi import application
from tests.programs import PRODUCT, Program, is_problem, program_of

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

pytestmark = pytest.mark.django_db


def test_an_unknown_address_is_a_problem() -> None:
    for path in ("/api", "/api/", "/api/unknown", "/api/products/1/2"):
        for method in ("GET", "POST"):
            assert is_problem(Program().send(method, path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/products", {"GET", "HEAD", "POST"}),
        ("POST", "/api/products/1", {"GET", "HEAD", "PUT", "PATCH", "DELETE"}),
        ("GET", "/api/token", {"POST", "DELETE"}),
        ("DELETE", "/api/openapi.json", {"GET", "HEAD"}),
        ("POST", "/api/docs", {"GET", "HEAD"}),
        ("TRACE", "/api/me", {"GET", "HEAD"}),
    ],
)
def test_a_wrong_method_says_which_are_right(
    method: str, path: str, allowed: set[str]
) -> None:
    response = Program().send(method, path)
    assert is_problem(response, 405)
    assert set(response["Allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ],
)
def test_a_body_that_is_not_json_is_refused(ann: User, kind: str) -> None:
    headers = {"Content-Type": kind}
    response = program_of(ann).send("POST", "/api/products", PRODUCT, **headers)
    assert is_problem(response, 415)


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "Application/JSON", "application/json;"]
)
def test_a_type_may_have_parameters(ann: User, kind: str) -> None:
    headers = {"Content-Type": kind}
    response = program_of(ann).send("POST", "/api/products", PRODUCT, **headers)
    assert response.status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": "\xff"}',
        b'{"a": "\xed\xa0\x80"}',
        '{"a": 1}'.encode("utf-16"),
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"1" * 5000,
    ],
)
def test_what_is_not_proper_json_is_refused(ann: User, body: bytes) -> None:
    assert is_problem(program_of(ann).send("POST", "/api/products", raw=body), 400)


@pytest.mark.parametrize("value", [b'"\\ud800"', b'"\\u0000"', b"1e400", b"[[[[]]]]"])
def test_what_cannot_be_kept_is_refused(ann: User, value: bytes) -> None:
    body = json.dumps(PRODUCT).encode().replace(b'"Tea towel"', value)
    assert is_problem(program_of(ann).send("POST", "/api/products", raw=body), 422)
    for path in ("/api/token", "/api/users", "/api/users/confirm"):
        body = b'{"token": %b, "email": %b}' % (value, value)
        assert is_problem(Program().send("POST", path, raw=body), 422)


def test_ten_thousand_fields_are_refused(ann: User) -> None:
    body = {f"field{number}": 1 for number in range(10_000)}
    response = program_of(ann).send("POST", "/api/products", body)
    assert is_problem(response, 422)
    assert len(response.json()["errors"]) == 100


def test_a_long_name_of_a_field_is_not_repeated(ann: User) -> None:
    body = PRODUCT | {"x" * 10_000: 1}
    response = program_of(ann).send("POST", "/api/products", body)
    assert is_problem(response, 422)
    [error] = response.json()["errors"]
    assert error["field"] == "x" * 100


def test_a_body_over_a_megabyte_is_refused(ann: User) -> None:
    body = PRODUCT | {"description": "x" * 1024 * 1024}
    assert is_problem(program_of(ann).send("POST", "/api/products", body), 413)


@pytest.mark.parametrize(
    ("size", "status"), [(10, "422"), (1024 * 1024 + 1, "413"), (2**24, "413")]
)
def test_a_body_in_chunks_is_measured_and_not_read_to_its_end(
    size: int, status: str
) -> None:
    body = BytesIO(json.dumps({"email": "x" * size}).encode())
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/token",
        "CONTENT_TYPE": "application/json",
        "HTTP_TRANSFER_ENCODING": "chunked",
        "HTTP_HOST": "testserver",
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.url_scheme": "https",
        "wsgi.input": body,
    }
    seen: list[str] = []
    application(environ, lambda status, headers: seen.append(status))
    assert seen[0].startswith(status)
    assert body.tell() <= 1024 * 1024 + 1


@pytest.mark.parametrize(
    "path", ["/api/products?q=%00", "/api/products/%ff", "/api/%00"]
)
def test_an_address_that_is_not_text_is_refused(path: str) -> None:
    response = Program().send("GET", path)
    assert response.status_code in (400, 422)
    assert is_problem(response, response.status_code)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_request_from_another_site_changes_nothing(
    ann: User, headers: dict[str, str]
) -> None:
    program = program_of(ann)
    response = program.send("POST", "/api/products", PRODUCT, **headers)
    assert is_problem(response, 403)
    assert not Product.objects.exists()
    response = program.send("GET", "/api/products", **headers)
    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response


def test_a_request_from_a_page_of_this_site_is_answered(ann: User) -> None:
    headers = {"Origin": "https://testserver", "Sec-Fetch-Site": "same-origin"}
    response = program_of(ann).send("POST", "/api/products", PRODUCT, **headers)
    assert response.status_code == 201


@pytest.mark.skipif(
    "django.contrib.sessions" not in settings.INSTALLED_APPS, reason="no sessions"
)
def test_a_cookie_alone_is_nobody(ann: User, lamp: Product) -> None:
    program = Program()
    program.force_login(ann)
    assert is_problem(program.send("GET", "/api/me"), 401)
    assert is_problem(program.send("POST", "/api/products", PRODUCT), 401)
    assert is_problem(program.send("DELETE", f"/api/products/{lamp.pk}"), 401)


def test_another_host_is_refused() -> None:
    assert is_problem(Program().send("GET", "/api/products", Host="evil.test"), 400)


def test_an_error_of_ours_tells_its_number_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(products: ProductQuerySet) -> ProductQuerySet:
        raise RuntimeError("secrets of the site")

    monkeypatch.setattr(ProductQuerySet, "newest_first", fail)
    program = Program()
    program.raise_request_exception = False
    response = program.send("GET", "/api/products", X_Request_ID="a-number-to-quote")
    assert is_problem(response, 500)
    assert response.json()["request_id"] == "a-number-to-quote"
    assert "secrets" not in response.content.decode()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/products", 200),
        ("/api/me", 401),
        ("/api/unknown", 404),
        ("/api/products/0", 422),
        ("/api/docs", 200),
        ("/api/static/docs.css", 200),
    ],
)
def test_every_answer_has_the_headers(path: str, status: int) -> None:
    response = Program().send("GET", path)
    assert response.status_code == status
    assert {name: response[name] for name in HEADERS} == HEADERS
    assert not response.cookies


def test_plain_http_is_redirected_to_https() -> None:
    response = Client().get("/api/products?q=a")
    assert response.status_code == 301
    assert response["Location"] == "https://testserver/api/products?q=a"


def test_caches_keep_nothing_that_a_token_shows(ann: User, lamp: Product) -> None:
    assert Program().send("GET", "/api/products")["Cache-Control"] == "no-cache"
    response = program_of(ann).send("GET", "/api/products")
    assert response["Cache-Control"] == "no-store"
    assert response["Vary"] == "Authorization"
