"""R13: accounts by the API, as A1 to A3, A5, A9 to A11, A13 and A14 say."""

from dataclasses import replace

import pytest

from .accounts import NEW_PASSWORD, PARALLEL, TRIES, told
from .api import (
    CONFIRM,
    RESET,
    Client,
    ask_for_token,
    ask_to_enrol,
    change_password,
    client_of,
    complaints,
    confirm,
    enrol,
    gets_a_token,
    mailed,
    problem,
    reset,
    reset_token,
)
from .deployments import TOKEN, Deployment
from .people import (
    Account,
    at_once,
    can_log_in,
    is_logged_in,
    somebody,
)

TAKEN = "You already have an account"


def test_the_token_in_the_mail_confirms_once(deployment: Deployment, program: Client) -> None:
    """R13, A1."""
    account = somebody()
    asked = ask_to_enrol(program, account)
    assert (asked.status, asked.body) == (202, b"")
    assert not gets_a_token(deployment, account)
    token = mailed(deployment, account.email, CONFIRM)
    done = confirm(program, token)
    assert (done.status, done.body) == (204, b"")
    assert gets_a_token(deployment, account)
    assert can_log_in(deployment, account)
    problem(confirm(program, token), 404)


def test_somebody_may_ask_by_the_api_and_open_the_link(deployment: Deployment) -> None:
    """R13, A1."""
    account = somebody()
    ask_to_enrol(Client(deployment), account)
    visitor = deployment.visitor()
    visitor.get(deployment.mail(account.email, CONFIRM).link)
    assert is_logged_in(visitor)
    assert gets_a_token(deployment, account)


def test_a_taken_address_gets_the_same_answer(deployment: Deployment) -> None:
    """R13, A2."""
    _, account = enrol(deployment)
    taken = somebody(email=account.email.title())
    answers = [ask_to_enrol(Client(deployment), one) for one in (somebody(), taken)]
    assert answers[0].status == 202
    assert told(answers[0]) == told(answers[1])
    assert deployment.mail(account.email, TAKEN)
    assert len(deployment.mailbox.find(account.email, CONFIRM)) == 1
    assert gets_a_token(deployment, account)
    assert not gets_a_token(deployment, taken)


@pytest.mark.parametrize(
    "email", ["", "nobody", "a b@example.com", "a@b@example.com", "@", "x" * 250 + "@example.com"]
)
def test_what_is_no_address_is_refused(program: Client, email: str) -> None:
    """R13."""
    assert complaints(ask_to_enrol(program, somebody(email=email))).keys() == {"email"}
    page = program.post("/api/password-reset", {"email": email})
    assert complaints(page).keys() == {"email"}


@pytest.mark.parametrize("name", ["", " ", "\u2003\n", "x" * 81])
def test_what_is_no_name_is_refused(program: Client, name: str) -> None:
    """R13."""
    assert complaints(ask_to_enrol(program, somebody(display_name=name))).keys() == {"display_name"}


def bad_passwords(account: Account) -> list[str]:
    """Return passwords that the account may not have, by A3."""
    return [
        "",
        "short",
        "elevenchars",
        "long " * 26,
        "half ½ only",  # 11 as typed, 13 as they count
        "e\u0301 " * 64,  # 192 as typed, 128 as they count
        "password1234",
        "qwertyuiop123",
        account.email,
    ]


def test_a_bad_password_is_refused_with_the_reason(
    deployment: Deployment, newcomer: tuple[Client, Account]
) -> None:
    """R13, A3."""
    client, account = newcomer
    token = reset_token(deployment, account)
    new = somebody()
    for bad in bad_passwords(new):
        page = ask_to_enrol(Client(deployment), replace(new, password=bad))
        assert complaints(page).keys() == {"password"}, bad
    for bad in bad_passwords(account):
        page = reset(Client(deployment), token, bad)
        assert complaints(page).keys() == {"password"}, bad
        page = change_password(client, account.password, bad)
        assert complaints(page).keys() == {"new_password"}, bad
    assert not deployment.mailbox.find(new.email)
    # What was refused has used nothing up.
    assert reset(Client(deployment), token, NEW_PASSWORD).status == 204


