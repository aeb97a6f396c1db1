"""A4, A6, A7, A8: logging in and out."""

from dataclasses import replace

import pytest

from headstart.proof.page import Page

from .accounts import told
from .deployments import Deployment, Stranger
from .people import (
    FORM_AGAIN,
    Account,
    can_log_in,
    demo,
    is_logged_in,
    log_in,
    register,
    somebody,
    try_to_log_in,
)
from .timing import BOUND, Action, difference


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    deployment: Deployment,
) -> None:
    """A4."""
    known, unknown = demo(deployment), somebody()
    wrong = try_to_log_in(deployment.visitor(), replace(known, password=unknown.password))
    nobody = try_to_log_in(deployment.visitor(), unknown)
    assert wrong.status in FORM_AGAIN
    assert told(wrong, known.email) == told(nobody, unknown.email)
    assert wrong.form(["email", "password"]).fields["password"] == ""


def test_a_wrong_password_and_an_unknown_address_take_the_same_time(
    deployment: Deployment,
) -> None:
    """A4."""

    def prepare() -> tuple[Action, Action]:
        _, known = register(deployment)
        visitor = deployment.visitor()
        form = visitor.get("/login").form(["email"])
        unknown = somebody()

        def attempt(email: str) -> Page:
            fields = {"email": email, "password": unknown.password}
            # Each from an address of its own, or the tenth would be too many.
            address = {"X-Forwarded-For": deployment.visitor().headers["X-Forwarded-For"]}
            page = visitor.post("/login", form.fields | fields, address)
            assert page.status in FORM_AGAIN
            return page

        return (lambda: attempt(known.email), lambda: attempt(unknown.email))

    assert difference(prepare) < BOUND


def test_the_address_is_known_without_regard_to_case(
    deployment: Deployment, member: tuple[Stranger, Account]
) -> None:
    """A4."""
    _, account = member
    assert can_log_in(deployment, replace(account, email=account.email.upper()))


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.test/",
        "HTTPS://evil.test",
        "https:/evil.test",
        "https:evil.test",
        "//evil.test",
        "///evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "\\/evil.test",
        "/\t/evil.test",
        "\t//evil.test",
        " //evil.test",
        "/\r\nSet-Cookie: planted=1",
        "/products\x0bx",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.test",
        "@evil.test",
    ],
)
def test_a_next_that_leads_elsewhere_is_ignored(deployment: Deployment, to: str) -> None:
    """A6."""
    page = try_to_log_in(deployment.visitor(), demo(deployment), to)
    assert page.status == 303
    assert page.location == f"{deployment.site}/"
    assert page.headers["Location"].strip() in ("/", f"{deployment.site}/")
    assert "planted" not in str(page.headers)


def test_a_next_in_the_address_that_leads_elsewhere_is_ignored(deployment: Deployment) -> None:
    """A6."""
    visitor, account = deployment.visitor(), demo(deployment)
    form = visitor.get("/login?next=//evil.test/x")
    fields = {"email": account.email, "password": account.password}
    assert visitor.submit(form, fields).location == f"{deployment.site}/"


def test_logging_in_gives_a_new_session(deployment: Deployment) -> None:
    """A7."""
    visitor, account = deployment.visitor(), demo(deployment)
    visitor.get("/login")
    before = dict(visitor.cookies)
    try_to_log_in(visitor, account)
    after = session_of(visitor)
    assert after not in before.values()
    try_to_log_in(visitor, account)
    assert is_logged_in(visitor)
    again = log_in(deployment, account)
    assert session_of(again) != after


def session_of(visitor: Stranger) -> str:
    """Return the value of the session cookie."""
    (value,) = (v for name, v in visitor.cookies.items() if "session" in name)
    return value


def test_a_planted_session_is_never_adopted(deployment: Deployment, owner: Stranger) -> None:
    """A7."""
    (name,) = (name for name in owner.cookies if "session" in name)
    attacker = deployment.visitor()
    attacker.get("/login")
    for planted in ({name: "planted-by-somebody-else-0123456789"}, dict(attacker.cookies)):
        victim = deployment.visitor(cookies=planted)
        assert try_to_log_in(victim, demo(deployment)).status == 303
        assert is_logged_in(victim)
        assert session_of(victim) not in planted.values()
        assert not is_logged_in(deployment.visitor(cookies=planted))


def test_a_session_is_dead_after_logging_out(deployment: Deployment) -> None:
    """A7."""
    visitor = log_in(deployment, demo(deployment))
    stolen = dict(visitor.cookies)
    assert is_logged_in(deployment.visitor(cookies=stolen))
    page = visitor.submit(visitor.get("/account"), {}, "/logout")
    assert page.status == 303
    assert not is_logged_in(visitor)
    assert not is_logged_in(deployment.visitor(cookies=stolen))


def test_opening_the_address_for_logging_out_logs_nobody_out(deployment: Deployment) -> None:
    """A8."""
    visitor = log_in(deployment, demo(deployment))
    for method in ("GET", "HEAD"):
        assert visitor.request(method, "/logout").status != 500
    assert is_logged_in(visitor)
