"""R1, R2, R3, R12, A5, A9: tokens, and what does not count as one."""

import string
from base64 import b64encode
from dataclasses import replace

import pytest

from headstart.proof.page import Page

from .accounts import NEW_PASSWORD, PARALLEL, TRIES, WINDOW, told
from .api import (
    Client,
    add,
    ask_for_token,
    ask_to_enrol,
    change_password,
    client_of,
    enrol,
    gets_a_token,
    goods,
    problem,
    reset,
    reset_token,
    seller_of,
    value_of,
)
from .deployments import FAKETIME, Deployment, Stranger
from .people import (
    Account,
    at_once,
    demo,
    is_logged_in,
    log_in,
    path_of,
    somebody,
    try_to_log_in,
)

DAY = 24 * 60 * 60
LIFETIME = 14 * DAY
SHORTEST_TOKEN = 43
# One that says itself who it is for, and that nobody needs to check: {"alg": "none"}.
JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIiwiaXNfc3RhZmYiOnRydWV9."


def is_refused(page: Page) -> bool:
    """Say whether an answer is that of R3 to a stranger."""
    problem(page, 401)
    return page.headers["WWW-Authenticate"].split()[0] == "Bearer"


def wrong(account: Account) -> Account:
    """Return what somebody sends who guesses."""
    return replace(account, password="not-the-password-at-all")


def test_the_right_password_gives_a_token(deployment: Deployment, program: Client) -> None:
    """R1."""
    page = ask_for_token(program, demo(deployment))
    said = value_of(page)
    assert said.keys() == {"access_token", "token_type", "expires_in"}
    assert said["token_type"] == "bearer"
    assert said["expires_in"] == LIFETIME
    assert "no-store" in page.headers["Cache-Control"]
    assert len(said["access_token"]) >= SHORTEST_TOKEN
    assert set(said["access_token"]) <= {*string.ascii_letters, *string.digits, "-", "_"}
    again = value_of(ask_for_token(program, demo(deployment)))
    assert again["access_token"] != said["access_token"]


def test_an_address_counts_without_regard_to_case(deployment: Deployment) -> None:
    """R1."""
    account = demo(deployment)
    assert gets_a_token(deployment, replace(account, email=account.email.upper()))


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    deployment: Deployment,
) -> None:
    """R1, A4, A1."""
    unconfirmed = somebody()
    ask_to_enrol(Client(deployment), unconfirmed)
    tried = (wrong(demo(deployment)), somebody(), unconfirmed)
    answers = [ask_for_token(Client(deployment), account) for account in tried]
    assert all(map(is_refused, answers))
    assert told(answers[0]) == told(answers[1]) == told(answers[2])


def test_ten_wrong_tries_are_too_many_wherever_they_are_made(deployment: Deployment) -> None:
    """A5."""
    _, account = enrol(deployment)
    half = TRIES // 2
    pages = [ask_for_token(Client(deployment), wrong(account)) for _ in range(half)]
    assert {page.status for page in pages} == {401}
    for _ in range(TRIES - half):
        try_to_log_in(deployment.visitor(), wrong(account))
    locked = ask_for_token(Client(deployment), account)
    problem(locked, 429)
    assert 0 < int(locked.headers["Retry-After"]) <= WINDOW
    assert try_to_log_in(deployment.visitor(), account).status == 429
    assert gets_a_token(deployment, demo(deployment))


def test_ten_wrong_tries_from_one_address_are_too_many(deployment: Deployment) -> None:
    """A5."""
    client = Client(deployment)
    pages = [ask_for_token(client, somebody()) for _ in range(TRIES)]
    assert {page.status for page in pages} == {401}
    assert ask_for_token(client, demo(deployment)).status == 429
    assert gets_a_token(deployment, demo(deployment))


def test_tries_at_the_same_time_are_counted_one_by_one(deployment: Deployment) -> None:
    """A5."""
    _, account = enrol(deployment)
    clients = [Client(deployment) for _ in range(PARALLEL)]
    pages = at_once(lambda client: ask_for_token(client, wrong(account)), clients)
    assert {page.status for page in pages} <= {401, 429}
    assert sum(page.status == 401 for page in pages) <= TRIES


def test_a_token_that_is_given_back_is_dead_at_once(
    deployment: Deployment, newcomer: tuple[Client, Account]
) -> None:
    """R2."""
    client, account = newcomer
    other = client_of(deployment, account)
    gone = client.delete("/api/token")
    assert (gone.status, gone.body) == (204, b"")
    assert is_refused(client.get("/api/me"))
    assert is_refused(client.delete("/api/token"))
    assert other.is_somebody()


