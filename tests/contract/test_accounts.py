"""A. Accounts: registering, passwords, logging in and out, changing what one has."""

import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from headstart.proof.browser import Browser
from headstart.proof.page import Page
from headstart.proof.server import free_port

from .deployments import FAKETIME, Deployment, Stranger
from .people import (
    FORM_AGAIN,
    Account,
    add_product,
    ask_for_reset,
    ask_to_register,
    at_once,
    can_log_in,
    complaint,
    demo,
    is_logged_in,
    log_in,
    path_of,
    product,
    refused,
    register,
    somebody,
    try_to_log_in,
)
from .projects import NAME
from .timing import BOUND, Action, difference

TRIES = 10
WINDOW = 300
PARALLEL = 16
VARYING = {"date", "x-request-id", "set-cookie", "content-length"}
NEW_PASSWORD = "a-rather-different-sentence"


def told(page: Page, *known: str) -> tuple[int, dict[str, str], str]:
    """Return what an answer tells: all of it, but for what is different each time."""
    headers = {k: v for k, v in page.headers.items() if k.lower() not in VARYING}
    text = re.sub(r'(name="csrf\w*"[^>]*value=")[^"]*', r"\1", page.text)
    for word in known:
        text = text.replace(word, "…")
    return page.status, headers, text


def open_in_16_browsers(deployment: Deployment, links: list[str]) -> list[Stranger]:
    """Open links at the same time, each in a browser of its own."""
    browsers = [deployment.visitor() for _ in links]
    at_once(lambda pair: pair[0].get(pair[1]), zip(browsers, links, strict=True))
    return browsers


# Registering


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
    account = demo(deployment)
    fresh, taken = somebody(), somebody(email=account.email.upper())
    one, other = deployment.visitor(), deployment.visitor()
    answers = [ask_to_register(one, fresh), ask_to_register(other, taken)]
    assert told(answers[0]) == told(answers[1])
    assert told(one.get(answers[0].location)) == told(other.get(answers[1].location))
    assert deployment.mail(account.email, "You already have an account")
    assert not deployment.mailbox.find(account.email, "Confirm your address")
    assert can_log_in(deployment, account)
    assert not can_log_in(deployment, taken)


def test_registering_a_taken_address_takes_the_same_time(deployment: Deployment) -> None:
    """A2."""
    taken = demo(deployment).email

    def prepare() -> tuple[Action, Action]:
        visitor = deployment.visitor()
        form = visitor.get("/register").form(["email"])

        def ask(email: str) -> Page:
            account = somebody()
            fields = {"email": email, "display_name": "A", "password": account.password}
            return visitor.post("/register", form.fields | fields)

        return (lambda: ask(somebody().email), lambda: ask(taken))

    assert difference(prepare) < BOUND


@pytest.mark.parametrize(
    "email", ["", "nobody", "a b@example.com", "a@b@example.com", "@", "x" * 250 + "@example.com"]
)
def test_what_is_no_address_is_refused(visitor: Stranger, email: str) -> None:
    """A1."""
    page = ask_to_register(visitor, somebody(email=email))
    assert refused(page, "email"), page.document.text


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


# Passwords


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "zwölf ßehr schöne grüße",
        "пароль ёжика лампа",
        "🦔🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔",
        "plumgravelsix",
        "tall mango! " * 10 + "12345678",
    ],
    ids=["words", "umlauts", "cyrillic", "emoji", "13", "128"],
)
def test_a_long_password_is_taken_whatever_it_is_made_of(
    deployment: Deployment, password: str
) -> None:
    """A3."""
    _, account = register(deployment, somebody(password=password))
    assert can_log_in(deployment, account)


@pytest.mark.parametrize(
    "password",
    [
        "gravelmango",
        "plum gravel mango " * 7 + "pit",
        "password1234",
        "Password!!!!",
        "P@ssw0rd1234",
        "passwordpassword",
        "123456789012",
        "qwerty123456",
        "iloveyou1234",
        "aaaaaaaaaaaa",
        "abcdefghijkl",
        "administrator",
        NAME,
        NAME.upper(),
        "mary.longfield@example.com",
        "mary.longfield",
    ],
)
def test_a_password_that_others_would_guess_is_refused_with_the_reason(
    deployment: Deployment, password: str
) -> None:
    """A3."""
    account = somebody(email="mary.longfield@example.com", password=password)
    page = ask_to_register(deployment.visitor(), account)
    assert refused(page, "password"), f"{page.status} {page.location}"
    assert len(complaint(page, "password").split()) > 2


def test_every_character_of_a_password_counts(deployment: Deployment) -> None:
    """A3."""
    password = "tall mango! " * 10 + "1234567 "
    _, account = register(deployment, somebody(password=password))
    assert can_log_in(deployment, account)
    for wrong in (password[:-1], password[:-2] + "x ", password[:72], password.upper()):
        assert not can_log_in(deployment, replace(account, password=wrong))


def test_a_new_password_is_held_to_the_same_rules(
    deployment: Deployment, member: tuple[Stranger, Account]
) -> None:
    """A3."""
    visitor, account = member
    fields = {"old_password": account.password, "new_password": "password1234"}
    assert refused(visitor.submit(visitor.get("/account"), fields), "new_password")
    ask_for_reset(deployment.visitor(), account.email)
    link = deployment.mail(account.email, "Reset your password").link
    someone = deployment.visitor()
    page = someone.submit(someone.get(link), {"password": "password1234"})
    assert refused(page, "password")
    assert someone.submit(page, {"password": NEW_PASSWORD}).status == 303


def test_stored_passwords_are_argon2id_of_sufficient_cost(deployment: Deployment) -> None:
    """A15. Looks into the database."""
    _, account = register(deployment)
    dump = deployment.database.dump()
    costs = re.findall(r"argon2id\$v=\d+\$m=(\d+),t=(\d+),p=(\d+)\$", dump)
    assert len(costs) >= 3
    assert all(int(m) >= 19 * 1024 and int(t) >= 2 and int(p) >= 1 for m, t, p in costs)
    assert account.password not in dump
    assert deployment.env["DEMO_PASSWORD"] not in dump


# Logging in and out


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


# Too many tries


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


# Changing what one has


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
    account = demo(deployment)
    one, other = deployment.visitor(), deployment.visitor()
    nobody = somebody()
    answers = [ask_for_reset(one, account.email), ask_for_reset(other, nobody.email)]
    assert told(answers[0]) == told(answers[1])
    assert told(one.get(answers[0].location)) == told(other.get(answers[1].location))
    assert deployment.mail(account.email, "Reset your password")
    assert not deployment.mailbox.find(nobody.email)


def test_asking_for_a_reset_takes_the_same_time_for_any_address(deployment: Deployment) -> None:
    """A10."""
    known = demo(deployment).email

    def prepare() -> tuple[Action, Action]:
        visitor = deployment.visitor()
        form = visitor.get("/password-reset").form(["email"])

        def ask(email: str) -> Page:
            return visitor.post("/password-reset", form.fields | {"email": email})

        return (lambda: ask(known), lambda: ask(somebody().email))

    assert difference(prepare) < BOUND


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
