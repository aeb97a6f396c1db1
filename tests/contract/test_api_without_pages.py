"""What is different in a project that has the API and no pages."""

from dataclasses import replace

import pytest

from headstart.proof.page import Page

from .accounts import NEW_PASSWORD
from .api import (
    CONFIRM,
    RESET,
    Client,
    add,
    ask_to_enrol,
    change_password,
    check_problem,
    complaints,
    confirm,
    enrol,
    gets_a_token,
    goods,
    mailed,
    problem,
    reset,
    reset_token,
    seller_of,
    value_of,
)
from .databases import broken_table
from .deployments import Deployment
from .people import Account, somebody
from .test_api_documentation import description, differences, files_of, whole
from .test_headers import ALWAYS
from .wire import head, say


@pytest.fixture
def program(without_pages: Deployment) -> Client:
    """Return a program without a token."""
    return Client(without_pages)


@pytest.fixture
def newcomer(without_pages: Deployment) -> tuple[Client, Account]:
    """Return a program with a token of an account of its own."""
    return enrol(without_pages)


def test_the_first_page_is_the_documentation(program: Client) -> None:
    """R10."""
    page = program.get("/")
    assert page.status == 307
    assert page.location == f"{program.deployment.site}/api/docs"
    assert program.get("/api/docs").status == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/products", "/products/new", "/login", "/register", "/account", "/password-reset"),
        *("/dev/mail", "/static/site.css", "/nothing", "/logout", "/register/confirm/x"),
    ],
)
def test_there_are_no_pages(program: Client, path: str) -> None:
    """R8."""
    for method in ("GET", "POST"):
        problem(program.send(method, path, b"{}" if method == "POST" else b""), 404)


def test_every_error_is_a_problem(without_pages: Deployment, program: Client) -> None:
    """R8, H1, H7."""
    long = head(without_pages, "POST /nothing HTTP/1.1", "Content-Length: 20000000")
    without_pages.may_fail = True
    with broken_table(without_pages.database, "slug"):
        failed = program.get("/api/products")
    without_pages.check_log()
    without_pages.may_fail = False
    answers: dict[str, tuple[Page, tuple[int, ...]]] = {
        "host": (program.get("/", {"Host": "evil.test"}), (400,)),
        "host of the API": (program.get("/api/products", {"Host": "evil.test"}), (400,)),
        "method": (program.post("/", {}), (405,)),
        "health": (program.post("/healthz", {}), (405,)),
        "NUL": (program.get("/%00"), (400, 404)),
        "bytes": (program.get("/%ff"), (400, 404)),
        "large": (say(without_pages, long), (404, 413)),
        "failed": (failed, (500,)),
    }
    for name, (page, statuses) in answers.items():
        assert page.status in statuses, f"{name}: {page.status}"
        check_problem(page)
        assert [header for header in ALWAYS if not page.headers[header]] == [], name


def test_the_only_html_is_the_documentation(program: Client) -> None:
    """R10."""
    for path in ("/api/products", "/api/me", "/nothing", "/healthz", "/readyz"):
        assert "<html" not in program.get(path).text.lower()
    assert all(program.get(path).status == 200 for path in files_of(program))


def test_it_is_described_as_with_pages(program: Client) -> None:
    """R10."""
    assert differences(description(program), whole()) == {}


def test_it_is_healthy(program: Client) -> None:
    """O1."""
    for path in ("/healthz", "/readyz"):
        assert program.get(path, {"Host": "10.0.0.7:8000"}).status == 200


def test_the_mail_holds_the_token_and_says_what_to_do_with_it(
    without_pages: Deployment, program: Client
) -> None:
    """R13, A1, A11."""
    account = somebody()
    headers = {"X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"}
    asked = {
        "email": account.email,
        "display_name": account.display_name,
        "password": account.password,
    }
    assert program.post("/api/users", asked, headers).status == 202
    token = mailed(without_pages, account.email, CONFIRM)
    text = without_pages.mail(account.email, CONFIRM).text
    assert token in text.splitlines()
    assert "POST" in text
    assert f"{without_pages.site}/api/users/confirm" in text
    assert "/register/" not in text
    assert confirm(program, token).status == 204
    assert gets_a_token(without_pages, account)
    program.post("/api/password-reset", {"email": account.email}, headers)
    token = mailed(without_pages, account.email, RESET)
    text = without_pages.mail(account.email, RESET).text
    assert token in text.splitlines()
    assert f"{without_pages.site}/api/password-reset/confirm" in text
    assert reset(program, token, NEW_PASSWORD).status == 204
    assert gets_a_token(without_pages, replace(account, password=NEW_PASSWORD))


def test_a_taken_address_gets_the_same_answer(without_pages: Deployment, program: Client) -> None:
    """R13, A2."""
    _, account = enrol(without_pages)
    answers = [ask_to_enrol(program, one) for one in (somebody(), somebody(email=account.email))]
    assert {(page.status, page.body) for page in answers} == {(202, b"")}
    mail = without_pages.mail(account.email, "You already have an account")
    assert "/login" not in mail.text
    assert "/password-reset\n" not in mail.text or "/api/password-reset" in mail.text


def test_tokens_die_with_the_password(
    without_pages: Deployment, newcomer: tuple[Client, Account]
) -> None:
    """R2, R13."""
    client, account = newcomer
    assert change_password(client, account.password, NEW_PASSWORD).status == 204
    assert not client.is_somebody()
    again = replace(account, password=NEW_PASSWORD)
    token = reset_token(without_pages, again)
    assert reset(client, token, account.password).status == 204
    assert gets_a_token(without_pages, account)


def test_products_are_made_changed_and_deleted(without_pages: Deployment, program: Client) -> None:
    """R5, R7, R9."""
    seller = seller_of(without_pages)
    path, made = add(seller)
    assert value_of(program.get(path)) == made
    problem(seller.patch(path, {"stock": 1}, {"If-Match": '"7"'}), 412)
    assert value_of(seller.patch(path, {"stock": 1}, {"If-Match": '"1"'}))["stock"] == 1
    assert complaints(seller.post("/api/products", goods(stock="5"))).keys() == {"stock"}
    problem(seller.send("POST", "/api/products", b" " * 2_000_000), 413)
    assert seller.delete(path).status == 204
