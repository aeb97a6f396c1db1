"""H. Headers and cookies, as in production."""

import re
from contextlib import suppress
from http.client import BadStatusLine
from urllib.parse import urlsplit

import pytest

from headstart.proof.page import Page

from .accounts import told
from .admin import PANELS
from .crawling import crawl
from .databases import broken_table
from .deployments import Deployment, Stranger
from .people import Account, demo, log_in, path_of, somebody, try_to_log_in
from .wire import has_reached, head, say

ALWAYS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "X-Request-ID",
)
YEAR = 365 * 24 * 60 * 60
VERSION = re.compile(r"\d")
# What some programs take for spaces, and so leave out: in UTF-8, and in Latin-1.
SPACES = (b"\xe2\x80\x80", b"\xe3\x80\x80", b"\xc2\xa0", b"\xc2\x85", b"\xa0", b"\x85")
# Ways of asking for a page of another site, or for one that browsers take for such.
TARGETS = (
    *("http://evil.test/", "https://evil.test/products/", "//evil.test/", "///evil.test/"),
    *("//evil.test/%2f..", "//evil.test/products/?a=b", "/%2fevil.test/", "/%2f%2fevil.test/"),
    *("/\\evil.test/", "/%5cevil.test/", "/.//evil.test/", "/%2e%2e//evil.test/", "/;//evil.test/"),
    *(
        "/products//evil.test/",
        "/products/%0d%0aX-Planted:%20yes/",
        "/products/%0aX/",
        "/\t/evil.test/",
    ),
    *("/admin//evil.test/", "/api//evil.test/", "/static//evil.test/", "@evil.test/", "*"),
)


def static_files(page: Page, folder: str = "/static/") -> list[str]:
    """Return the addresses of the files that a page needs."""
    return re.findall(rf'(?:href|src)="({folder}[^"]+)"', page.text)


@pytest.fixture(scope="module")
def answers(
    running_deployment: Deployment, owner: Stranger, staff: Stranger, framework: str
) -> dict[str, Page]:
    """Return answers of all kinds, by what they are."""
    visitor = running_deployment.visitor()
    found = {f"stranger {path}": page for path, page in crawl(visitor).items()}
    found |= {f"owner {path}": page for path, page in crawl(owner).items()}
    panel = PANELS[framework]
    found |= {f"staff {path}": page for path, page in crawl(staff, panel.start).items()}
    for path in static_files(found["stranger /"]):
        found[path] = visitor.get(path)
    for path in static_files(found[f"staff {panel.products.index}"], panel.files):
        found[path] = staff.get(path)
    for path in ("/favicon.ico", "/robots.txt", "/healthz", "/readyz"):
        found[path] = visitor.get(path)
    wrong = Account("nobody@example.com", "not-the-password-at-all")
    found |= {
        "redirect": visitor.get("/account"),
        "stranger at the panel /": visitor.get("/admin"),
        "owner at the panel /": owner.get("/admin"),
        "nothing in the panel /": staff.get("/admin/nothing"),
        "slash": visitor.get("/products/"),
        "logged in": try_to_log_in(running_deployment.visitor(), demo(running_deployment)),
        "not found": visitor.get("/nothing"),
        "no such file": visitor.get("/static/nothing.css"),
        "wrong method": visitor.get("/logout"),
        "unknown method": visitor.request("TRACE", "/"),
        "no token": visitor.post("/login", {"email": "a", "password": "b"}),
        "form again": try_to_log_in(running_deployment.visitor(), wrong),
        "another host": visitor.get("/", {"Host": "evil.test"}),
        "too large": visitor.post("/login", {"email": "x" * 2_000_000}),
        "a NUL": visitor.get("/products?q=%00"),
        "head": visitor.request("HEAD", "/"),
        "plain HTTP": visitor.get("/", {"X-Forwarded-Proto": "http"}),
    }
    nobody = somebody()
    for _ in range(11):
        found["too many"] = try_to_log_in(running_deployment.visitor(), nobody)
    running_deployment.may_fail = True
    with broken_table(running_deployment.database, "slug"):
        found["error"] = visitor.get("/products")
    running_deployment.check_log()
    running_deployment.may_fail = False
    return found


def test_the_answers_are_of_all_kinds(answers: dict[str, Page]) -> None:
    """H1."""
    kinds = {name: answers[name].status for name in answers if "/" not in name}
    assert kinds | {"slash": 0, "unknown method": 0, "a NUL": 0, "plain HTTP": 0} == {
        "redirect": kinds["redirect"],
        "slash": 0,
        "logged in": 303,
        "not found": 404,
        "no such file": 404,
        "wrong method": 405,
        "unknown method": 0,
        "no token": 403,
        "form again": kinds["form again"],
        "another host": 400,
        "too large": 413,
        "a NUL": 0,
        "head": 200,
        "plain HTTP": 0,
        "too many": 429,
        "error": 500,
    }
    assert kinds["plain HTTP"] in (301, 307, 308)
    assert answers["plain HTTP"].location == "https://shop.test/"


