"""A5: too many tries."""

from dataclasses import replace

import pytest

from .accounts import MAILS, NEW_PASSWORD, TRIES, WINDOW
from .deployments import FAKETIME, Deployment, Stranger
from .people import (
    FORM_AGAIN,
    Account,
    ask_for_reset,
    ask_to_register,
    at_once,
    can_log_in,
    demo,
    is_logged_in,
    register,
    somebody,
    try_to_log_in,
)


def test_ten_wrong_tries_for_one_account_are_too_many(deployment: Deployment) -> None:
    """A5."""
    _, account = register(deployment)
    wrong = replace(account, password="not-the-password-at-all")
    pages = [try_to_log_in(deployment.visitor(), wrong) for _ in range(TRIES)]
    assert {page.status for page in pages} <= set(FORM_AGAIN)
    locked = try_to_log_in(deployment.visitor(), account)
    assert locked.status == 429
    assert 0 < int(locked.headers["Retry-After"]) <= WINDOW
    assert can_log_in(deployment, demo(deployment))


def test_an_unknown_address_is_locked_like_a_known_one(deployment: Deployment) -> None:
    """A5."""
    nobody = somebody()
    pages = [try_to_log_in(deployment.visitor(), nobody) for _ in range(TRIES + 1)]
    assert [page.status for page in pages[-2:]] == [pages[0].status, 429]


def test_ten_wrong_tries_from_one_address_are_too_many(deployment: Deployment) -> None:
    """A5."""
    visitor = deployment.visitor()
    pages = [try_to_log_in(visitor, somebody()) for _ in range(TRIES)]
    assert {page.status for page in pages} <= set(FORM_AGAIN)
    assert try_to_log_in(visitor, demo(deployment)).status == 429
    assert can_log_in(deployment, demo(deployment))


def test_tries_at_the_same_time_are_counted_one_by_one(deployment: Deployment) -> None:
    """A5."""
    _, account = register(deployment)
    wrong = replace(account, password="not-the-password-at-all")
    pages = at_once(lambda _: try_to_log_in(deployment.visitor(), wrong), range(20))
    assert sum(page.status in FORM_AGAIN for page in pages) <= TRIES


def test_somebody_who_mistyped_a_few_times_gets_in(deployment: Deployment) -> None:
    """A5."""
    _, account = register(deployment)
    wrong = replace(account, password="not-the-password-at-all")
    for _ in range(2):
        for _ in range(TRIES - 2):
            try_to_log_in(deployment.visitor(), wrong)
        assert can_log_in(deployment, account)


def test_tries_at_changing_a_password_are_limited_too(
    deployment: Deployment, member: tuple[Stranger, Account]
) -> None:
    """A5."""
    visitor, _ = member
    fields = {"old_password": "not-the-password-at-all", "new_password": NEW_PASSWORD}
    page = visitor.get("/account")
    pages = [visitor.submit(page, fields) for _ in range(TRIES + 1)]
    assert pages[-1].status == 429


@pytest.mark.skipif(not FAKETIME, reason="no libfaketime on this machine")
def test_after_the_time_a_locked_account_opens_and_old_links_are_dead(
    deployment: Deployment,
) -> None:
    """A5, A10, A1. Restarts the server with another clock, twice."""
    _, account = register(deployment)
    wrong = replace(account, password="not-the-password-at-all")
    for _ in range(TRIES + 1):
        try_to_log_in(deployment.visitor(), wrong)
    _, forgetful = register(deployment)
    ask_for_reset(deployment.visitor(), forgetful.email)
    link = deployment.mail(forgetful.email, "Reset your password").link
    _, flooded = register(deployment)
    for _ in range(MAILS):
        ask_for_reset(deployment.visitor(), flooded.email)
    deployment.mail(flooded.email, "", MAILS)
    late = somebody()
    ask_to_register(deployment.visitor(), late)
    confirmation = deployment.mail(late.email, "Confirm your address").link
    assert not try_to_log_in(deployment.visitor(), account).location
    with deployment.later(minutes=6):
        assert can_log_in(deployment, account)
        assert deployment.visitor().get(link).form(["password"])
    with deployment.later(minutes=61):
        visitor = deployment.visitor()
        assert not any("password" in form.fields for form in visitor.get(link).forms)
        visitor.get(confirmation)
        assert not is_logged_in(visitor)
        ask_for_reset(visitor, flooded.email)
        assert deployment.mail(flooded.email, "Reset your password", MAILS)
