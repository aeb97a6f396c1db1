"""I7 to I10: numbers, pages, bodies and headers beyond what is allowed."""

import gzip
import time
import zlib
from urllib.parse import quote, urlencode

import pytest

from .deployments import Deployment, Stranger
from .people import (
    add_product,
    can_log_in,
    is_logged_in,
    product,
    refused,
    register,
    somebody,
)
from .wire import head, open_line, read_answer, say

MIB = 1024 * 1024
NUMBERS = (
    *("NaN", "nan", "Infinity", "-Infinity", "inf", "1e400", "-1", "-0.01", "-0"),
    *(str(2**63), str(10**40), "1" * 5000, "0x10", "1_000", "1,5", "--1", "١٢", "½", "1e-9"),
)
STRANGE = {
    "right to left": "\u202eabc\u202c שלום \u200fمرحبا",
    "joined emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 🇺🇳 👍🏽",
    "combining": "Z" + "\u0310\u0335\u0489" * 30,
    "astral": "𝕳𝖊𝖑𝖑𝖔 𠜎𠜱 \U0010fffd",
    "not normalised": "e\u0301 é ﬁ Å \u212b",
    "no width": "a\u200bb\u2060c\ufeffd",
}


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number[:12])
def test_what_is_no_number_in_range_is_refused_beside_the_field(
    owner: Stranger, number: str
) -> None:
    """I7."""
    page = owner.get("/products/new")
    for field in ("price", "stock"):
        if field == "price" and number == "1e-9":
            continue
        answer = owner.submit(page, product(**{field: number}))
        assert refused(answer, field), f"{field}: {answer.status} {answer.location}"


@pytest.mark.parametrize(
    ("field", "number"),
    [("price", "1.999"), ("price", "0.001"), ("price", "999999.999"), ("stock", "1.0")],
)
def test_too_many_decimals_are_refused(owner: Stranger, field: str, number: str) -> None:
    """I7."""
    answer = owner.submit(owner.get("/products/new"), product(**{field: number}))
    assert refused(answer, field)


@pytest.mark.parametrize(
    "version", ["", "abc", "-1", "0", "1.5", str(2**31), str(2**63), str(10**40), "NaN"]
)
def test_a_version_that_never_was_saves_nothing(owner: Stranger, version: str) -> None:
    """I7."""
    path = add_product(owner)
    before = owner.get(path).document.text
    answer = owner.submit(owner.get(f"{path}/edit"), product() | {"version": version})
    assert answer.status in (400, 409, 422)
    assert owner.get(path).document.text == before


@pytest.mark.parametrize("page", ["0", "-1", "abc", str(10**18), str(10**40), "1.5", "1e3"])
def test_a_page_that_does_not_exist_is_not_found(visitor: Stranger, page: str) -> None:
    """I8."""
    for query in (f"page={quote(page)}", f"q=a&page={quote(page)}"):
        assert visitor.get(f"/products?{query}").status in (404, 422)


def test_ten_thousand_fields_and_a_field_twice_do_no_harm(
    owner: Stranger, deployment: Deployment
) -> None:
    """I9."""
    form = owner.get("/products/new").form(["name"])
    fields = list((form.fields | product()).items())
    many = [*fields, *((f"x{number}", "y") for number in range(10_000))]
    assert owner.post("/products/new", many).status in (303, 400, 413, 422)
    twice = [*fields, *fields]
    assert owner.post("/products/new", twice).status in (303, 400, 403, 413, 422)
    query = "&".join(f"q={number}" for number in range(500))
    assert owner.get(f"/products?{query}").status in (200, 400, 414, 422)
    assert is_logged_in(owner)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"name": ' + b"[" * 20_000),
        ("application/json", b'{"name": "a", "name": "b"}'),
        ("text/plain", b"name=a"),
        ("", b"name=a"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nnothing"),
        ("multipart/form-data; boundary=" + "x" * 5000, b"--x\r\n"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="name"; filename="a"\r\n\r\nb\r\n--x--\r\n',
        ),
        ("application/x-www-form-urlencoded; charset=utf-16", b"n\x00a\x00"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"name=a"),
        ("application/x-www-form-urlencoded", b"%"),
        ("application/x-www-form-urlencoded", b"&&&=&=&a=b=c&%zz=%zz"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_a_body_of_another_kind_is_refused(owner: Stranger, kind: str, body: bytes) -> None:
    """I9."""
    headers = {"Origin": owner.site} | ({"Content-Type": kind} if kind else {})
    for path in ("/products/new", "/login"):
        assert owner.request("POST", path, body, headers).status in (400, 403, 413, 415, 422)


def parts(owner: Stranger, *more: bytes) -> bytes:
    """Return the form of a new product in parts, with more of them."""
    fields = owner.get("/products/new").form(["name"]).fields | product()
    named = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
        for name, value in fields.items()
    ]
    return b"".join(b"--x\r\n" + part + b"\r\n" for part in (*named, *more)) + b"--x--\r\n"


ONE = b'Content-Disposition: form-data; name="%s"\r\n\r\nb'
FILE = b'Content-Disposition: form-data; name="a"; filename="%s"\r\n\r\nb'


@pytest.mark.parametrize(
    "more",
    [
        [ONE % b"a"] * 10_000,
        [FILE % b"a"] * 2_000,
        [
            FILE % name
            for name in (b"../../../x", b"/etc/passwd", b"a\\..\\b", b"a\x00b", b"", b"\xff")
        ],
        [FILE % (b"a" * 5_000)],
        [ONE % (b"n" * 20_000)],
        [b"X-Header: " + b"a" * 20_000 + b"\r\n" + ONE % b"a"],
        [b"\r\n".join([b"X-Header: a"] * 2_000) + b"\r\n" + ONE % b"a"],
        [
            b"Content-Type: multipart/mixed; boundary=y\r\n"
            + ONE % b"a"
            + b"\r\n--y\r\n\r\nc\r\n--y--"
        ],
        [b"Content-Transfer-Encoding: base64\r\n" + ONE % b"a"],
        [b"Content-Type: text/plain; charset=utf-7\r\n" + ONE % b"description"],
        [b"no header at all", b"\r\n\r\n", b"Content-Disposition: form-data\r\n\r\nb"],
        [b"Content-Disposition: attachment; filename*=utf-8''..%2f..%2fx\r\n\r\nb"],
    ],
    ids=[
        *("many", "many files", "names", "long name of a file", "long name", "long header"),
        *("many headers", "nested", "encoded", "charset", "nameless", "attached"),
    ],
)
def test_a_form_in_parts_that_make_no_sense_is_read_or_refused(
    owner: Stranger, more: list[bytes]
) -> None:
    """I9, I2. The import has only a file, and `test_imports.py` says what of it is refused."""
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Origin": owner.site}
    body = parts(owner, *more)
    for path in ("/products/new", "/login"):
        page = owner.request("POST", path, body, headers)
        assert page.status in (303, 400, 403, 413, 422), path
    assert is_logged_in(owner)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "identity, gzip", "x-unknown"])