def test_a_token_is_given_back_once_of_sixteen_times_at_once(deployment: Deployment) -> None:
    """R2."""
    token = seller_of(deployment).token
    clients = [Client(deployment, token) for _ in range(PARALLEL)]
    pages = at_once(lambda client: client.delete("/api/token"), clients)
    assert {page.status for page in pages} <= {204, 401}
    assert 204 in {page.status for page in pages}
    assert not clients[0].is_somebody()


def test_tokens_are_not_in_the_database(deployment: Deployment, seller: Client) -> None:
    """R2."""
    assert seller.is_somebody()
    assert seller.token not in deployment.database.dump()


def test_a_password_changed_by_the_api_ends_all_tokens_and_sessions(
    deployment: Deployment, newcomer: tuple[Client, Account]
) -> None:
    """R2, R13, A9."""
    client, account = newcomer
    other, visitor = client_of(deployment, account), log_in(deployment, account)
    changed = change_password(client, account.password, NEW_PASSWORD)
    assert (changed.status, changed.body) == (204, b"")
    assert not client.is_somebody()
    assert not other.is_somebody()
    assert not is_logged_in(visitor)
    assert not gets_a_token(deployment, account)
    assert gets_a_token(deployment, replace(account, password=NEW_PASSWORD))


def test_a_password_changed_on_the_page_ends_all_tokens(
    deployment: Deployment, newcomer: tuple[Client, Account]
) -> None:
    """R2, A9."""
    client, account = newcomer
    visitor = log_in(deployment, account)
    fields = {"old_password": account.password, "new_password": NEW_PASSWORD}
    assert visitor.submit(visitor.get("/account"), fields).status == 303
    assert not client.is_somebody()
    assert is_logged_in(visitor)


def test_a_reset_ends_all_tokens(deployment: Deployment, newcomer: tuple[Client, Account]) -> None:
    """R2, R13, A10."""
    client, account = newcomer
    visitor = log_in(deployment, account)
    assert reset(Client(deployment), reset_token(deployment, account), NEW_PASSWORD).status == 204
    assert not client.is_somebody()
    assert not is_logged_in(visitor)


def test_a_reset_on_the_page_ends_all_tokens(
    deployment: Deployment, newcomer: tuple[Client, Account]
) -> None:
    """R2, A10."""
    client, account = newcomer
    token = reset_token(deployment, account)
    visitor = deployment.visitor()
    done = visitor.submit(visitor.get(f"/password-reset/{token}"), {"password": NEW_PASSWORD})
    assert path_of(done) == "/login"
    assert not client.is_somebody()


def test_no_token_outlives_a_password_that_changes_at_the_same_time(
    deployment: Deployment, newcomer: tuple[Client, Account]
) -> None:
    """R2, A9."""
    client, account = newcomer
    others = [Client(deployment) for _ in range(TRIES - 2)]

    def act(one: Client) -> Page:
        if one is client:
            return change_password(client, account.password, NEW_PASSWORD)
        return ask_for_token(one, account)

    pages = at_once(act, [*others[:4], client, *others[4:]])
    assert {page.status for page in pages} <= {200, 204, 401}
    for page in pages:
        if page.status == 200:
            assert not Client(deployment, value_of(page)["access_token"]).is_somebody()