@pytest.mark.parametrize(
    "password", ["twelve chars", "".join(map(chr, range(0x4E00, 0x4E80))), "👩‍👩‍👧‍👦 sixteen 𝕳𝖊𝖑𝖑𝖔"]
)
def test_every_character_of_a_password_counts(deployment: Deployment, password: str) -> None:
    """R13, A3."""
    _, account = enrol(deployment, somebody(password=password))
    assert not gets_a_token(deployment, replace(account, password=password[:-1]))
    assert not gets_a_token(deployment, replace(account, password=f"{password}x"))
    assert can_log_in(deployment, account)


def test_sixteen_registrations_at_once_make_one_account(deployment: Deployment) -> None:
    """R13, A14."""
    first = somebody()
    accounts = [somebody(email=first.email) for _ in range(PARALLEL)]
    pages = at_once(lambda account: ask_to_enrol(Client(deployment), account), accounts)
    assert {page.status for page in pages} == {202}
    mailed(deployment, first.email, CONFIRM)
    mails = deployment.mailbox.find(first.email, CONFIRM)
    tokens = [token for mail in mails for token in TOKEN.findall(mail.text)]
    deployment.secrets |= set(tokens)
    done = at_once(lambda token: confirm(Client(deployment), token), tokens)
    assert {page.status for page in done} == {204, 404}
    assert sum(page.status == 204 for page in done) == 1
    # Not all sixteen: ten tries for one address are too many.
    assert sum(gets_a_token(deployment, account) for account in accounts[: TRIES - 1]) <= 1


def test_one_token_confirms_once_of_sixteen_times_at_once(deployment: Deployment) -> None:
    """R13, A14."""
    account = somebody()
    ask_to_enrol(Client(deployment), account)
    token = mailed(deployment, account.email, CONFIRM)
    clients = [Client(deployment) for _ in range(PARALLEL)]
    pages = at_once(lambda client: confirm(client, token), clients)
    assert sorted(page.status for page in pages) == [204] + [404] * (PARALLEL - 1)
    assert gets_a_token(deployment, account)


def test_the_old_password_is_needed_for_a_new_one(
    deployment: Deployment, newcomer: tuple[Client, Account]
) -> None:
    """R13, A9, A5."""
    client, account = newcomer
    pages = [change_password(client, f"wrong {n}", NEW_PASSWORD) for n in range(TRIES)]
    assert {page.status for page in pages} == {403}
    locked = change_password(client, account.password, NEW_PASSWORD)
    problem(locked, 429)
    assert int(locked.headers["Retry-After"]) > 0
    assert client.is_somebody()
    assert ask_for_token(Client(deployment), account).status == 429


def test_asking_for_a_reset_gets_the_same_answer_for_any_address(deployment: Deployment) -> None:
    """R13, A10."""
    (_, account), nobody = enrol(deployment), somebody()
    answers = [
        Client(deployment).post("/api/password-reset", {"email": one.email})
        for one in (account, nobody)
    ]
    assert (answers[0].status, answers[0].body) == (202, b"")
    assert told(answers[0]) == told(answers[1])
    assert deployment.mail(account.email, RESET)
    assert not deployment.mailbox.find(nobody.email)


def test_a_reset_gives_a_new_password_once(
    deployment: Deployment, newcomer: tuple[Client, Account]
) -> None:
    """R13, A10."""
    _, account = newcomer
    token = reset_token(deployment, account)
    done = reset(Client(deployment), token, NEW_PASSWORD)
    assert (done.status, done.body) == (204, b"")
    problem(reset(Client(deployment), token, "yet-another-sentence"), 404)
    assert not gets_a_token(deployment, account)
    assert gets_a_token(deployment, replace(account, password=NEW_PASSWORD))


def test_a_reset_works_for_one_of_sixteen_at_once(
    deployment: Deployment, newcomer: tuple[Client, Account]
) -> None:
    """R13, A10."""
    _, account = newcomer
    token = reset_token(deployment, account)
    news = [f"the sentence number {number}" for number in range(PARALLEL)]
    pages = at_once(lambda new: reset(Client(deployment), token, new), news)
    assert sorted(page.status for page in pages) == [204] + [404] * (PARALLEL - 1)
    (new,) = (new for new, page in zip(news, pages, strict=True) if page.status == 204)
    assert gets_a_token(deployment, replace(account, password=new))


