"""A1, A2, A13, A14: registering, and the link in the mail."""

import secrets
from dataclasses import replace

import pytest

from .accounts import NEW_PASSWORD, PARALLEL, TRIES, open_in_16_browsers, told
from .deployments import Deployment, Stranger
from .people import (
    FORM_AGAIN,
    add_product,
    ask_to_register,
    at_once,
    can_log_in,
    is_logged_in,
    path_of,
    product,
    refused,
    register,
    somebody,
    try_to_log_in,
)


def test_the_link_in_the_mail_confirms_and_logs_in(deployment: Deployment) -> None:
    """A1."""
    visitor, account = deployment.visitor(), somebody()
    asked = ask_to_register(visitor, account)
    assert asked.status == 303
    sent = visitor.get(asked.location)
    assert sent.status == 200
    assert not is_logged_in(visitor)
    confirmed = visitor.get(deployment.mail(account.email, "Confirm your address").link)
    assert (confirmed.status in (302, 303), path_of(confirmed)) == (True, "/")
    assert is_logged_in(visitor)
    assert account.display_name in visitor.get("/account").document.text
    assert can_log_in(deployment, account)


def test_the_link_in_the_mail_works_once(deployment: Deployment) -> None:
    """A1."""
    account = somebody()
    ask_to_register(deployment.visitor(), account)
    link = deployment.mail(account.email, "Confirm your address").link
    deployment.visitor().request("HEAD", link)
    first, second = deployment.visitor(), deployment.visitor()
    first.get(link)
    again = second.get(link)
    assert 400 <= again.status < 500 or path_of(again) != "/"
    assert is_logged_in(first)
    assert not is_logged_in(second)


def test_the_password_does_not_log_in_before_the_link_was_opened(deployment: Deployment) -> None:
    """A1."""
    account, nobody = somebody(), somebody()
    ask_to_register(deployment.visitor(), account)
    unconfirmed = try_to_log_in(deployment.visitor(), account)
    unknown = try_to_log_in(deployment.visitor(), nobody)
    assert told(unconfirmed, account.email) == told(unknown, nobody.email)


def test_registering_again_before_confirming_gives_another_link(deployment: Deployment) -> None:
    """A1."""
    account = somebody()
    ask_to_register(deployment.visitor(), account)
    deployment.mail(account.email, "Confirm your address")
    again = replace(account, password=NEW_PASSWORD)
    ask_to_register(deployment.visitor(), again)
    deployment.visitor().get(deployment.mail(account.email, "Confirm your address", 2).link)
    assert can_log_in(deployment, again)
    assert not can_log_in(deployment, account)


def test_registering_a_taken_address_gets_the_same_answer(deployment: Deployment) -> None:
    """A2."""
    _, account = register(deployment)
    fresh, taken = somebody(), somebody(email=account.email.upper())
    one, other = deployment.visitor(), deployment.visitor()
    answers = [ask_to_register(one, fresh), ask_to_register(other, taken)]
    assert told(answers[0]) == told(answers[1])
    assert told(one.get(answers[0].location)) == told(other.get(answers[1].location))
    assert deployment.mail(account.email, "You already have an account")
    assert len(deployment.mailbox.find(account.email, "Confirm your address")) == 1
    assert can_log_in(deployment, account)
    assert not can_log_in(deployment, taken)


@pytest.mark.parametrize(
    "email", ["", "nobody", "a b@example.com", "a@b@example.com", "@", "x" * 250 + "@example.com"]
)
def test_what_is_no_address_is_refused(visitor: Stranger, email: str) -> None:
    """A1."""
    page = ask_to_register(visitor, somebody(email=email))
    assert refused(page, "email"), page.document.text


LOOK_ALIKES = {
    "kelvin": ("kate", "\u212aate"),
    "long s": ("susan", "\u017fusan"),
    "dotless i": ("ines", "\u0131nes"),
    "dotted I": ("ines", "\u0130nes"),
    "sharp s": ("strass", "stra\u00df"),
    "ligature": ("fiona", "\ufb01ona"),
    "full width": ("anna", "\uff41nna"),
    "cyrillic": ("anna", "\u0430nna"),
    "combining": ("rene", "rene\u0301"),
    "no width": ("anna", "an\u200bna"),
    "backwards": ("anna", "\u202eanna"),
    "quoted": ("anna", '"anna"'),
    "quoted break": ("anna", '"anna\r\nBcc: evil"'),
    "commented": ("anna", "anna(evil)"),
    "escaped": ("anna", "\\anna"),
    "encoded": ("anna", "=?utf-8?q?anna?="),
    "two": ("anna", "evil@evil.test,anna"),
    "percent": ("anna", "evil%evil.test"),
}