@pytest.mark.skipif(not FAKETIME, reason="no libfaketime on this machine")
def test_a_token_dies_after_its_time(without_pages: Deployment) -> None:
    """R3. Restarts the server with another clock, twice."""
    client = seller_of(without_pages)
    with without_pages.later(minutes=LIFETIME // 60 - 60):
        assert client.is_somebody()
    with without_pages.later(minutes=LIFETIME // 60 + 1):
        assert is_refused(client.get("/api/me"))
        assert seller_of(without_pages).is_somebody()


def test_a_token_says_whose_it_is(deployment: Deployment, newcomer: tuple[Client, Account]) -> None:
    """R3."""
    client, account = newcomer
    page = client.get("/api/me")
    said = value_of(page)
    assert said == {
        "id": said["id"],
        "email": account.email,
        "display_name": account.display_name,
        "is_staff": False,
    }
    assert isinstance(said["id"], int)
    assert "no-store" in page.headers["Cache-Control"]


def test_the_name_of_the_scheme_counts_without_regard_to_case(
    deployment: Deployment, seller: Client
) -> None:
    """R3. RFC 9110, 11.1."""
    for scheme in ("bearer", "BEARER"):
        headers = {"Authorization": f"{scheme} {seller.token}"}
        assert Client(deployment).get("/api/me", headers).status == 200


def test_what_is_no_token_counts_for_nobody(deployment: Deployment, seller: Client) -> None:
    """R3."""
    token, account = seller.token, demo(deployment)
    basic = b64encode(f"{account.email}:{account.password}".encode()).decode()
    client = Client(deployment)
    assert is_refused(client.get("/api/me"))
    for said in (
        "",
        "Bearer",
        "Bearer ",
        token,
        f"Token {token}",
        f"Basic {token}",
        f"Basic {basic}",
        f"Bearer{token}",
        f"Bearer {token[:-1]}",
        f"Bearer {token}x",
        f"Bearer {token.swapcase()}",
        f"Bearer {token} {token}",
        f"Bearer {token}, Bearer {token}",
        f'Bearer "{token}"',
        f"Bearer {'x' * 6000}",
        "Bearer \xff\xfe\x80",
        "Bearer ' OR '1'='1",
        f"Bearer {JWT}",
        "Bearer %00",
    ):
        page = client.get("/api/me", {"Authorization": said})
        assert is_refused(page), ascii(said)


def test_a_token_counts_in_its_header_only(deployment: Deployment, seller: Client) -> None:
    """R3."""
    client = Client(deployment)
    # Such an address would stand in the log: one may not use a token like this.
    token = seller_of(deployment).token
    deployment.secrets.discard(token)
    for name in ("access_token", "token"):
        assert is_refused(client.get(f"/api/me?{name}={token}"))
        assert is_refused(client.get("/api/me", {"Cookie": f"{name}={token}"}))
    assert is_refused(client.get("/api/me", {"X-Auth-Token": token}))


def test_a_right_that_is_taken_away_is_gone_at_once(
    deployment: Deployment, seller: Client, newcomer: tuple[Client, Account]
) -> None:
    """R5, G1. Also for a token that was given out before. Looks into the database."""
    client, account = newcomer
    path, _ = add(seller)
    table = deployment.database.table_with("is_staff")
    for right, status in (("1 = 0", 403), ("1 = 1", 200), ("1 = 0", 403)):
        change = f"UPDATE {table} SET is_staff = ({right}) WHERE email = '{account.email}'"  # noqa: S608
        deployment.database.execute(change)
        assert client.patch(path, {"stock": 5}).status == status
        assert value_of(client.get("/api/me"))["is_staff"] is (status == 200)


def test_a_session_alone_is_nobody_to_the_api(
    deployment: Deployment, owner: Stranger, seller: Client
) -> None:
    """R12."""
    path, made = add(seller)
    client = Client(deployment, visitor=deployment.visitor(cookies=owner.cookies))
    form = owner.get("/products/new").form(["name"])
    (token,) = (value for name, value in form.fields.items() if "csrf" in name.lower())
    for headers in (
        {},
        {"Origin": deployment.site},
        {"Origin": deployment.site, "X-CSRFToken": token, "X-CSRF-Token": token},
    ):
        assert is_refused(client.get("/api/me", headers))
        assert is_refused(client.delete("/api/token", headers))
        assert is_refused(client.post("/api/products", goods(), headers))
        assert is_refused(client.put(path, goods(), headers))
        assert is_refused(client.patch(path, {"stock": 9}, headers))
        assert is_refused(client.delete(path, headers))
    assert value_of(client.get(path)) == made
    assert is_logged_in(owner)


def test_a_token_logs_nobody_in_on_the_pages(deployment: Deployment, seller: Client) -> None:
    """R12."""
    visitor = deployment.visitor()
    headers = {"Authorization": f"Bearer {seller.token}"}
    for path in ("/account", "/products/new"):
        page = visitor.get(path, headers)
        assert page.status in (302, 303)
        assert path_of(page) == "/login"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
def test_another_site_is_not_listened_to_and_hears_nothing(
    seller: Client, headers: dict[str, str]
) -> None:
    """H6, C3."""
    path, made = add(seller)
    for page in (
        seller.patch(path, {"stock": 9}, headers),
        seller.delete(path, headers),
        seller.post("/api/products", goods(), headers),
    ):
        problem(page, 403)
        assert page.headers["Access-Control-Allow-Origin"] is None
    asked = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "*"}
    for name in ("/api/products", "/api/me", "/api/token", "/api/nothing"):
        for method in ("GET", "OPTIONS"):
            page = seller.ask(method, name, headers=headers | asked)
            assert page.headers["Access-Control-Allow-Origin"] is None
            assert page.headers["Access-Control-Allow-Headers"] is None
    assert value_of(seller.get(path)) == made


def test_the_own_site_is_listened_to(deployment: Deployment, seller: Client) -> None:
    """C3. The documentation sends requests from there."""
    headers = {"Origin": deployment.site, "Sec-Fetch-Site": "same-origin"}
    assert seller.post("/api/products", goods(), headers).status == 201
