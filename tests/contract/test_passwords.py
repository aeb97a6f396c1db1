"""A3, A15: which passwords are taken, and how they are kept."""

import re
from dataclasses import replace

import pytest

from .accounts import NEW_PASSWORD
from .deployments import Deployment, Stranger
from .people import (
    Account,
    ask_for_reset,
    ask_to_register,
    can_log_in,
    complaint,
    refused,
    register,
    somebody,
)
from .projects import NAME


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
        "half ½ only",
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
        "leavemealone",
        "NeedForSpeed",
        "123qwe123qwe",
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


def test_a_password_is_typed_hidden_and_may_be_pasted_by_a_program(
    deployment: Deployment, member: tuple[Stranger, Account]
) -> None:
    """A3. NIST 800-63B, 3.1.1.2: programs that keep passwords are to be helped."""
    visitor, account = member
    ask_for_reset(deployment.visitor(), account.email)
    reset = deployment.mail(account.email, "Reset your password").link
    new, old = {"new-password"}, {"current-password"}
    for path, expected in (
        ("/register", new),
        ("/login", old),
        (reset, new),
        ("/account", new | old),
    ):
        who = visitor if path == "/account" else deployment.visitor()
        page = who.get(path)
        fields = re.findall(r'<input\b[^>]*\bname="[^"]*password"[^>]*>', page.text)
        assert fields, path
        said = set()
        for field in fields:
            assert 'type="password"' in field, path
            assert "onpaste" not in field
            assert "readonly" not in field
            assert not re.search(r'\bmaxlength="\d\d?"', field), path
            said |= set(re.findall(r'autocomplete="([^"]+)"', field))
        assert said == expected, path


def test_stored_passwords_are_argon2id_of_sufficient_cost(deployment: Deployment) -> None:
    """A15. Looks into the database."""
    _, account = register(deployment)
    dump = deployment.database.dump()
    costs = re.findall(r"argon2id\$v=\d+\$m=(\d+),t=(\d+),p=(\d+)\$", dump)
    assert len(costs) >= 3
    assert all(int(m) >= 19 * 1024 and int(t) >= 2 and int(p) >= 1 for m, t, p in costs)
    assert account.password not in dump
    assert deployment.env["DEMO_PASSWORD"] not in dump
