"""A9 to A12: changing and resetting what one has, and the mails of development."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from headstart.proof.browser import Browser
from headstart.proof.server import free_port

from .accounts import NEW_PASSWORD, PARALLEL, told
from .deployments import Deployment, Stranger
from .people import (
    Account,
    ask_for_reset,
    at_once,
    can_log_in,
    demo,
    is_logged_in,
    log_in,
    path_of,
    refused,
    register,
    somebody,
)


def test_a_changed_password_ends_all_other_sessions(
    deployment: Deployment, member: tuple[Stranger, Account]
) -> None:
    """A9."""
    visitor, account = member
    elsewhere = log_in(deployment, account)
    page = visitor.get("/account")
    fields = {"old_password": account.password, "new_password": NEW_PASSWORD}
    wrong = visitor.submit(page, fields | {"old_password": "not-the-password-at-all"})
    assert refused(wrong, "old_password")
    assert visitor.submit(page, fields).status == 303
    assert is_logged_in(visitor)
    assert not is_logged_in(elsewhere)
    assert not can_log_in(deployment, account)
    assert can_log_in(deployment, replace(account, password=NEW_PASSWORD))


def test_asking_for_a_reset_gets_the_same_answer_for_any_address(deployment: Deployment) -> None:
    """A10."""
    _, account = register(deployment)
    one, other = deployment.visitor(), deployment.visitor()
    nobody = somebody()
    answers = [ask_for_reset(one, account.email), ask_for_reset(other, nobody.email)]
    assert told(answers[0]) == told(answers[1])
    assert told(one.get(answers[0].location)) == told(other.get(answers[1].location))
    assert deployment.mail(account.email, "Reset your password")
    assert not deployment.mailbox.find(nobody.email)


def test_a_reset_gives_a_new_password_once_and_ends_all_sessions(
    deployment: Deployment, member: tuple[Stranger, Account]
) -> None:
    """A10."""
    visitor, account = member
    ask_for_reset(deployment.visitor(), account.email)
    link = deployment.mail(account.email, "Reset your password").link
    someone = deployment.visitor()
    page = someone.get(link)
    done = someone.submit(page, {"password": NEW_PASSWORD})
    assert (done.status, path_of(done)) == (303, "/login")
    assert not is_logged_in(visitor)
    assert not can_log_in(deployment, account)
    assert can_log_in(deployment, replace(account, password=NEW_PASSWORD))
    again = someone.submit(page, {"password": "yet-another-sentence"})
    assert again.status != 303 or path_of(again) != "/login"
    assert not can_log_in(deployment, replace(account, password="yet-another-sentence"))
    assert not any("password" in form.fields for form in someone.get(link).forms)


def test_a_reset_link_works_for_one_of_sixteen_at_once(
    deployment: Deployment, member: tuple[Stranger, Account]
) -> None:
    """A10."""
    _, account = member
    ask_for_reset(deployment.visitor(), account.email)
    link = deployment.mail(account.email, "Reset your password").link
    browsers = [deployment.visitor() for _ in range(PARALLEL)]
    pages = at_once(lambda browser: browser.get(link), browsers)
    news = [f"the sentence number {number}" for number in range(PARALLEL)]
    used = at_once(
        lambda it: it[0].submit(it[1], {"password": it[2]}),
        zip(browsers, pages, news, strict=True),
    )
    worked = [news[n] for n, page in enumerate(used) if path_of(page) == "/login"]
    assert len(worked) == 1
    assert can_log_in(deployment, replace(account, password=worked[0]))


def test_a_reset_link_dies_with_any_change_of_the_password(
    deployment: Deployment, member: tuple[Stranger, Account]
) -> None:
    """A10."""
    visitor, account = member
    ask_for_reset(deployment.visitor(), account.email)
    link = deployment.mail(account.email, "Reset your password").link
    someone = deployment.visitor()
    page = someone.get(link)
    fields = {"old_password": account.password, "new_password": NEW_PASSWORD}
    visitor.submit(visitor.get("/account"), fields)
    used = someone.submit(page, {"password": "yet-another-sentence"})
    assert path_of(used) != "/login"
    assert can_log_in(deployment, replace(account, password=NEW_PASSWORD))


def test_opening_a_reset_link_does_not_use_it_up(
    deployment: Deployment, member: tuple[Stranger, Account]
) -> None:
    """A10."""
    _, account = member
    ask_for_reset(deployment.visitor(), account.email)
    link = deployment.mail(account.email, "Reset your password").link
    for method in ("HEAD", "GET", "GET"):
        assert deployment.visitor().request(method, link).status == 200


def test_a_made_up_link_opens_nothing(visitor: Stranger) -> None:
    """A10."""
    for path in ("/password-reset/made-up", "/register/confirm/made-up", "/account/email/made-up"):
        page = visitor.get(path)
        assert page.status in (400, 403, 404, 410) or path_of(page) == "/login", path
        assert not any("password" in form.fields for form in page.forms)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.test"},
        {"Forwarded": "host=evil.test;proto=https"},
        {"X-Host": "evil.test", "X-Forwarded-Server": "evil.test"},
        {"X-Original-URL": "https://evil.test/", "X-Forwarded-Prefix": "//evil.test"},
        {"Host": "evil.test"},
        {"Host": "shop.test:4711"},
        {"Host": "shop.test@evil.test"},
    ],
    ids=lambda headers: " ".join(f"{name} {value}" for name, value in headers.items()),
)
def test_nothing_that_is_sent_changes_the_host_in_the_mail(
    deployment: Deployment, member: tuple[Stranger, Account], headers: dict[str, str]
) -> None:
    """A11."""
    _, account = member
    visitor = deployment.visitor()
    page = visitor.get("/password-reset")
    asked = visitor.submit(page, {"email": account.email}, headers=headers)
    if asked.status != 303:
        assert asked.status in (400, 403)
        assert "Host" in headers
        ask_for_reset(visitor, account.email)
    else:
        assert urlsplit(asked.location).netloc in ("shop.test", headers.get("Host"))
    link = deployment.mail(account.email, "Reset your password").link
    assert link.startswith(f"{deployment.site}/password-reset/")
    mails = deployment.mailbox.find(account.email, "Reset your password")
    assert not any("evil" in mail.text for mail in mails)


def test_an_address_changes_when_the_new_one_is_confirmed(
    deployment: Deployment, member: tuple[Stranger, Account]
) -> None:
    """A12."""
    visitor, account = member
    moved = replace(account, email=somebody().email)
    page = visitor.get("/account")
    fields = {"email": moved.email, "password": account.password}
    wrong = visitor.submit(page, fields | {"password": "not-the-password-at-all"})
    assert refused(wrong, "password")
    assert visitor.submit(page, fields).status == 303
    link = deployment.mail(moved.email, "Confirm your new address").link
    assert can_log_in(deployment, account)
    assert not can_log_in(deployment, moved)
    visitor.follow(visitor.get(link))
    assert not can_log_in(deployment, account)
    assert can_log_in(deployment, moved)
    assert deployment.mail(account.email, "Your address was changed")
    visitor.get(link)
    assert can_log_in(deployment, moved)


def test_an_address_that_is_taken_cannot_be_moved_to(
    deployment: Deployment, member: tuple[Stranger, Account]
) -> None:
    """A12."""
    visitor, account = member
    taken, free = demo(deployment).email, somebody().email
    page = visitor.get("/account")
    answers = [
        visitor.submit(page, {"email": email, "password": account.password})
        for email in (taken, free)
    ]
    assert told(answers[0]) == told(answers[1])
    assert deployment.mail(free, "Confirm your new address")
    for mail in deployment.mailbox.find(taken, "Confirm your new address"):
        visitor.get(mail.link)
    assert can_log_in(deployment, account)
    assert can_log_in(deployment, demo(deployment))


def move(visitor: Stranger, account: Account, email: str) -> str:
    """Ask for another address, and return the link that is sent there."""
    fields = {"email": email, "password": account.password}
    assert visitor.submit(visitor.get("/account"), fields).status == 303
    return visitor.deployment.mail(email, "Confirm your new address").link


def test_a_link_that_went_to_the_old_address_is_dead_once_it_has_changed(
    deployment: Deployment, member: tuple[Stranger, Account]
) -> None:
    """A10, A12. Whoever reads the mail of the old address has nothing to do with it any more."""
    visitor, account = member
    ask_for_reset(deployment.visitor(), account.email)
    link = deployment.mail(account.email, "Reset your password").link
    someone = deployment.visitor()
    page = someone.get(link)
    moved = replace(account, email=somebody().email)
    visitor.get(move(visitor, account, moved.email))
    used = someone.submit(page, {"password": NEW_PASSWORD})
    assert path_of(used) != "/login"
    assert can_log_in(deployment, moved)
    ask_for_reset(deployment.visitor(), account.email)
    ask_for_reset(deployment.visitor(), moved.email)
    assert deployment.mail(moved.email, "Reset your password")
    assert len(deployment.mailbox.find(account.email, "Reset your password")) == 1


@pytest.mark.parametrize("way", ["changed", "reset"])
def test_a_link_to_a_new_address_dies_with_the_password(
    deployment: Deployment, member: tuple[Stranger, Account], way: str
) -> None:
    """A9, A10, A12. It was asked for by whoever knew the old one."""
    visitor, account = member
    wanted = somebody().email
    link = move(visitor, account, wanted)
    if way == "changed":
        fields = {"old_password": account.password, "new_password": NEW_PASSWORD}
        assert visitor.submit(visitor.get("/account"), fields).status == 303
    else:
        ask_for_reset(deployment.visitor(), account.email)
        reset = deployment.mail(account.email, "Reset your password").link
        someone = deployment.visitor()
        assert path_of(someone.submit(someone.get(reset), {"password": NEW_PASSWORD})) == "/login"
    deployment.visitor().get(link)
    assert can_log_in(deployment, replace(account, password=NEW_PASSWORD))
    assert not can_log_in(deployment, Account(wanted, NEW_PASSWORD))


def test_of_two_links_to_new_addresses_one_counts(
    deployment: Deployment, member: tuple[Stranger, Account]
) -> None:
    """A12. The other one was mailed when the account was still somebody else's, perhaps."""
    visitor, account = member
    first, second = somebody().email, somebody().email
    links = [move(visitor, account, email) for email in (first, second)]
    visitor.get(links[1])
    visitor.get(links[0])
    assert can_log_in(deployment, replace(account, email=second))
    assert not can_log_in(deployment, replace(account, email=first))