@pytest.mark.parametrize(("name", "other"), LOOK_ALIKES.values(), ids=LOOK_ALIKES)
def test_an_address_that_looks_like_anothers_gets_no_mail_of_theirs(
    deployment: Deployment, name: str, other: str
) -> None:
    """A1, A10. Nor does it open their account, whatever a program takes for the same letter."""
    end = f"{secrets.token_hex(4)}@example.com"
    account, alike = somebody(email=name + end), other + end
    register(deployment, account)
    before = set(deployment.mailbox.mails())
    stranger = deployment.visitor()
    stranger.submit(stranger.get("/password-reset"), {"email": alike})
    asked = ask_to_register(deployment.visitor(), somebody(email=alike))
    assert asked.status in (303, *FORM_AGAIN)
    # What is asked for now is mailed after all that was asked for before.
    last = somebody()
    ask_to_register(deployment.visitor(), last)
    deployment.mail(last.email, "Confirm your address")
    for mail in set(deployment.mailbox.mails()) - before:
        to = mail.to.lower()
        mine, theirs = account.email in to, alike.lower() in to
        assert mine or theirs or last.email in to, mail.to
        assert "evil" not in to or theirs
        if theirs and not mine:
            assert "Reset" not in mail.subject, mail.to
    assert can_log_in(deployment, account)


def test_a_domain_in_both_its_forms_is_one(deployment: Deployment) -> None:
    """A1. Whether an address counts as taken does not depend on how it is written."""
    mark = secrets.token_hex(4)
    account = somebody(email=f"anna-{mark}@b\u00fccher.test")
    if ask_to_register(deployment.visitor(), account).status in FORM_AGAIN:
        return  # then nobody has such an address
    deployment.visitor().get(deployment.mail(f"anna-{mark}@", "Confirm your address").link)
    assert can_log_in(deployment, account)
    again = replace(account, email=f"anna-{mark}@xn--bcher-kva.test")
    assert can_log_in(deployment, again)


def test_sixteen_registrations_at_once_make_one_account(deployment: Deployment) -> None:
    """A14."""
    accounts = [somebody(email="sixteen@example.com") for _ in range(PARALLEL)]
    answers = at_once(lambda account: ask_to_register(deployment.visitor(), account), accounts)
    assert {answer.status for answer in answers} == {303}
    deployment.mail(accounts[0].email, "Confirm your address")
    mails = deployment.mailbox.find(accounts[0].email, "Confirm your address")
    links = [mail.link for mail in mails]
    deployment.secrets |= {link.rpartition("/")[2] for link in links}
    browsers = open_in_16_browsers(deployment, links)
    assert sum(map(is_logged_in, browsers)) == 1
    # Not all sixteen: ten tries for one address are too many.
    assert sum(can_log_in(deployment, account) for account in accounts[: TRIES - 1]) <= 1


def test_sixteen_openings_of_one_link_log_one_in(deployment: Deployment) -> None:
    """A14."""
    account = somebody()
    ask_to_register(deployment.visitor(), account)
    link = deployment.mail(account.email, "Confirm your address").link
    browsers = open_in_16_browsers(deployment, [link] * PARALLEL)
    assert sum(map(is_logged_in, browsers)) == 1
    assert can_log_in(deployment, account)


def test_fields_that_are_not_in_the_form_have_no_effect(
    deployment: Deployment, owner: Stranger
) -> None:
    """A13."""
    more = {"is_staff": "true", "is_admin": "1", "is_superuser": "on", "id": "1", "user_id": "1"}
    visitor, account = deployment.visitor(), somebody()
    ask_to_register(visitor, account, **more)
    visitor.get(deployment.mail(account.email, "Confirm your address").link)
    others = add_product(owner)
    assert visitor.get(f"{others}/edit").status == 403
    fields = product() | more | {"slug": "chosen", "owner": "1", "owner_id": "1", "version": "7"}
    form = visitor.get("/products/new").form(product())
    made = visitor.post("/products/new", form.fields | fields)
    assert path_of(made) != "/products/chosen"
    assert visitor.get(f"{path_of(made)}/edit").status == 200
    form = visitor.get("/account").form(["old_password"])
    passwords = {"old_password": account.password, "new_password": NEW_PASSWORD}
    visitor.post("/account/password", form.fields | more | passwords)
    assert visitor.get(f"{others}/edit").status == 403
