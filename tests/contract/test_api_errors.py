"""R8, R9, H1, H7: what the API says of what it cannot do."""

import json
import time

import pytest

from headstart.proof.page import Page

from .api import (
    BODIES,
    JSON,
    Client,
    add,
    ask_for_token,
    check_problem,
    complaints,
    enrol,
    goods,
    problem,
    value_of,
)
from .databases import broken_table
from .deployments import Deployment
from .people import somebody
from .test_headers import ALWAYS, YEAR
from .test_limits import MIB
from .wire import head, open_line, read_answer, say

PATHS = {
    "/api/token": {"POST", "DELETE"},
    "/api/me": {"GET"},
    "/api/me/password": {"PUT"},
    "/api/users": {"POST"},
    "/api/users/confirm": {"POST"},
    "/api/password-reset": {"POST"},
    "/api/password-reset/confirm": {"POST"},
    "/api/products": {"GET", "POST"},
    "/api/products/1": {"GET", "PUT", "PATCH", "DELETE"},
    "/api/openapi.json": {"GET"},
    "/api/docs": {"GET"},
    "/api/redoc": {"GET"},
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
MALFORMED = (
    *(b"", b" ", b"{", b"}", b'{"name": ', b'{"name": "a",}', b"{'name': 'a'}", b"{name: 1}"),
    *(b'{"name": "a"} x', b'{"name": "a"}{}', b"\xff\xfe", b'{"name": "\xff"}', b"// a\n{}"),
    *(b'{"stock": 01}', b'{"stock": +1}', b'{"stock": 0x1}', b'{"stock": .5}', b"nothing"),
    *(b'{"name": "a\nb"}', b'{"name": "\\x41"}', b'{"name": "\\ud8"}', b"name=a&stock=1"),
    *(b'{"stock": NaN}', b'{"stock": Infinity}', b'{"stock": -Infinity}'),
)
NO_OBJECT = (b"[]", b"null", b"1", b'"name"', b"true", b'[{"name": "a"}]')
MARK = "Zanzibar"


def header_list(page: Page, name: str) -> set[str]:
    """Return the words of a header that lists some."""
    return {word.strip() for word in (page.headers[name] or "").split(",") if word.strip()}


@pytest.fixture(scope="module")
def errors(running_deployment: Deployment, seller: Client) -> dict[str, Page]:
    """Return answers of the API of all kinds, by what they are."""
    client = Client(running_deployment)
    path, _ = add(seller)
    newcomer, _ = enrol(running_deployment)
    found = {
        "list": client.get("/api/products"),
        "read": client.get(path),
        "me": seller.get("/api/me"),
        "made": seller.post("/api/products", goods()),
        "changed": seller.patch(path, {"stock": 8}),
        "description": client.get("/api/openapi.json"),
        "Swagger UI": client.get("/api/docs"),
        "ReDoc": client.get("/api/redoc"),
        "file": client.get("/api/static/docs.css"),
        "head": client.ask("HEAD", "/api/products"),
        "no such path": client.get("/api/nothing"),
        "no such file": client.get("/api/static/nothing.css"),
        "no such product": client.get("/api/products/2147483647"),
        "wrong method": client.post("/api/me", {}),
        "unknown method": client.ask("QUERY", "/api/products"),
        "no token": client.get("/api/me"),
        "not yours": newcomer.delete(path),
        "changed since": seller.patch(path, {}, {"If-Match": '"1"'}),
        "wrong type": client.send("POST", "/api/token", b"a=b", {"Content-Type": "text/plain"}),
        "malformed": client.send("POST", "/api/token", b"{"),
        "wrong value": client.post("/api/token", {}),
        "too large": client.send("POST", "/api/token", b" " * (MIB + 1)),
        "another host": client.get("/api/products", {"Host": "evil.test"}),
    }
    nobody = somebody()
    for _ in range(11):
        found["too many"] = ask_for_token(Client(running_deployment), nobody)
    running_deployment.may_fail = True
    with broken_table(running_deployment.database, "slug"):
        found["error"] = client.get("/api/products")
    running_deployment.check_log()
    running_deployment.may_fail = False
    found["deleted"] = seller.delete(path)
    return found


def test_every_kind_of_error_has_its_status(errors: dict[str, Page]) -> None:
    """R8, R9, H7."""
    assert {name: page.status for name, page in errors.items()} | {"unknown method": 405} == {
        "list": 200,
        "read": 200,
        "me": 200,
        "made": 201,
        "changed": 200,
        "description": 200,
        "Swagger UI": 200,
        "ReDoc": 200,
        "file": 200,
        "head": 200,
        "no such path": 404,
        "no such file": 404,
        "no such product": 404,
        "wrong method": 405,
        "unknown method": 405,
        "no token": 401,
        "not yours": 403,
        "changed since": 412,
        "wrong type": 415,
        "malformed": 400,
        "wrong value": 422,
        "too large": 413,
        "another host": 400,
        "too many": 429,
        "error": 500,
        "deleted": 204,
    }
    for page in errors.values():
        if page.status >= 400:
            check_problem(page)


def test_the_headers_are_on_every_answer(errors: dict[str, Page]) -> None:
    """H1, H4."""
    for name, page in errors.items():
        assert [header for header in ALWAYS if not page.headers[header]] == [], name
        policies = page.headers.get_all("Content-Security-Policy", [])
        assert len(policies) == 1, name
        for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'"):
            assert part in policies[0], name
        for part in ("frame-ancestors 'none'", "form-action 'self'"):
            assert part in policies[0], name
        assert "unsafe-eval" not in policies[0], name
        assert page.headers["X-Content-Type-Options"] == "nosniff", name
        said = page.headers["Strict-Transport-Security"].lower()
        assert f"max-age={YEAR}" in said or "max-age=63072000" in said, name
        assert not any(letter.isdigit() for letter in page.headers["Server"] or ""), name
        assert page.headers["Set-Cookie"] is None, name


def test_an_error_of_the_server_says_where_to_look_it_up(errors: dict[str, Page]) -> None:
    """R8, O9."""
    said = problem(errors["error"], 500)
    assert said["request_id"] == errors["error"].headers["X-Request-ID"]


@pytest.mark.parametrize("path", PATHS)
def test_a_method_that_is_not_described_is_refused(
    deployment: Deployment, seller: Client, path: str
) -> None:
    """R9."""
    for method in METHODS:
        if method in PATHS[path]:
            continue
        for client in (Client(deployment), seller):
            page = client.send(method, path, b"" if method == "GET" else b"{}")
            problem(page, 405)
            allowed = header_list(page, "Allow")
            assert allowed - {"HEAD", "OPTIONS"} == PATHS[path], f"{method} {path}"


@pytest.mark.parametrize("path", ["/api/products", "/api/openapi.json", "/api/docs", "/api/me"])
def test_head_is_like_get(seller: Client, path: str) -> None:
    """P12."""
    page, get = seller.ask("HEAD", path), seller.get(path)
    assert (page.status, page.body) == (200, b"")
    for name in ("Content-Type", "Content-Length", "Cache-Control", "ETag"):
        assert page.headers[name] == get.headers[name], name


@pytest.mark.parametrize("path", ["/api/", "/api/nothing", "/api/products/1/nothing"])
def test_a_path_that_is_not_there_is_a_problem_too(program: Client, path: str) -> None:
    """R8."""
    for method in METHODS:
        page = program.send(method, path, b"" if method == "GET" else b"{}")
        if page.status not in (301, 302, 303, 307, 308):
            problem(page, 404)


@pytest.mark.parametrize(
    "kind",
    [
        *("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"),
        *("text/json", "application/jsonp", "application/xml", "application/octet-stream"),
        *("application/merge-patch+json", "application/json, text/plain", "json", "*/*", ""),
    ],
)
def test_a_body_of_another_type_is_refused(seller: Client, kind: str) -> None:
    """R9."""
    path, made = add(seller)
    body = json.dumps(goods()).encode()
    for method, place in (("POST", "/api/products"), ("PUT", path), ("PATCH", path)):
        problem(seller.send(method, place, body, {"Content-Type": kind}), 415)
    assert value_of(seller.get(path)) == made


def test_a_body_without_a_type_is_refused(deployment: Deployment, seller: Client) -> None:
    """R9."""
    body = json.dumps(goods()).encode()
    lines = (f"Authorization: Bearer {seller.token}", f"Content-Length: {len(body)}")
    page = say(deployment, head(deployment, "POST /api/products HTTP/1.1", *lines) + body)
    problem(page, 415)


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "Application/JSON", f"{JSON};"]
)
def test_the_type_may_be_written_otherwise(seller: Client, kind: str) -> None:
    """R9."""
    body = json.dumps(goods()).encode()
    assert seller.send("POST", "/api/products", body, {"Content-Type": kind}).status == 201


