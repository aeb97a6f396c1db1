"""Headers, cookies, hosts, forged forms and hostile input."""

import runpy
from io import BytesIO

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import User
from catalogue.models import Product
from config.wsgi import application
from tests.conftest import PASSWORD, Browser, link_in

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
}
LOGIN = {"email": "ann@example.com", "password": PASSWORD}
FORM = "application/x-www-form-urlencoded"

pytestmark = pytest.mark.django_db


# Headers and cookies


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/account", 303),
        ("/products/", 301),
        ("/unknown", 404),
        ("/logout", 405),
        ("/%00", 400),
        ("/static/site.css", 200),
        ("/robots.txt", 200),
        ("/healthz", 200),
        ("/readyz", 200),
    ],
)
def test_every_answer_has_the_headers(client: Browser, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert {name: response[name] for name in HEADERS} == HEADERS
    assert "camera=()" in response["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in response
    response.close()


def test_errors_and_refusals_have_the_headers_too(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused_host = client.get("/", headers={"Host": "evil.test"})
    redirected = Client().get("/")
    redirected_host = Client().get("/", headers={"Host": "evil.test"})
    monkeypatch.setattr("catalogue.views.HomeView.get_queryset", None)
    client.raise_request_exception = False
    broken = client.get("/")
    responses = [refused_host, redirected, redirected_host, broken]
    assert [response.status_code for response in responses] == [400, 301, 400, 500]
    for response in responses:
        assert {name: response[name] for name in HEADERS} == HEADERS


def test_the_session_cookie_is_out_of_reach(client: Browser, ann: User) -> None:
    client.get("/login")
    client.post("/login", LOGIN)
    for name in ("__Host-session", "__Host-csrf"):
        cookie = client.cookies[name]
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]


def test_cookies_need_no_https_in_development(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "true")
    monkeypatch.setenv("SITE_URL", "http://localhost:8000")
    file = settings.BASE_DIR / "config" / "settings.py"
    development = runpy.run_path(str(file))
    assert development["SESSION_COOKIE_NAME"] == "session"
    assert development["SESSION_COOKIE_SECURE"] is False


def test_pages_of_a_user_are_not_stored(client: Browser, as_ann: Browser) -> None:
    for path in ("/products", "/unknown"):
        assert as_ann.get(path)["Cache-Control"] == "private, no-store"
    assert client.get("/login")["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in client.get("/unknown")  # no form, nobody's own


def test_plain_http_is_redirected_to_https() -> None:
    response = Client().get("/products?q=a", HTTP_HOST="testserver:4711")
    assert response.status_code == 301
    assert response["Location"] == "https://testserver/products?q=a"


# Hosts


@pytest.mark.parametrize("path", ["/", "/static/site.css", "/robots.txt"])
def test_another_host_is_refused(client: Browser, path: str) -> None:
    response = client.get(path, headers={"Host": "evil.test"})
    assert response.status_code == 400
    assert "We could not read that" in response.content.decode()


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "Forwarded", "X-Host"])
def test_links_lead_to_the_configured_site(
    client: Browser, ann: User, mailoutbox: list[EmailMessage], header: str
) -> None:
    client.post(
        "/password-reset", {"email": ann.email}, headers={header: "host=evil.test"}
    )
    assert "evil.test" not in str(mailoutbox[0].body)
    assert link_in(mailoutbox[0]).startswith("/password-reset/")


# Forged forms


def forms(client: Browser) -> dict[str, dict[str, str]]:
    product = {"name": "Forged", "description": "", "price": "1", "stock": "1"}
    passwords = {"old_password": PASSWORD, "new_password": "eleven loud magpies"}
    return {
        "/login": LOGIN,
        "/logout": {},
        "/register": LOGIN | {"display_name": "Ann"},
        "/password-reset": {"email": "ann@example.com"},
        "/account/password": passwords,
        "/account/email": {"email": "new@example.com", "password": PASSWORD},
        "/products/new": product,
        "/products/desk-lamp/edit": product | {"version": "1"},
        "/products/desk-lamp/delete": {},
    }


@pytest.fixture
def strict(ann: User) -> Browser:
    browser = Browser(enforce_csrf_checks=True, HTTP_REFERER="https://testserver/")
    browser.force_login(ann)
    return browser


def token_of(browser: Browser) -> str:
    return str(browser.get("/login").context["csrf_token"])


@pytest.mark.parametrize("token", [None, "", "garbage", "x" * 10_000, "another's"])
def test_a_form_without_its_token_changes_nothing(
    strict: Browser, lamp: Product, mailoutbox: list[EmailMessage], token: str | None
) -> None:
    right = token_of(strict)
    if token == "another's":
        token = token_of(Browser())
    for path, data in forms(strict).items():
        sent = data if token is None else data | {"csrfmiddlewaretoken": token}
        response = strict.post(f"{path}?csrfmiddlewaretoken={right}", sent)
        assert response.status_code == 403, path
        assert "You may not do that" in response.content.decode()
    assert strict.get("/account").status_code == 200
    assert Product.objects.get().version == 1
    assert not mailoutbox


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_from_another_site_is_refused(
    strict: Browser, lamp: Product, headers: dict[str, str]
) -> None:
    token = token_of(strict)
    for path, data in forms(strict).items():
        sent = data | {"csrfmiddlewaretoken": token}
        assert strict.post(path, sent, headers=headers).status_code == 403, path
    assert Product.objects.get().version == 1


def test_a_form_of_our_own_is_accepted(strict: Browser, lamp: Product) -> None:
    headers = {"Origin": "https://testserver", "Sec-Fetch-Site": "same-origin"}
    data = {"csrfmiddlewaretoken": token_of(strict)}
    path = "/products/desk-lamp/delete"
    assert strict.post(path, data, headers=headers).status_code == 303


# Hostile input


@pytest.mark.parametrize("text", ["%00", "%FF", "%ED%A0%80", "a%C0%AF"])
def test_what_is_not_text_is_refused(as_ann: Browser, text: str) -> None:
    body = f"name={text}&description=&price=1&stock=1"
    assert as_ann.get(f"/products?q={text}").status_code == 400
    assert as_ann.post("/products/new", body, content_type=FORM).status_code == 400
    assert as_ann.get(f"/products/{text}").status_code in (400, 404)
    assert not Product.objects.exists()


def test_a_cookie_that_is_not_text_is_refused(client: Browser) -> None:
    cookie = r'__Host-session="\000 long enough for a key"'
    assert client.get("/account", HTTP_COOKIE=cookie).status_code == 400


@pytest.mark.parametrize("content", [b"a\0b", b"a\xffb"])
def test_what_is_not_text_is_refused_in_forms_with_files_too(
    as_ann: Browser, content: bytes
) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n'
        + content
        + b"\r\n--x--\r\n"
    )
    kind = "multipart/form-data; boundary=x"
    assert as_ann.post("/products/new", body, content_type=kind).status_code == 400


