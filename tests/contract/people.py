"""What people do on a site: register, log in, add a product."""

import itertools
import re
import secrets
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from html import unescape
from typing import TypeVar
from urllib.parse import urlsplit

from headstart.proof.page import Page

from .deployments import Deployment, Stranger

GONE = (302, 303)
FORM_AGAIN = (200, 422)
Given = TypeVar("Given")
Result = TypeVar("Result")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Account:
    """What somebody knows about their account."""

    email: str
    password: str
    display_name: str = "Somebody"


def somebody(**what: str) -> Account:
    """Return the data of somebody who has no account yet."""
    email = f"person-{next(_numbers)}-{secrets.token_hex(3)}@example.com"
    return replace(Account(email, secrets.token_urlsafe(15)), **what)


def demo(deployment: Deployment) -> Account:
    """Return the ordinary sample account."""
    env = deployment.env
    return Account(env["DEMO_EMAIL"], env["DEMO_PASSWORD"])


def admin(deployment: Deployment) -> Account:
    """Return the sample account that is staff."""
    env = deployment.env
    return Account(env["ADMIN_EMAIL"], env["ADMIN_PASSWORD"])


def path_of(page: Page) -> str:
    """Return the path that a redirect leads to."""
    return urlsplit(page.location).path


def ask_to_register(visitor: Stranger, account: Account, **more: str) -> Page:
    """Fill in the form for a new account."""
    fields = {
        "email": account.email,
        "display_name": account.display_name,
        "password": account.password,
    }
    form = visitor.get("/register").form(fields)
    return visitor.post("/register", form.fields | fields | more)


def register(deployment: Deployment, account: Account | None = None) -> tuple[Stranger, Account]:
    """Get somebody an account, and return them logged in."""
    account = account or somebody()
    visitor = deployment.visitor()
    asked = ask_to_register(visitor, account)
    assert asked.status == 303, asked.document.text
    confirmed = visitor.get(deployment.mail(account.email, "confirm").link)
    assert confirmed.status in GONE
    return visitor, account


def try_to_log_in(visitor: Stranger, account: Account, to: str = "") -> Page:
    """Fill in the form to log in."""
    fields = {"email": account.email, "password": account.password}
    form = visitor.get("/login").form(fields)
    return visitor.post("/login", form.fields | fields | ({"next": to} if to else {}))


def log_in(deployment: Deployment, account: Account) -> Stranger:
    """Return somebody who has just logged in."""
    visitor = deployment.visitor()
    page = try_to_log_in(visitor, account)
    assert page.status == 303, page.document.text
    return visitor


def is_logged_in(visitor: Stranger) -> bool:
    """Say whether somebody is logged in, as far as the site can tell."""
    page = visitor.get("/account")
    assert page.status == 200 or path_of(page) == "/login"
    return page.status == 200


def can_log_in(deployment: Deployment, account: Account) -> bool:
    """Say whether an address and a password open an account."""
    page = try_to_log_in(deployment.visitor(), account)
    assert page.status in (303, *FORM_AGAIN)
    return page.status == 303


def product(**what: str) -> dict[str, str]:
    """Return the fields of a product."""
    usual = {
        "name": f"Thing {next(_numbers)}-{secrets.token_hex(3)}",
        "description": "Made for a test.",
        "price": "19.90",
        "stock": "3",
    }
    return usual | what


def add_product(owner: Stranger, **what: str) -> str:
    """Add a product, and return its path."""
    made = owner.submit(owner.get("/products/new"), product(**what))
    assert made.status == 303, made.document.text
    # The first look shows a message that it was added, which the next does not.
    assert owner.get(made.location).status == 200
    return path_of(made)


def ask_for_reset(visitor: Stranger, email: str) -> Page:
    """Fill in the form of a forgotten password."""
    return visitor.submit(visitor.get("/password-reset"), {"email": email})


def complaint(page: Page, field: str) -> str:
    """Return the message that stands beside a field; nothing when there is none."""
    found = re.search(rf'<(\w+)[^>]*\bid="{field}-error"[^>]*>(.*?)</\1>', page.text, re.DOTALL)
    if found is None:
        return ""
    return " ".join(unescape(re.sub("<[^>]+>", " ", found.group(2))).split())


def refused(page: Page, field: str) -> bool:
    """Say whether the form came again with a message beside a field."""
    return page.status in FORM_AGAIN and complaint(page, field) != ""


def at_once(what: Callable[[Given], Result], given: Iterable[Given]) -> list[Result]:
    """Do something for all of these at the same time."""
    all_given = list(given)
    with ThreadPoolExecutor(len(all_given)) as threads:
        return list(threads.map(what, all_given))