@pytest.mark.parametrize("body", MALFORMED, ids=lambda body: ascii(body)[2:14])
def test_what_is_no_json_is_refused(program: Client, seller: Client, body: bytes) -> None:
    """R9, I7."""
    path, made = add(seller)
    for method, place in (("POST", "/api/products"), ("PUT", path), ("PATCH", path)):
        problem(seller.send(method, place, body, {"Content-Type": JSON}), 400)
    for place in BODIES.keys() - {"/api/products"}:
        problem(program.send("POST", place, body, {"Content-Type": JSON}), 400)
    assert value_of(seller.get(path)) == made


@pytest.mark.parametrize("body", NO_OBJECT, ids=lambda body: ascii(body)[2:14])
def test_what_is_no_object_is_refused(program: Client, seller: Client, body: bytes) -> None:
    """R9."""
    path, _ = add(seller)
    for method, place in (("POST", "/api/products"), ("PUT", path), ("PATCH", path)):
        assert complaints(seller.send(method, place, body)).keys() == {""}
    for place in BODIES.keys() - {"/api/products"}:
        assert complaints(program.send("POST", place, body)).keys() == {""}


@pytest.mark.parametrize("path", BODIES)
def test_each_field_that_lacks_or_is_not_described_is_named(seller: Client, path: str) -> None:
    """R8, R9."""
    required = BODIES[path].keys()
    assert complaints(seller.post(path, {})).keys() == required
    page = seller.post(path, {"colour": "red", "size": 3})
    assert complaints(page).keys() == {*required, "colour", "size"}
    assert complaints(seller.post(path, BODIES[path] | {"colour": "red"})).keys() == {"colour"}