@pytest.mark.parametrize(
    "parameters",
    ["charset=rot13", "charset=idna", "charset*=bogus''x", "charset=utf-16", "a;;=;b"],
)
def test_a_form_is_utf_8_whatever_it_claims(parameters: str) -> None:
    body = "email=\u00e4".encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/login",
        "QUERY_STRING": "next=%C3%A4",
        "CONTENT_TYPE": f"{FORM}; {parameters}",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "testserver",
        "wsgi.url_scheme": "https",
        "wsgi.input": BytesIO(body),
    }
    seen: list[str] = []
    application(environ, lambda status, headers: seen.append(status))
    assert seen == ["403 Forbidden"]  # it is read, and there is no token in it


def test_many_parameters_are_refused(as_ann: Browser) -> None:
    query = "&".join(f"field{number}=1" for number in range(10_000))
    assert as_ann.get(f"/products?{query}").status_code == 400


def test_a_body_over_a_megabyte_is_refused(as_ann: Browser) -> None:
    body = "name=" + "x" * 1024 * 1024
    response = as_ann.post("/products/new", body, content_type=FORM)
    assert response.status_code == 413
    assert "That is too much at once" in response.content.decode()


@pytest.mark.parametrize("length", ["-1", "abc", "1" * 5000])
def test_a_strange_length_is_refused(as_ann: Browser, length: str) -> None:
    response = as_ann.post("/login", LOGIN, CONTENT_LENGTH=length)
    assert response.status_code in (400, 413)


def test_many_fields_are_refused(as_ann: Browser) -> None:
    body = "&".join(f"field{number}=1" for number in range(10_000))
    response = as_ann.post("/products/new", body, content_type=FORM)
    assert response.status_code == 400
