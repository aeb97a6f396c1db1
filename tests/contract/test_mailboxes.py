"""A1, A10, A12: nobody can have somebody else's mailbox filled."""

import time
from collections.abc import Callable

from headstart.proof.page import Page

from .accounts import MAILS, told
from .api import Client
from .deployments import Deployment
from .people import ask_for_reset, ask_to_register, register, somebody

# By then a mail that is not to come would have come.
WHILE = 0.5


def ways(deployment: Deployment, email: str) -> dict[str, Callable[[], Page]]:
    """Return the ways in which a stranger, or anybody with an account, has a mail sent."""
    member, account = register(deployment)
    page = member.get("/account")
    new = {"email": email, "password": account.password}
    names = {"display_name": "A", "password": account.password}
    return {
        "/register": lambda: ask_to_register(deployment.visitor(), somebody(email=email)),
        "/password-reset": lambda: ask_for_reset(deployment.visitor(), email),
        "/account/email": lambda: member.submit(page, new),
        "/api/users": lambda: Client(deployment).post("/api/users", {"email": email} | names),
        "/api/password-reset": lambda: Client(deployment).post(
            "/api/password-reset", {"email": email}
        ),
    }


def mails_to(deployment: Deployment, email: str, count: int) -> int:
    """Return how many mails an address has got, once as many as expected have."""
    deployment.mail(email, "", count)
    time.sleep(WHILE)
    return len(deployment.mailbox.find(email))


def test_a_mailbox_gets_a_few_mails_an_hour_whoever_asks(deployment: Deployment) -> None:
    """A1, A10, A12, R13. The answer to the letter, and to all, is as before."""
    _, account = register(deployment)  # that was the first
    asks = ways(deployment, account.email)
    before = {name: told(ask()) for name, ask in asks.items() if name != "/api/password-reset"}
    assert mails_to(deployment, account.email, MAILS) == MAILS
    after = {name: told(ask()) for name, ask in asks.items()}
    assert after.items() >= before.items()
    assert after["/api/password-reset"][0] == 202
    aliased = account.email.replace("@", "+another@")
    assert ask_to_register(deployment.visitor(), somebody(email=aliased)).status == 303
    time.sleep(WHILE)
    assert len(deployment.mailbox.find(account.email)) == MAILS
    assert not deployment.mailbox.find(aliased)


def test_an_unknown_address_is_limited_like_a_known_one(deployment: Deployment) -> None:
    """A1, A10. What was not mailed, because there is no account, is not counted either."""
    account = somebody()
    asks = ways(deployment, account.email)
    for _ in range(MAILS):
        asks["/password-reset"]()
    for _ in range(MAILS + 2):
        asks["/register"]()
    assert mails_to(deployment, account.email, MAILS) == MAILS