def test_the_headers_are_on_every_answer(answers: dict[str, Page]) -> None:
    """H1."""
    missing = [
        f"{name} ({page.status}): {header}"
        for name, page in answers.items()
        for header in ALWAYS
        if not page.headers[header]
    ]
    assert missing == []


def test_the_content_security_policy_is_strict(answers: dict[str, Page]) -> None:
    """H1."""
    for name, page in answers.items():
        policies = page.headers.get_all("Content-Security-Policy", [])
        assert len(policies) == 1, name
        parts = [part.split() for part in policies[0].split(";") if part.strip()]
        policy = {part[0].lower(): part[1:] for part in parts}
        assert policy["default-src"] == ["'self'"], name
        assert policy["object-src"] == ["'none'"], name
        assert policy["base-uri"] == ["'none'"], name
        assert policy["frame-ancestors"] == ["'none'"], name
        assert policy["form-action"] == ["'self'"], name
        assert "unsafe" not in policies[0], name


def test_the_other_headers_say_the_strict_thing(answers: dict[str, Page]) -> None:
    """H1."""
    for name, page in answers.items():
        assert page.headers["X-Content-Type-Options"] == "nosniff", name
        assert page.headers["X-Frame-Options"] == "DENY", name
        assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert page.headers["Cross-Origin-Resource-Policy"] == "same-origin", name
        assert page.headers["Referrer-Policy"] in (
            "same-origin",
            "strict-origin",
            "strict-origin-when-cross-origin",
        ), name


def test_browsers_are_told_to_stay_with_https(answers: dict[str, Page]) -> None:
    """H1. Over plain HTTP the header means nothing: RFC 6797, 7.2."""
    for name, page in answers.items():
        if name != "plain HTTP":
            said = page.headers["Strict-Transport-Security"] or ""
            age = re.search(r"max-age=(\d+)", said)
            assert age, f"{name} ({page.status}): {said!r}"
            assert int(age.group(1)) >= YEAR
            assert "includesubdomains" in said.lower()


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(deployment: Deployment) -> None:
    """H3."""
    page = try_to_log_in(deployment.visitor(), demo(deployment))
    cookies = page.cookies
    assert any("session" in cookie.key for cookie in cookies)
    for cookie in cookies:
        assert cookie.key.startswith("__Host-"), cookie.key
        assert cookie["secure"]
        assert cookie["path"] == "/"
        assert cookie["samesite"].lower() in ("lax", "strict")
        assert not cookie["domain"]
        if "session" in cookie.key:
            assert cookie["httponly"]
            assert cookie["samesite"].lower() == "lax"


@pytest.mark.parametrize("space", [*SPACES, b"\x00", b'"', b"$", b"%20"])
def test_a_cookie_that_only_looks_like_the_sessions_is_none(
    deployment: Deployment, owner: Stranger, space: bytes
) -> None:
    """H3. Any subdomain may set cookies with such names, and none with the real one."""
    (name,) = (name for name in owner.cookies if "session" in name)
    named, value = name.encode(), owner.cookies[name].encode()
    # Whoever keeps two of a name may take the first or the last.
    for cookies in (space + named, named + space):
        line = b"Cookie: a=b; " + cookies + b"=" + value
        page = say(deployment, head(deployment, "GET /account HTTP/1.1")[:-2] + line + b"\r\n\r\n")
        assert page.status in (302, 303, 400), cookies
    line = b"Cookie: a=b; " + named + b"=" + value
    page = say(deployment, head(deployment, "GET /account HTTP/1.1")[:-2] + line + b"\r\n\r\n")
    assert page.status == 200


def test_every_cookie_is_marked_secure(answers: dict[str, Page]) -> None:
    """H3."""
    for name, page in answers.items():
        for cookie in page.cookies:
            assert cookie["secure"], f"{name}: {cookie.key}"


def test_nothing_tells_what_the_site_is_made_with(answers: dict[str, Page]) -> None:
    """H4."""
    for name, page in answers.items():
        assert not VERSION.search(page.headers["Server"] or ""), name
        for header in ("X-Powered-By", "Via", "X-AspNet-Version", "X-Runtime"):
            assert page.headers[header] is None, name


def test_pages_of_somebody_logged_in_are_not_stored(answers: dict[str, Page]) -> None:
    """H5."""
    own = {name: page for name, page in answers.items() if name.startswith(("owner ", "staff "))}
    assert len(own) > 20
    for name, page in own.items():
        said = page.headers["Cache-Control"] or ""
        assert "no-store" in said, f"{name}: {said!r}"
        assert "public" not in said, name


