"""Which passwords will do, and how they are stored."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from copy import copy

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection

from accounts import attempts, links, passwords, services
from accounts.hashers import Argon2
from accounts.models import Link, User
from tests.conftest import PASSWORD


@pytest.mark.parametrize(
    ("password", "objection"),
    [
        ("elevenchars", passwords.TOO_SHORT),
        ("half ½ only", passwords.TOO_SHORT),
        ("a correct horse" * 9, passwords.TOO_LONG),
        ("password1234", passwords.COMMON),
        ("P@ssw0rd2026!", passwords.COMMON),
        ("passwordpassword", passwords.COMMON),
        ("123456789012", passwords.COMMON),
        ("abcabcabcabc", passwords.COMMON),
        ("aaaaaaaaaaaa", passwords.COMMON),
        ("qwertyuiopas", passwords.COMMON),
        ("nmlkjihgfedcba", passwords.COMMON),
        ("LeaveMeAlone", passwords.COMMON),
        ("!!!!!!!!!!!!!!", passwords.COMMON),
        ("annette@example.com", passwords.PERSONAL),
        ("hello annette 7", passwords.PERSONAL),
        ("the Flower Shop", passwords.PERSONAL),
        (PASSWORD, None),
        ("twelve chars", None),
        ("x" + "9f" * 63 + "x", None),
        ("пароль из слов", None),
        ("🦆🦉🐦🦆🦅🐦🦉🦆🐦🦉🦅🦆", None),
    ],
)
def test_common_and_personal_passwords_are_refused(
    password: str, objection: str | None
) -> None:
    names = ["annette@example.com", "Flower Shop"]
    assert passwords.objection(password, names) == objection


def test_of_a_long_password_little_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lengths = []

    def normalize(form: str, text: str) -> str:
        lengths.append(len(text))
        return text

    monkeypatch.setattr(unicodedata, "normalize", normalize)
    long = "a" + "\u0315\u0300" * 240_000
    user = User(password=make_password(PASSWORD))
    assert passwords.objection(long) == passwords.TOO_LONG
    assert not user.check_password(long)
    assert max(lengths) <= 1000


@pytest.mark.django_db
@pytest.mark.parametrize("now", [PASSWORD, "eleven loud magpies"])
def test_hashing_anew_undoes_no_change_that_was_made_meanwhile(
    ann: User, monkeypatch: pytest.MonkeyPatch, now: str
) -> None:
    stored = make_password(now)
    User.objects.update(password=stored)
    monkeypatch.setattr(Argon2, "memory_cost", 16)
    assert ann.check_password(PASSWORD) == (now == PASSWORD)
    assert ann.password == User.objects.get().password == stored


@pytest.mark.django_db
def test_a_link_dies_with_the_password_even_if_it_is_made_meanwhile(ann: User) -> None:
    stale = User.objects.get()
    assert services.change_password(ann, "eleven loud magpies")
    for purpose in (Link.Purpose.RESET, Link.Purpose.EMAIL):
        token = links.make(purpose, stale.email, user=stale)
        assert links.find(purpose, token) is links.take(purpose, token) is None


@pytest.mark.django_db(transaction=True)
def test_of_a_reset_and_many_changes_at_once_one_wins(ann: User) -> None:
    token = links.make(Link.Purpose.RESET, ann.email, user=ann)

    def change(number: int) -> str:
        password = f"eleven loud magpies {number}"
        try:
            if number == 3:
                done = services.reset_password(token, password) is not None
            else:
                done = services.change_password(copy(ann), password)
            return password if done else ""
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        [winner] = filter(None, pool.map(change, range(8)))
    assert User.objects.get().check_password(winner)


def test_passwords_are_stored_with_argon2id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    user = User(email="ann@example.com")
    user.set_password(PASSWORD)
    assert user.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("addresses", "other"),
    [
        ([f"2001:db8::{number:x}" for number in range(10)], "2001:db8:0:1::"),
        ([f"2001:db8::{number}%eth0" for number in range(10)], "2001:db8:0:1::"),
        (["192.0.2.1", "::ffff:192.0.2.1"] * 5, "::ffff:192.0.2.2"),
        (["", "@", "x" * 200, "1.2.3"] * 3, "192.0.2.1"),
    ],
)
def test_attempts_are_counted_by_what_one_client_has(
    addresses: list[str], other: str
) -> None:
    for number, address in enumerate(addresses[:10]):
        attempts.guard(f"{number}@example.com", address, lambda: False)
    with pytest.raises(attempts.TooManyAttemptsError):
        attempts.guard("ann@example.com", addresses[-1], lambda: True)
    assert attempts.guard("ann@example.com", other, lambda: True)
