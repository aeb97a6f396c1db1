"""What goes wrong is told to programs as a problem."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.settings import Settings
from tests.api import LAMP, body, fields, problem, program_for
from tests.browser import browser_for
from tests.conftest import MakeUser

NAUGHTY = [
    b"",
    b"{",
    b"\xff",
    b'{"name": "\xff"}',
    b'{"name": "\\ud800"}',
    b'{"stock": NaN}',
    b'{"stock": Infinity}',
    b'{"name": "a"} {}',
    b"[" * 100_000,
    b'{"name":' * 100_000,
]


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/products/1/x", "/docs/x"])
def test_an_unknown_address_is_a_problem(app: Flask, path: str) -> None:
    problem(program_for(app).get(path), 404)


def test_elsewhere_there_are_pages_or_none_and_then_problems_too(app: Flask) -> None:
    response = browser_for(app).get("/nothing")
    if "pages" in app.blueprints:
        assert response.content_type == "text/html; charset=utf-8"
    else:
        problem(response, 404)


def test_a_slash_at_the_end_leads_to_the_address_without_it(app: Flask) -> None:
    response = program_for(app).get("/products/?page=1")
    assert response.status_code == 308
    assert response.headers["Location"] == "/api/products?page=1"


def test_a_wrong_method_is_told_the_right_ones(app: Flask) -> None:
    response = program_for(app).post("/products/1")
    problem(response, 405)
    assert {"GET", "PUT", "PATCH", "DELETE"} <= set(response.allow or ())


@pytest.mark.parametrize(
    "type", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"]
)
def test_what_is_not_json_is_refused(app: Flask, type: str) -> None:
    response = program_for(app).post("/token", data=b"{}", content_type=type)
    problem(response, 415)


@pytest.mark.parametrize("data", NAUGHTY, ids=lambda data: repr(data[:20]))
def test_what_cannot_be_read_is_refused(
    app: Flask, make_user: MakeUser, data: bytes
) -> None:
    response = program_for(app, make_user()).post(
        "/products", data=data, content_type="application/json; charset=utf-8"
    )
    problem(response, 400)


def test_a_number_beyond_all_numbers_is_refused(
    app: Flask, make_user: MakeUser
) -> None:
    response = program_for(app, make_user()).post(
        "/products",
        data=b'{"name": "Lamp", "price": "1", "stock": 1e400}',
        content_type="application/json",
    )
    assert list(fields(response)) == ["stock"]


@pytest.mark.parametrize("sent", [[], "text", 5, None, True])
def test_a_body_is_an_object(app: Flask, make_user: MakeUser, sent: Any) -> None:
    response = program_for(app, make_user()).post(
        "/products", data=app.json.dumps(sent), content_type="application/json"
    )
    assert fields(response) == {"": "The body has to be a JSON object."}


def test_many_unknown_fields_are_a_short_answer(
    app: Flask, make_user: MakeUser
) -> None:
    many = {str(number): number for number in range(10_000)}
    response = program_for(app, make_user()).post("/products", LAMP | many)
    assert len(problem(response, 422)["errors"]) == 100
    response = program_for(app).post("/token", {"x" * 1000: 1})
    assert "x" * 100 in fields(response)
    assert len(response.data) < 1000


def test_values_that_were_sent_are_not_repeated(app: Flask) -> None:
    secret = "s3cret-s3cret"
    sent = {"email": secret, "display_name": [secret], "password": secret[:9]}
    assert secret[:9] not in program_for(app).post("/users", sent).text


def test_a_body_of_a_megabyte_is_read(app: Flask) -> None:
    data = b'{"email": ""}'.ljust(1024 * 1024)
    response = program_for(app).post(
        "/password-reset",
        data=data,
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},  # as gunicorn says
    )
    assert list(fields(response)) == ["email"]


def test_a_body_over_a_megabyte_is_refused(app: Flask) -> None:
    big = BytesIO(b'"' + b"x" * 10 * 1024 * 1024)
    response = program_for(app).post(
        "/token",
        input_stream=big,
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
        content_type="application/json",
    )
    problem(response, 413)
    assert big.tell() < 2 * 1024 * 1024
    problem(program_for(app).post("/token", {"email": "x" * 1024 * 1024}), 413)


def test_another_host_or_site_is_told_so(app: Flask) -> None:
    program = program_for(app)
    problem(program.get("/products", headers={"Host": "evil.test"}), 400)
    evil = {"Origin": "https://evil.test"}
    response = program.post("/token", {}, headers=evil)
    problem(response, 403)
    for answer in (response, program.get("/products", headers=evil)):
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_what_is_not_text_is_refused(app: Flask) -> None:
    problem(program_for(app).get("/products?q=%00"), 400)
    problem(program_for(app).get("/products?q=%ff"), 400)


def test_an_error_of_ours_tells_its_number_and_nothing_else(settings: Settings) -> None:
    def broken() -> str:
        raise RuntimeError("the secret reason")

    app = create_app(settings)
    app.add_url_rule("/api/broken", view_func=broken)
    response = browser_for(app).get(
        "/api/broken", headers={"X-Request-ID": "our-number"}
    )
    assert problem(response, 500)["request_id"] == "our-number"
    assert "secret" not in response.text


def test_head_is_answered_like_get(app: Flask) -> None:
    for path in ("/products", "/docs", "/openapi.json"):
        get, head = program_for(app).get(path), program_for(app).send("HEAD", path)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Type"] == get.headers["Content-Type"]


def test_errors_are_not_stored_and_have_the_headers(app: Flask) -> None:
    response = program_for(app).get("/nothing")
    assert response.headers["Cache-Control"] == "no-store"
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Request-ID"]
    assert "Set-Cookie" not in response.headers
    assert body(response)["title"] == "Not Found"
