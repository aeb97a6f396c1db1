"""I1 to I9 for the API: whatever comes is text, or is refused."""

import json
import random
import unicodedata
from urllib.parse import quote

import pytest

from .api import BODIES, JSON, Client, add, complaints, goods, problem, value_of
from .deployments import Deployment, Stranger
from .people import Account, at_once
from .test_hostile import FEW, MARKUP, STATEMENTS, STRANGE, naughty_names
from .wire import head, say

TEXTS = ("name", "description")
# What JSON can say and what is no text: half of a pair, or a NUL.
NO_TEXT = ("\\u0000", "a\\u0000b", "\\ud800", "\\udfff", "a\\ud83d", "\\ude00\\ud83d")
NO_UTF8 = (b"\xff", b"a\xc3", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\x80")
DEEP = 100_000
OTHERWISE = {
    ("/api/token", "email"): 401,
    ("/api/token", "password"): 401,
    ("/api/users/confirm", "token"): 404,
    ("/api/password-reset/confirm", "password"): 404,
    ("/api/password-reset/confirm", "token"): 404,
    ("/api/me/password", "old_password"): 403,
}


def test_markup_comes_back_as_it_was_sent(owner: Stranger, seller: Client) -> None:
    """I1."""
    for payload in MARKUP:
        path, made = add(seller, name=payload, description=payload)
        page = seller.get(path)
        assert value_of(page)["name"] == value_of(page)["description"] == payload
        shown = owner.get(f"/products/{made['slug']}")
        assert payload in shown.document.text
        if "<" in payload:
            assert payload not in shown.text


def test_statements_for_the_database_are_words(program: Client, seller: Client) -> None:
    """I2."""
    for payload in STATEMENTS:
        path, made = add(seller, name=payload, description=payload)
        found = value_of(program.get(f"/api/products?q={quote(payload)}"))
        assert made in found["items"]
        nothing = value_of(program.get(f"/api/products?q={quote(payload + 'x')}"))
        assert nothing["total"] == 0
        problem(program.get(f"/api/products/{quote(payload, safe='')}"), 404, 422)
        problem(program.post("/api/token", {"email": payload, "password": payload}), 401, 422)
        assert value_of(program.get(path)) == made


@pytest.mark.parametrize(
    "path",
    [
        "/api/static/../.env",
        "/api/static/../../../.env",
        "/api/static/%2e%2e/%2e%2e/%2e%2e/.env",
        "/api/static/%2e%2e%2f%2e%2e%2f%2e%2e%2f.env",
        "/api/static/..%5c..%5c..%5c.env",
        "/api/static//etc/passwd",
        "/api/static/%2fetc/passwd",
        "/api/static/....//....//.env",
        "/api/static/%252e%252e/.env",
        "/api/static/%00",
        "/api/static/",
        "/api/static",
        "/api/products/..%2f..%2f.env",
        "/api/openapi.json/../../.env",
        "/api/docs/../../.env",
    ],
)
def test_no_path_leads_out_of_the_site(deployment: Deployment, path: str) -> None:
    """I2."""
    page = say(deployment, head(deployment, f"GET {path} HTTP/1.1"))
    assert 300 <= page.status < 500
    assert "SECRET_KEY" not in page.text
    assert "root:" not in page.text


@pytest.mark.parametrize("text", NO_TEXT)
def test_what_is_no_text_is_refused_in_every_field(
    newcomer: tuple[Client, Account], text: str
) -> None:
    """I3, I4."""
    client, account = newcomer
    path, made = add(client)
    passwords = {"old_password": account.password, "new_password": "a rather long sentence"}
    places = [
        *(("POST", place, body) for place, body in BODIES.items()),
        ("PUT", path, goods()),
        ("PATCH", path, goods()),
        ("PUT", "/api/me/password", passwords),
    ]
    for method, place, body in places:
        for name in body:
            rest = json.dumps({key: value for key, value in body.items() if key != name})
            sent = (
                f'{{"{name}": "{text}", {rest[1:]}' if len(body) > 1 else f'{{"{name}": "{text}"}}'
            )
            page = client.send(method, place, sent.encode())
            # What one only compares may be any text, and a wrong one is no more than that.
            wrong = OTHERWISE.get((place, name), 422)
            assert page.status in (400, 422, wrong), f"{method} {place} {name}: {page.status}"
        page = client.send(method, place, f'{{"a{text}b": 1}}'.encode())
        assert page.status in (400, 422), f"{method} {place}: {page.status}"
    assert value_of(client.get(path)) == made


@pytest.mark.parametrize("data", NO_UTF8, ids=ascii)
def test_bytes_that_are_no_text_are_refused(program: Client, seller: Client, data: bytes) -> None:
    """I4."""
    for body in (b'{"name": "' + data + b'"}', b'{"' + data + b'": "a"}', data):
        problem(seller.send("POST", "/api/products", body), 400)
        problem(program.send("POST", "/api/users", body), 400)
    text = quote(data)
    for place in (f"?q={text}", f"?page={text}", f"/{text}"):
        problem(program.get(f"/api/products{place}"), 400, 404, 422)
    problem(program.get(f"/api/{text}"), 400, 404)


@pytest.mark.parametrize(
    "place", ["?q=%00", "?q=a%00b", "?page=%00", "?page_size=1%00", "/%00", "/1%00"]
)
def test_a_nul_in_an_address_is_refused(program: Client, place: str) -> None:
    """I3."""
    problem(program.get(f"/api/products{place}"), 400, 404, 422)


def test_a_text_in_another_encoding_is_refused(seller: Client) -> None:
    """I4. JSON is UTF-8: RFC 8259, 8.1."""
    text = json.dumps(goods())
    for encoding in ("utf-16", "utf-16-le", "utf-32", "utf-32-be"):
        problem(seller.send("POST", "/api/products", text.encode(encoding)), 400)
        kind = {"Content-Type": f"{JSON}; charset={encoding}"}
        problem(seller.send("POST", "/api/products", text.encode(encoding), kind), 400, 415)


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_any_writing_is_stored_and_returned_as_it_came(seller: Client, text: str) -> None:
    """I5."""
    for dump in (json.dumps, lambda value: json.dumps(value, ensure_ascii=False)):
        sent = goods(name=text, description=f"{text}\r\n\n{text}\t")
        made = value_of(seller.send("POST", "/api/products", dump(sent).encode()))
        read = value_of(seller.get(f"/api/products/{made['id']}"))
        assert (read["name"], read["description"]) == (sent["name"], sent["description"])


def test_a_thousand_combining_marks_are_stored_as_they_came(seller: Client) -> None:
    """I5."""
    text = "o" + "\u0301" * 1000
    assert add(seller, description=text)[1]["description"] == text


def check_names(seller: Client, names: list[str]) -> None:
    """Try names for products: each is stored as it is, or refused by what is described."""
    for name in names:
        made = seller.post("/api/products", goods(name=name, description=name))
        if made.status == 201:
            said = value_of(seller.get(f"/api/products/{value_of(made)['id']}"))
            assert (said["name"], said["description"]) == (name, name), ascii(name)
        else:
            has_controls = any(unicodedata.category(letter) == "Cc" for letter in name)
            ruled = not 1 <= len(name) <= 120 or not name.strip() or has_controls
            assert ruled, f"refused without a rule: {name!a} {made.text}"
            assert "name" in complaints(made)


def test_naughty_strings_are_stored_as_they_are_or_refused(
    deployment: Deployment, seller: Client
) -> None:
    """I6. Some of them; the slow test tries all."""
    check_names(seller, random.Random(deployment.framework).sample(naughty_names(), FEW))  # noqa: S311


@pytest.mark.slow
def test_all_naughty_strings_are_stored_as_they_are_or_refused(seller: Client) -> None:
    """I6."""
    check_names(seller, naughty_names())


@pytest.mark.parametrize(
    "price",
    [
        *("NaN", "Infinity", "-Infinity", "1e400", "1E2", "-1", "-0", "+1", "1.999", "0.001", ".5"),
        *("5.", "1,5", "1_0", "0x1", " 1", "1 ", "1\n", "", " ", "--1", "1.5.5", "١٢", "½", "٣.٥٠"),
        *("1000000", "999999.999", "9" * 5000, "1" + "0" * 40, "1\u0000", "$1"),
    ],
    ids=lambda price: ascii(price)[:12],
)
def test_what_is_no_price_is_refused(seller: Client, price: str) -> None:
    """I7."""
    path, made = add(seller)
    assert complaints(seller.post("/api/products", goods(price=price))).keys() == {"price"}
    assert complaints(seller.patch(path, {"price": price})).keys() == {"price"}
    assert value_of(seller.get(path)) == made


@pytest.mark.parametrize(
    "number", ["1e400", "-1e400", "9" * 5000, "1" + "0" * 400, "-1", "5e-1", "1E400"]
)
def test_what_is_no_stock_is_refused(seller: Client, number: str) -> None:
    """I7."""
    path, made = add(seller)
    sent = json.dumps(goods(stock=0)).replace('"stock": 0', f'"stock": {number}')
    for method, place in (("POST", "/api/products"), ("PUT", path), ("PATCH", path)):
        problem(seller.send(method, place, sent.encode()), 400, 422)
    assert value_of(seller.get(path)) == made


@pytest.mark.parametrize(
    "body",
    [
        b"[" * DEEP,
        b"[" * DEEP + b"]" * DEEP,
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        b'{"name": ' + b"[" * DEEP + b"]" * DEEP + b"}",
        b'{"name": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}",
    ],
    ids=["open", "lists", "objects", "in a field", "900 in a field"],
)
def test_what_is_deep_is_refused(program: Client, seller: Client, body: bytes) -> None:
    """I9."""
    problem(seller.send("POST", "/api/products", body), 400, 422)
    for place in BODIES.keys() - {"/api/products"}:
        problem(program.send("POST", place, body), 400, 422)
    assert seller.is_somebody()


def test_ten_thousand_fields_and_a_field_twice_do_no_harm(seller: Client) -> None:
    """I9."""
    many = goods() | {f"x{number}": number for number in range(10_000)}
    problem(seller.post("/api/products", many), 400, 422)
    sent = json.dumps(goods())
    twice = f'{sent[:-1]}, "name": "Another"}}'.encode()
    page = seller.send("POST", "/api/products", twice)
    assert page.status in (201, 400, 422)
    if page.status == 201:
        assert value_of(page)["name"] == "Another"
    query = "&".join(f"page={number}" for number in range(1, 300))
    assert seller.get(f"/api/products?{query}").status in (200, 400, 404, 414, 422)
    query = "&".join(f"x{number}=a" for number in range(500))
    assert seller.get(f"/api/products?{query}").status in (200, 400, 414, 422)


def test_a_body_that_is_packed_is_not_unpacked(seller: Client) -> None:
    """I9."""
    body = json.dumps(goods()).encode()
    for encoding in ("gzip", "deflate", "br", "identity, gzip"):
        packed = b"\x1f\x8b\x08\x00" + body
        page = seller.send("POST", "/api/products", packed, {"Content-Encoding": encoding})
        problem(page, 400, 415)


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 6", "Transfer-Encoding: chunked"),
        ("Content-Length: 6", "Content-Length: 5"),
        ("Content-Length: -1",),
        ("Transfer-Encoding: xchunked",),
        ("Transfer-Encoding : chunked",),
    ],
    ids=" ".join,
)
def test_a_length_that_two_servers_read_differently_smuggles_nothing(
    deployment: Deployment, lines: tuple[str, ...]
) -> None:
    """I2."""
    smuggled = head(deployment, "GET /api/smuggled HTTP/1.1")
    kind = f"Content-Type: {JSON}"
    data = head(deployment, "POST /api/token HTTP/1.1", kind, *lines) + b"0\r\n\r\nX" + smuggled
    page = say(deployment, data)
    assert 400 <= page.status < 500 or page.status == 501
    assert "/api/smuggled" not in deployment.log.read_text()


def test_many_at_once_are_served(deployment: Deployment, seller: Client) -> None:
    """U1."""
    clients = [Client(deployment, seller.token) for _ in range(32)]

    def act(client: Client) -> set[int]:
        path, _ = add(client)
        return {
            client.get("/api/products?page_size=100").status,
            client.patch(path, {"stock": 1}).status,
            client.get("/api/me").status,
            client.delete(path).status,
        }

    assert set.union(*at_once(act, clients)) == {200, 204}