@pytest.mark.parametrize("value", [None, 5, 1.5, True, [], {}, ["a"], {"a": "b"}], ids=str)
def test_a_text_is_a_text(program: Client, seller: Client, value: object) -> None:
    """R9."""
    path, made = add(seller)
    for name in ("name", "description", "price"):
        assert complaints(seller.post("/api/products", goods() | {name: value})).keys() == {name}
        assert complaints(seller.put(path, goods() | {name: value})).keys() == {name}
        assert complaints(seller.patch(path, {name: value})).keys() == {name}
    for place in BODIES.keys() - {"/api/products"}:
        for name in BODIES[place]:
            page = program.post(place, BODIES[place] | {name: value})
            assert complaints(page).keys() == {name}, place
    assert value_of(seller.get(path)) == made


@pytest.mark.parametrize(
    "value", [None, "5", "", True, False, 5.5, [], [5], {}, "five", -1, 2**31, 2**63, 10**40, 1e300]
)
def test_a_number_is_a_number(seller: Client, value: object) -> None:
    """R9, I7."""
    path, made = add(seller)
    assert complaints(seller.post("/api/products", goods(stock=value))).keys() == {"stock"}
    assert complaints(seller.put(path, goods(stock=value))).keys() == {"stock"}
    assert complaints(seller.patch(path, {"stock": value})).keys() == {"stock"}
    assert value_of(seller.get(path)) == made


