"""Which passwords will do, and how they are stored."""

import pytest

from app.accounts import passwords
from tests.conftest import PASSWORD


@pytest.mark.parametrize(
    ("password", "objection"),
    [
        ("elevenchars", passwords.TOO_SHORT),
        ("half ½ only", passwords.TOO_SHORT),
        ("a correct horse" * 9, passwords.TOO_LONG),
        ("password1234", passwords.TOO_COMMON),
        ("P@ssw0rd2026!", passwords.TOO_COMMON),
        ("123456789012", passwords.TOO_COMMON),
        ("abcabcabcabc", passwords.TOO_COMMON),
        ("qwertyuiopas", passwords.TOO_COMMON),
        ("nmlkjihgfedcba", passwords.TOO_COMMON),
        ("LeaveMeAlone", passwords.TOO_COMMON),
        ("annette@example.com", passwords.CONTAINS_EMAIL),
        ("hello annette 7", passwords.CONTAINS_EMAIL),
        ("the Flower Shop", passwords.CONTAINS_SITE_NAME),
        (PASSWORD, None),
        ("twelve chars", None),
        ("пароль из слов", None),
    ],
)
def test_common_and_personal_passwords_are_refused(
    password: str, objection: str | None
) -> None:
    email, site_name = "annette@example.com", "Flower Shop"
    refused = passwords.why_refused(password, email=email, site_name=site_name)
    assert refused == objection


def test_passwords_are_stored_with_argon2id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # tests hash with less
    stored = passwords.hash_password(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
