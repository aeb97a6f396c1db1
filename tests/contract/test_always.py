"""U. Always true: of every answer that any test of this suite got, and of the whole log.

`Stranger` holds each answer to U1 to U4 as it comes, and each test ends with a
look at the new lines of the log (U5). Here stands what is to be seen only at
the end, and that the looking works.
"""

from email import message_from_string
from http.client import HTTPMessage

import pytest

from headstart.proof.page import Page

from .always import check_answer, check_log, check_type
from .crawling import crawl
from .deployments import Deployment, Stranger

HTML = "<!doctype html><title>A</title>"


def answer(
    body: str = HTML,
    kind: str = "text/html; charset=utf-8",
    status: int = 200,
    seconds: float = 0.1,
) -> Page:
    headers = message_from_string(f"Content-Type: {kind}\n\n", HTTPMessage)
    return Page("https://shop.test/", "GET", status, headers, body.encode(), seconds)


@pytest.mark.parametrize(
    ("page", "number"),
    [
        (answer(status=500), "U1"),
        (answer(HTML + "Traceback (most recent call last):"), "U2"),
        (answer(HTML + "/app/.venv/lib/python3.11/site-packages/x.py"), "U2"),
        (answer(HTML + "sqlalchemy.exc.Thing"), "U2"),
        (answer(HTML + "Werkzeug/3.1"), "U2"),
        (answer(HTML + "the-secret"), "U2"),
        (answer(HTML + "the-password"), "U2"),
        (answer(seconds=6.0), "U3"),
        (answer(kind="text/plain; charset=utf-8"), "U4"),
        (answer(kind="text/html"), "U4"),
        (answer("{}", kind="text/html; charset=utf-8"), "U4"),
    ],
)
def test_what_is_never_true_is_noticed(page: Page, number: str) -> None:
    """U1, U2, U3, U4."""
    with pytest.raises(AssertionError, match=number):
        check_answer(page, "password=the-password", {"the-secret"})


def test_what_is_true_passes() -> None:
    """U1, U2, U3, U4."""
    check_answer(answer(), "/", {"the-secret"})
    check_answer(
        answer("Traceback (most recent call last)", "text/plain; charset=utf-8"),
        "q=Traceback (most recent call last)",
        set(),
    )


def test_a_log_with_a_traceback_or_a_secret_is_noticed() -> None:
    """U5."""
    check_log("all well", {"the-secret"})
    for log in ("Traceback (most recent call last)", "token=the-secret"):
        with pytest.raises(AssertionError, match="U5"):
            check_log(log, {"the-secret"})


def test_every_page_has_the_right_type(deployment: Deployment, owner: Stranger) -> None:
    """U4."""
    for visitor in (deployment.visitor(), owner):
        for page in crawl(visitor).values():
            check_type(page)


def test_no_password_token_or_session_was_ever_logged(deployment: Deployment) -> None:
    """U5."""
    log = deployment.log.read_text(encoding="utf-8", errors="replace")
    assert len(deployment.secrets) > 4
    assert "/products" in log
    check_log(log, deployment.secrets, may_fail=True)