def test_all_that_is_wrong_is_said_at_once_and_the_values_are_not_said_again(
    deployment: Deployment, seller: Client
) -> None:
    """R8."""
    wrong = {"name": MARK * 16, "description": MARK * 800, "price": MARK, "stock": MARK}
    page = seller.post("/api/products", wrong)
    assert complaints(page).keys() == wrong.keys()
    client = Client(deployment)
    pages = [
        page,
        client.post("/api/users", {"email": MARK, "display_name": MARK * 80, "password": MARK}),
        client.post("/api/users", {"email": [MARK], "display_name": {MARK: 1}, "password": 1}),
        client.post("/api/products/1", {}),
        client.get(f"/api/products?page={MARK}&page_size={MARK}&q={MARK * 80}"),
        client.get(f"/api/products/{MARK}"),
        client.get(f"/api/{MARK}"),
        client.post("/api/users/confirm", {"token": MARK}),
        client.post("/api/token", {"email": MARK, "password": MARK}),
        client.send("POST", "/api/token", f'{{"email": "{MARK}"'.encode()),
        client.send("POST", "/api/token", b"{}", {"Content-Type": f"text/{MARK}"}),
        client.get("/api/me", {"Authorization": f"Bearer {MARK}"}),
        seller.put("/api/me/password", {"old_password": MARK, "new_password": MARK}),
        seller.patch("/api/products/1", {}, {"If-Match": f'"{MARK}"'}),
    ]
    # It was a password too, and is a word in addresses, which are logged.
    deployment.secrets.discard(MARK)
    for one in pages:
        assert one.status >= 400
        assert MARK not in one.text, one.text


@pytest.mark.parametrize("chunked", [False, True], ids=["told", "chunked"])
@pytest.mark.parametrize("path", ["/api/token", "/api/products", "/api/nothing"])
def test_twenty_megabytes_are_refused_before_they_are_read(
    deployment: Deployment, seller: Client, path: str, chunked: bool
) -> None:
    """R9, I10."""
    lines = (
        "Transfer-Encoding: chunked" if chunked else f"Content-Length: {20 * MIB}",
        f"Content-Type: {JSON}",
        f"Authorization: Bearer {seller.token}",
    )
    piece = b" " * 65536
    if chunked:
        piece = b"10000\r\n" + piece + b"\r\n"
    started = time.monotonic()
    with open_line(deployment) as line:
        line.sendall(head(deployment, f"POST {path} HTTP/1.1", *lines))
        line.settimeout(0.02)
        try:
            for _ in range(20 * MIB // 65536):
                line.sendall(piece)
        except OSError:
            pass
        line.settimeout(5)
        page = read_answer(line, "POST", path)
    assert time.monotonic() - started < 5
    problem(page, *((413, 404) if path == "/api/nothing" else (413,)))


def test_a_body_just_under_the_limit_is_read(seller: Client) -> None:
    """R9."""
    body = json.dumps(goods()).encode()
    assert seller.send("POST", "/api/products", body.ljust(MIB - 1)).status == 201
    page = seller.post("/api/products", goods(description="x" * (MIB - 500)))
    assert complaints(page).keys() == {"description"}


def test_a_body_in_pieces_is_read(deployment: Deployment, seller: Client) -> None:
    """R9."""
    body = json.dumps(goods()).encode()
    lines = (
        "Transfer-Encoding: chunked",
        f"Content-Type: {JSON}",
        f"Authorization: Bearer {seller.token}",
    )
    pieces = b"".join(
        b"%x\r\n%b\r\n" % (len(body[n : n + 9]), body[n : n + 9]) for n in range(0, len(body), 9)
    )
    data = head(deployment, "POST /api/products HTTP/1.1", *lines) + pieces + b"0\r\n\r\n"
    assert say(deployment, data).status == 201


def test_a_slash_at_the_end_leads_to_the_same(program: Client) -> None:
    """The contract's first sentence."""
    page = program.get("/api/products/")
    if page.status != 200:
        assert page.status in (301, 302, 303, 307, 308), page.text
        assert page.location == f"{program.deployment.site}/api/products"


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_the_method_cannot_be_overridden(seller: Client, header: str) -> None:
    """C4."""
    path, made = add(seller)
    for method in ("DELETE", "PATCH"):
        problem(seller.post(path, {"stock": 9}, {header: method}), 405)
        problem(seller.post(f"{path}?_method={method}", {"stock": 9}), 405)
        assert seller.get(path, {header: method}).status == 200
    assert value_of(seller.get(path)) == made