def test_a_form_that_is_packed_is_not_unpacked(owner: Stranger, encoding: str) -> None:
    """I9, I10. A few kilobytes would become gigabytes."""
    form = owner.get("/products/new").form(["name"])
    plain = urlencode(form.fields | product(name=f"Packed {encoding}")).encode()
    packed = gzip.compress(plain) if "gzip" in encoding else zlib.compress(plain)
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": owner.site}
    bomb = gzip.compress(b"a=" + b"b" * 20 * MIB)
    for body in (packed, bomb):
        page = owner.request("POST", "/products/new", body, kind | {"Content-Encoding": encoding})
        assert page.status in (400, 403, 413, 415, 422)


@pytest.mark.parametrize("chunked", [False, True], ids=["told", "chunked"])
@pytest.mark.parametrize("path", ["/login", "/products/new", "/nothing"])
def test_twenty_megabytes_are_refused_before_they_are_read(
    deployment: Deployment, path: str, chunked: bool
) -> None:
    """I10."""
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {20 * MIB}"
    kind = "Content-Type: application/x-www-form-urlencoded"
    piece = b"a" * 65536
    if chunked:
        piece = b"10000\r\n" + piece + b"\r\n"
    started = time.monotonic()
    with open_line(deployment) as line:
        line.sendall(head(deployment, f"POST {path} HTTP/1.1", length, kind))
        line.settimeout(0.02)
        try:
            for _ in range(20 * MIB // 65536):
                line.sendall(piece)
        except OSError:
            pass
        line.settimeout(5)
        page = read_answer(line, "POST", path)
    allowed = (413, 404, 400, 403, 411) if chunked or path == "/nothing" else (413,)
    assert page.status in allowed
    assert time.monotonic() - started < 5


def test_an_upload_just_under_the_limit_is_read(owner: Stranger) -> None:
    """I10."""
    fields = product(description="x" * (MIB - 2000))
    assert refused(owner.submit(owner.get("/products/new"), fields), "description")


def test_a_visitor_who_hangs_up_in_the_middle_does_no_harm(deployment: Deployment) -> None:
    """I9, U5."""
    kind = "Content-Type: application/x-www-form-urlencoded"
    for first in ("POST /login HTTP/1.1", "POST /products/new HTTP/1.1"):
        with open_line(deployment) as line:
            line.sendall(head(deployment, first, kind, "Content-Length: 1000") + b"email=a")
    with open_line(deployment) as line:
        line.sendall(b"GET /products HTTP/1.1\r\nHost: sh")
    time.sleep(0.3)
    assert deployment.visitor().get("/products").status == 200


@pytest.mark.parametrize("size", [9_000, 70_000, 300_000])
def test_a_long_address_or_header_is_refused_or_read(deployment: Deployment, size: int) -> None:
    """I9."""
    for data in (
        head(deployment, f"GET /products?q={'a' * size} HTTP/1.1"),
        head(deployment, f"GET /{'a' * size} HTTP/1.1"),
        head(deployment, "GET / HTTP/1.1", f"X-Long: {'a' * size}"),
    ):
        page = say(deployment, data)
        assert page.status in (200, 400, 404, 413, 414, 422, 431)


def test_an_account_with_a_hostile_name_still_works(deployment: Deployment) -> None:
    """I5."""
    _, account = register(deployment, somebody(display_name=STRANGE["joined emoji"]))
    assert can_log_in(deployment, account)
