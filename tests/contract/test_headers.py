"""H. Headers and cookies, as in production."""

import re

import pytest

from headstart.proof.page import Page

from .admin import PANELS
from .crawling import crawl
from .databases import broken_table
from .deployments import Deployment, Stranger
from .people import Account, demo, log_in, path_of, somebody, try_to_log_in
from .wire import head, say

ALWAYS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
    "X-Request-ID",
)
YEAR = 365 * 24 * 60 * 60
VERSION = re.compile(r"\d")


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
        assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin", name
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


def test_pages_of_somebody_logged_in_are_not_stored(owner: Stranger) -> None:
    """H5."""
    for path in ("/", "/account", "/products", "/products/new"):
        said = owner.get(path).headers["Cache-Control"] or ""
        assert "no-store" in said, f"{path}: {said!r}"
        assert "public" not in said


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