def test_files_may_be_stored(deployment: Deployment) -> None:
    """H5."""
    visitor = deployment.visitor()
    files = static_files(visitor.get("/"))
    assert files
    for path in files:
        page = visitor.get(path)
        assert page.status == 200
        assert "max-age" in (page.headers["Cache-Control"] or ""), path
        assert page.headers["Set-Cookie"] is None


def test_another_site_may_not_read_anything(deployment: Deployment, owner: Stranger) -> None:
    """H6."""
    headers = {"Origin": "https://evil.test", "Access-Control-Request-Method": "POST"}
    for visitor in (deployment.visitor(), owner):
        for path in ("/", "/products", "/account", "/login", "/healthz", "/nothing"):
            for method in ("GET", "OPTIONS"):
                page = visitor.request(method, path, headers=headers)
                assert page.headers["Access-Control-Allow-Origin"] is None, f"{method} {path}"


@pytest.mark.parametrize(
    "host",
    [
        "evil.test",
        "shop.test.evil.test",
        "evilshop.test",
        "127.0.0.1",
        "localhost",
        "shop.test@evil.test",
        "shop.test/evil.test",
        "evil.test#shop.test",
        "shop.test:80:80",
        "[::1]",
        "",
    ],
)
def test_a_host_that_is_not_configured_is_refused(deployment: Deployment, host: str) -> None:
    """H7."""
    for path in ("/", "/login", "/nothing", "/static/site.css"):
        page = say(deployment, head(deployment, f"GET {path} HTTP/1.1", f"Host: {host}"))
        assert page.status == 400, path
        assert "evil.test" not in page.text


def test_two_hosts_are_refused(deployment: Deployment) -> None:
    """H7."""
    lines = ("Host: shop.test", "Host: evil.test")
    page = say(deployment, head(deployment, "GET / HTTP/1.1", *lines))
    assert page.status == 400 or "evil.test" not in page.text


@pytest.mark.parametrize("target", TARGETS)
def test_no_way_of_writing_an_address_leads_to_another_site(
    deployment: Deployment, target: str
) -> None:
    """H7, A6."""
    for method in ("GET", "HEAD"):
        for scheme in ("https", "http"):
            first = f"{method} {target} HTTP/1.1"
            page = say(deployment, head(deployment, first, f"X-Forwarded-Proto: {scheme}"))
            assert page.status < 500
            said = page.headers["Location"] or "/"
            inside = said.startswith("/") and not said.startswith(("//", "/\\"))
            assert inside or urlsplit(said).netloc in ("shop.test", "shop.test*"), said
            assert said.isprintable(), ascii(said)
            assert page.headers["X-Planted"] is None


@pytest.mark.parametrize(
    "host", ["shop.test:443", "SHOP.TEST", "shop.test.", "shop.test:8000", "shop.test:99999"]
)
def test_the_own_host_in_other_words_leads_nowhere_else(deployment: Deployment, host: str) -> None:
    """H7, A11."""
    for scheme in ("https", "http"):
        lines = (f"Host: {host}", f"X-Forwarded-Proto: {scheme}")
        page = say(deployment, head(deployment, "GET /account HTTP/1.1", *lines))
        if page.status != 400:
            assert page.headers["Location"].startswith(("/login?", f"{deployment.site}/account"))


@pytest.mark.parametrize(
    "line",
    [
        *("X-Forwarded-Host: evil.test", "Forwarded: host=evil.test", "X-Host: evil.test"),
        *("X-Original-URL: /account", "X-Rewrite-URL: /account", "X-Original-Host: evil.test"),
        *("X-Forwarded-Prefix: //evil.test", "X-Script-Name: /evil.test", "Script-Name: /evil"),
        *("X-Forwarded-Server: evil.test", "X-Forwarded-Port: 4711", "X-HTTP-Method-Override: PUT"),
        *("X-Forwarded-Scheme: http", "Front-End-Https: off", "X-Url-Scheme: http"),
        *("Referer: https://evil.test/", "User-Agent: evil.test", "Origin: https://evil.test"),
    ],
)
def test_what_a_cache_does_not_look_at_changes_no_page(deployment: Deployment, line: str) -> None:
    """H5, A11. Or one visitor could choose what a cache shows to all others."""
    for path in ("/", "/products", "/login", "/nothing"):
        plain, odd = (
            say(deployment, head(deployment, f"GET {path} HTTP/1.1", *lines))
            for lines in ((), (line,))
        )
        assert told(plain) == told(odd), path
        assert "evil" not in odd.text


