"""What all tests share."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage
from django.test import Client

from accounts import attempts
from accounts.hashers import Argon2
from accounts.models import User
from catalogue.models import Product

PASSWORD = "seven quiet herons"


class Browser(Client):
    """A client that speaks HTTPS, as the site demands."""

    def request(self, **request: Any) -> Any:
        return super().request(**request | {"wsgi.url_scheme": "https"})


@pytest.fixture(autouse=True)
def _passwords_are_hashed_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Argon2, "memory_cost", 8)
    monkeypatch.setattr(Argon2, "time_cost", 1)


@pytest.fixture(autouse=True)
def _later_is_now(monkeypatch: pytest.MonkeyPatch) -> None:
    def now(work: Callable[[], None]) -> None:
        work()

    monkeypatch.setattr("config.mail.later", now)


@pytest.fixture
def client() -> Browser:
    return Browser()


@pytest.fixture
def ann(db: None) -> User:
    return User.objects.create_user("ann@example.com", "Ann", PASSWORD)


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob@example.com", "Bob", PASSWORD)


@pytest.fixture
def reset_meanwhile(monkeypatch: pytest.MonkeyPatch, ann: User) -> str:
    """Reset Ann's password whenever one was checked; return the new one."""
    password, guard = "nine brave sparrows", attempts.guard

    def slow_guard(*args: Any) -> Any:
        result = guard(*args)
        User.objects.filter(pk=ann.pk).update(password=make_password(password))
        return result

    monkeypatch.setattr(attempts, "guard", slow_guard)
    return password


@pytest.fixture
def lamp(ann: User) -> Product:
    return Product.objects.create(
        name="Desk lamp", description="Turns.", price="64.00", stock=3, owner=ann
    )


@pytest.fixture
def as_ann(ann: User) -> Browser:
    return _logged_in(ann)


@pytest.fixture
def as_bob(bob: User) -> Browser:
    return _logged_in(bob)


@pytest.fixture
def as_staff(db: None) -> Browser:
    return _logged_in(User.objects.create_superuser("sue@example.com", "Sue", PASSWORD))


def _logged_in(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def token_in(mail: EmailMessage) -> str:
    """Return the token in a mail: the end of a link, or a line of its own."""
    pattern = r"^(?:https://testserver/\S+/)?([\w-]{43})$"
    [token] = re.findall(pattern, str(mail.body), re.MULTILINE)
    return str(token)


def link_in(mail: EmailMessage) -> str:
    """Return the path of the link in a mail."""
    lines = str(mail.body).splitlines()
    [link] = [line for line in lines if line.startswith("https://testserver/")]
    return link.removeprefix("https://testserver")