def test_who_asks_for_a_link_is_told_nothing_by_what_is_refused(
    deployment: Deployment, member: tuple[Stranger, Account]
) -> None:
    """A2, A10, A12. A form that is not as it should be is refused before anybody is looked for."""
    visitor, account = member
    taken, free = demo(deployment).email, somebody().email
    for fields in (
        {"password": "short", "display_name": "A"},
        {"password": "password1234", "display_name": "A"},
        {"password": account.password, "display_name": ""},
    ):
        answers = []
        for email in (taken, free):
            stranger = deployment.visitor()
            answers.append(stranger.submit(stranger.get("/register"), fields | {"email": email}))
        assert told(answers[0], taken) == told(answers[1], free)
    page = visitor.get("/account")
    wrong = [
        visitor.submit(page, {"email": email, "password": "not-the-password-at-all"})
        for email in (taken, free)
    ]
    assert told(wrong[0], taken) == told(wrong[1], free)


def test_the_mails_for_developers_do_not_exist_in_production(visitor: Stranger) -> None:
    """A1."""
    assert visitor.get("/dev/mail").status == 404
    assert "/dev/mail" not in visitor.get("/register/sent").text


def test_in_development_the_mails_can_be_read_on_a_page(
    open_deployment: Deployment, tmp_path: Path
) -> None:
    """A1."""
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    account = somebody()
    fields = {
        "email": account.email,
        "display_name": account.display_name,
        "password": account.password,
    }
    with (
        open_deployment.serving(port, tmp_path / "log", DEBUG="true", SITE_URL=site),
        closing(Browser(port, site)) as visitor,
    ):
        sent = visitor.follow(visitor.submit(visitor.get("/register"), fields))
        assert "/dev/mail" in sent.document.links
        open_deployment.mail(account.email, "Confirm your address")
        mails = visitor.get("/dev/mail")
        assert account.email in mails.document.text
        links = [link for link in mails.document.links if "/register/confirm/" in link]
        assert visitor.get(urljoin(site, links[0])).status == 303
        assert visitor.get("/account").status == 200
