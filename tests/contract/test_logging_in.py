"""A4, A6, A7, A8: logging in and out."""

import math
from dataclasses import replace

import pytest

from .accounts import told
from .deployments import Deployment, Stranger
from .people import (
    FORM_AGAIN,
    Account,
    can_log_in,
    demo,
    is_logged_in,
    log_in,
    path_of,
    product,
    somebody,
    try_to_log_in,
)


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


def test_a_session_cannot_be_guessed(deployment: Deployment) -> None:
    """A7. 128 bits at least, even of the poorest alphabet that such a name has."""
    account = demo(deployment)
    sessions = [session_of(log_in(deployment, account)) for _ in range(8)]
    assert len(set(sessions)) == len(sessions)
    assert all(len(set(session)) > 8 for session in sessions)
    assert min(map(len, sessions)) * math.log2(36) >= 128


def test_a_session_that_was_tampered_with_is_none(deployment: Deployment, owner: Stranger) -> None:
    """A7. Wherever it is touched, also where a cookie says more than a key."""
    (name,) = (name for name in owner.cookies if "session" in name)
    session = owner.cookies[name]
    # What the last letter of base64 says, it says with others too.
    for place in range(0, len(session) - 1, max(1, len(session) // 16)):
        other = "A" if session[place] != "A" else "B"
        changed = session[:place] + other + session[place + 1 :]
        assert not is_logged_in(deployment.visitor(cookies={name: changed})), place
    for changed in (session[:-3], f"{session}x", session.swapcase(), session[::-1]):
        assert not is_logged_in(deployment.visitor(cookies={name: changed}))
    assert is_logged_in(deployment.visitor(cookies={name: session}))


def test_the_token_of_a_form_from_before_is_none_afterwards(deployment: Deployment) -> None:
    """A7, C1. What somebody planted before the login, or kept after it, is good for nothing."""
    visitor = deployment.visitor()
    before = visitor.get("/login").form(["email"]).fields
    try_to_log_in(visitor, demo(deployment))
    new = visitor.get("/products/new").form(["name"])
    (name,) = (name for name in before if "csrf" in name.lower())
    filled = new.fields | product()
    assert visitor.post("/products/new", filled | {name: before[name]}).status == 403
    assert visitor.post("/products/new", filled).status == 303
    visitor.submit(visitor.get("/account"), {}, "/logout")
    late = visitor.post("/products/new", filled)
    assert late.status in (302, 303, 403)
    assert not late.location or path_of(late) == "/login"


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