def test_a_reset_token_dies_with_any_change_of_the_password(
    deployment: Deployment, newcomer: tuple[Client, Account]
) -> None:
    """R13, A10."""
    client, account = newcomer
    token = reset_token(deployment, account)
    assert change_password(client, account.password, NEW_PASSWORD).status == 204
    problem(reset(Client(deployment), token, "yet-another-sentence"), 404)
    assert gets_a_token(deployment, replace(account, password=NEW_PASSWORD))


@pytest.mark.parametrize("token", ["made-up", "x" * 43, "x" * 200, "a/b", "é😀", "%00", " "])
def test_a_made_up_token_opens_nothing(program: Client, token: str) -> None:
    """R13."""
    problem(confirm(program, token), 404)
    problem(reset(program, token, NEW_PASSWORD), 404)


def test_a_token_is_good_for_one_thing_only(
    deployment: Deployment, newcomer: tuple[Client, Account]
) -> None:
    """R13."""
    client, account = newcomer
    for_reset = reset_token(deployment, account)
    late = somebody()
    ask_to_enrol(Client(deployment), late)
    for_confirming = mailed(deployment, late.email, CONFIRM)
    problem(confirm(client, for_reset), 404)
    problem(confirm(client, client.token), 404)
    problem(reset(client, for_confirming, NEW_PASSWORD), 404)
    problem(reset(client, client.token, NEW_PASSWORD), 404)
    for token in (for_reset, for_confirming):
        assert not Client(deployment, token).is_somebody()
    assert gets_a_token(deployment, account)
    assert confirm(client, for_confirming).status == 204


def test_fields_that_are_not_described_are_refused(
    deployment: Deployment, newcomer: tuple[Client, Account]
) -> None:
    """R9, A13."""
    client, account = newcomer
    new = somebody()
    asked = {"email": new.email, "display_name": "A", "password": new.password}
    passwords = {"old_password": account.password, "new_password": NEW_PASSWORD}
    for name in ("is_staff", "is_admin", "is_superuser", "id", "is_active", "confirmed"):
        more = {name: True}
        assert complaints(client.post("/api/users", asked | more)).keys() == {name}
        assert complaints(client.put("/api/me/password", passwords | more)).keys() == {name}
    assert not deployment.mailbox.find(new.email)
    assert client_of(deployment, account).is_somebody()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.test"},
        {"Forwarded": "host=evil.test;proto=https"},
        {"X-Forwarded-Prefix": "//evil.test", "X-Host": "evil.test"},
    ],
    ids=str,
)
def test_nothing_that_is_sent_changes_the_host_in_the_mail(
    deployment: Deployment, newcomer: tuple[Client, Account], headers: dict[str, str]
) -> None:
    """R13, A11."""
    client, account = newcomer
    client.post("/api/password-reset", {"email": account.email}, headers)
    mail = deployment.mail(account.email, RESET)
    assert mail.link.startswith(f"{deployment.site}/")
    assert "evil" not in mail.text


def test_addresses_of_every_writing_are_taken_or_refused(
    deployment: Deployment, program: Client
) -> None:
    """R13. Taken means that a mail arrives there, and nowhere else."""
    for address in (
        "a.b+c@example.com",
        "o'neil@example.com",
        "x@sub.example.museum",
        "!#$%&'*+/=?^_`{|}~-@example.com",
        "someone@example.test",
        "someone@host.arpa",
    ):
        asked = ask_to_enrol(program, somebody(email=address))
        assert asked.status == 202, address
        assert deployment.mail(address, CONFIRM).to.lower().find(address) >= 0
    for address in ("a@example.com\r\nBcc: evil@evil.test", "a@example.com, b@evil.test"):
        assert "email" in complaints(ask_to_enrol(program, somebody(email=address)))
    assert not deployment.mailbox.find("@evil.test")