@pytest.mark.parametrize(
    "method", ["TRACE", "CONNECT", "TRACK", "DEBUG", "get", "Get", "PROPFIND", "FOO", "X" * 100]
)
def test_a_method_that_is_not_known_is_refused(deployment: Deployment, method: str) -> None:
    """H1, C4."""
    for path in ("/", "/products", "/static/site.css", "/healthz"):
        first = f"{method} {path} HTTP/1.1"
        page = say(deployment, head(deployment, first, "X-Told: not-to-be-told-again"))
        assert page.status in (400, 403, 404, 405, 501), path
        assert "not-to-be-told-again" not in page.text


@pytest.mark.parametrize("version", ["HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/9.9", "FOO", ""])
def test_another_version_of_http_is_refused_or_served_alike(
    deployment: Deployment, version: str
) -> None:
    """H1, H7."""
    page = say(deployment, head(deployment, f"GET /account {version}".strip()))
    assert page.status in (302, 303, 400, 505)
    nowhere = head(deployment, f"GET / {version}".strip()).replace(b"Host: shop.test\r\n", b"")
    with suppress(BadStatusLine):  # what is no HTTP at all may get no answer
        assert say(deployment, nowhere).status in (400, 505)


def test_a_thousand_cookies_are_read_or_refused(deployment: Deployment, owner: Stranger) -> None:
    """I9."""
    own = "; ".join(f"{name}={value}" for name, value in owner.cookies.items())
    for count in (100, 1000, 20_000):
        line = f"Cookie: {own}; " + "; ".join(f"c{number}=v" for number in range(count))
        page = say(deployment, head(deployment, "GET /account HTTP/1.1", line))
        assert page.status in ((200,) if count == 100 else (200, 400, 431))


@pytest.mark.parametrize(
    "part",
    [
        *(
            "bytes=0-0",
            "bytes=-1",
            "bytes=5-2",
            "bytes=99999999-",
            "bytes=--1",
            "bytes=a-b",
            "x=0-5",
        ),
        *("bytes=0-,0-,0-", "bytes=0-0,2-2,4-4", "bytes=" + ",".join(["0-"] * 1200)),
        *("bytes=" + ",".join(f"{n}-{n}" for n in range(0, 2400, 2)), "bytes=" + "9" * 400 + "-"),
    ],
    ids=lambda part: part[:20],
)
def test_a_part_of_a_file_is_no_more_than_the_file(deployment: Deployment, part: str) -> None:
    """H1, I9. Many parts, too, are no way to make a small request a large answer."""
    path = static_files(deployment.visitor().get("/"))[0]
    whole = say(deployment, head(deployment, f"GET {path} HTTP/1.1"))
    page = say(deployment, head(deployment, f"GET {path} HTTP/1.1", f"Range: {part}"))
    assert page.status in (200, 206, 400, 416, 431)
    assert len(page.body) <= 20 * len(whole.body)
    assert page.headers["X-Content-Type-Options"] == "nosniff" or not has_reached(page)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "If-None-Match: *",
            'If-None-Match: "',
            "If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT",
        ),
        *(
            "If-Modified-Since: 99 Foo 99999",
            'If-Match: "x"',
            "If-Range: x",
            "If-Modified-Since: 0",
        ),
        "If-Modified-Since: Thu, 99 Jan 99999999999 99:99:99 GMT",
    ],
)
def test_a_condition_that_makes_no_sense_does_no_harm(deployment: Deployment, line: str) -> None:
    """H1, I9."""
    path = static_files(deployment.visitor().get("/"))[0]
    for asked in (path, "/", "/healthz"):
        page = say(deployment, head(deployment, f"GET {asked} HTTP/1.1", line))
        assert page.status in (200, 304, 400, 412), asked


def test_the_health_checks_answer_to_any_host(deployment: Deployment) -> None:
    """H7."""
    visitor = deployment.visitor()
    for path in ("/healthz", "/readyz"):
        for headers in ({"Host": "10.0.0.7:8000"}, {"X-Forwarded-Proto": "http"}):
            assert visitor.get(path, headers).status == 200


def test_plain_http_is_sent_to_https_on_the_sites_own_host(deployment: Deployment) -> None:
    """H1."""
    visitor = deployment.visitor()
    for path in ("/products?q=a", "//evil.test/"):
        lines = ("X-Forwarded-Proto: http",)
        page = say(deployment, head(deployment, f"GET {path} HTTP/1.1", *lines))
        target = page.headers["Location"] or f"{deployment.site}/"
        assert target.startswith(f"{deployment.site}/"), target
    assert path_of(visitor.get("/products", {"X-Forwarded-Proto": "http"})) == "/products"


def test_a_session_is_not_handed_out_over_plain_http(deployment: Deployment) -> None:
    """H3."""
    visitor = log_in(deployment, demo(deployment))
    page = visitor.get("/account", {"X-Forwarded-Proto": "http"})
    assert page.status in (301, 307, 308)
