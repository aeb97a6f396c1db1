"""Registering, and which passwords will do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import passwords
from accounts.attempts import MAILS, MAILS_WINDOW
from accounts.hashers import Argon2
from accounts.models import Attempt, Link, User
from tests.conftest import PASSWORD, Browser, link_in
from tests.people import ANSWER, Mails, is_logged_in, log_in

pytestmark = pytest.mark.django_db


# Registering


def test_registering_mails_a_link_that_makes_the_account_and_logs_in(
    client: Browser, mailoutbox: Mails
) -> None:
    response = client.post("/register", ANSWER)
    assert response.status_code == 303
    assert response["Location"] == "/register/sent"
    assert not User.objects.exists()
    assert log_in(client) == 422

    [mail] = mailoutbox
    assert mail.to == ["ann@example.com"]
    assert mail.subject == "Confirm your address"
    response = client.get(link_in(mail))
    assert (response.status_code, response["Location"]) == (303, "/")
    assert is_logged_in(client)


def test_a_register_link_works_once(client: Browser, mailoutbox: Mails) -> None:
    client.post("/register", ANSWER)
    link = link_in(mailoutbox[0])
    assert client.head(link).status_code == 200
    assert client.get(link).status_code == 303
    response = Browser().get(link)
    assert response.status_code == 404
    assert "This link no longer works" in response.content.decode()


def test_a_link_works_for_an_hour(client: Browser, mailoutbox: Mails) -> None:
    client.post("/register", ANSWER)
    Link.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(link_in(mailoutbox[0])).status_code == 404
    client.post("/register", ANSWER)
    assert Link.objects.count() == 1


def test_a_link_of_one_kind_is_none_of_another(
    client: Browser, ann: User, mailoutbox: Mails
) -> None:
    client.post("/password-reset", {"email": ann.email})
    token = link_in(mailoutbox[0]).rpartition("/")[2]
    assert client.get(f"/register/confirm/{token}").status_code == 404
    assert client.get(f"/account/email/{token}").status_code == 404
    assert client.get(f"/password-reset/{token}").status_code == 200


def test_a_taken_address_gets_the_same_answer_and_another_mail(
    client: Browser, ann: User, mailoutbox: Mails
) -> None:
    free = client.post("/register", ANSWER | {"email": "bob@example.com"})
    taken = client.post("/register", ANSWER | {"email": "ANN@example.com"})
    assert taken.status_code == free.status_code == 303
    assert taken["Location"] == free["Location"]
    assert [mail.subject for mail in mailoutbox] == [
        "Confirm your address",
        "You already have an account",
    ]
    assert mailoutbox[1].to == ["ann@example.com"]


def test_two_links_for_one_address_make_one_account(
    client: Browser, mailoutbox: Mails
) -> None:
    client.post("/register", ANSWER)
    client.post("/register", ANSWER | {"email": "Ann@Example.com"})
    assert client.get(link_in(mailoutbox[0])).status_code == 303
    assert Browser().get(link_in(mailoutbox[1])).status_code == 404
    assert User.objects.get().email == "ann@example.com"


def test_a_mailbox_gets_only_a_few_of_the_mails_that_are_asked_for(
    client: Browser, mailoutbox: Mails
) -> None:
    for tag in ("", "+a", "+b"):
        for _ in range(3):
            email = f"ann{tag}@example.com"
            response = client.post("/register", ANSWER | {"email": email})
            assert response["Location"] == "/register/sent"
    assert len(mailoutbox) == MAILS
    Attempt.objects.update(at=timezone.now() - MAILS_WINDOW)
    client.post("/register", ANSWER)
    assert len(mailoutbox) == MAILS + 1


def test_fields_that_are_not_in_the_form_have_no_effect(
    client: Browser, mailoutbox: Mails
) -> None:
    client.post(
        "/register", ANSWER | {"is_staff": "on", "is_superuser": "1", "id": "7"}
    )
    client.get(link_in(mailoutbox[0]))
    user = User.objects.get()
    assert not user.is_staff


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "ann@example"),
        ("email", "ann example@example.com"),
        ("email", "ann@example.com\nBcc: bob@example.com"),
        ("email", '"\x0bBcc:bob"@example.com'),
        ("email", "=?utf-8?q?ann?=@example.com"),
        ("email", f"{'a' * 250}@example.com"),
        ("display_name", " "),
        ("display_name", "a" * 81),
        ("display_name", "Ann\nBcc: eve@evil.test"),
        ("password", ""),
    ],
)
def test_the_register_form_comes_again_with_what_is_wrong(
    client: Browser, mailoutbox: Mails, field: str, value: str
) -> None:
    response = client.post("/register", ANSWER | {field: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert f'id="{field}-error"' in page
    assert 'aria-invalid="true"' in page
    assert PASSWORD not in page
    assert not mailoutbox


# Passwords


def test_a_refused_password_is_explained_beside_the_field(client: Browser) -> None:
    page = client.post("/register", ANSWER | {"password": "password1234"})
    assert f'id="password-error">{passwords.COMMON}' in page.content.decode()


def test_all_characters_of_a_password_count(client: Browser) -> None:
    password = "a quiet heron " * 10
    User.objects.create_user("ann@example.com", "Ann", password[:128])
    assert log_in(client, password[:127]) == 422
    assert log_in(client, password[:128]) == 303


def test_the_same_letters_typed_differently_are_the_same_password(
    client: Browser,
) -> None:
    User.objects.create_user("ann@example.com", "Ann", "caf\u00e9 au lait, please")
    assert log_in(client, "cafe\u0301 au lait, please") == 303


def test_a_password_is_hashed_anew_when_the_parameters_have_changed(
    client: Browser, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Argon2, "memory_cost", 16)
    log_in(client)
    ann.refresh_from_db()
    assert "m=16," in ann.password
