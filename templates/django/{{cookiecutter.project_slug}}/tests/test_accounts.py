"""What people do with their account, and how they get back into it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.mail import EmailMessage
from django.db import connection

from accounts import services
from accounts.models import Attempt, User
from tests.conftest import PASSWORD, Browser, link_in
from tests.people import ANSWER, NEW_PASSWORD, Mails, is_logged_in, log_in

LONG = "x" * 1001

pytestmark = pytest.mark.django_db


# The account


def test_the_account_is_only_for_those_who_are_logged_in(
    client: Browser, as_ann: Browser
) -> None:
    assert client.get("/account")["Location"] == "/login?next=/account"
    page = as_ann.get("/account").content.decode()
    assert "ann@example.com" in page
    assert 'action="/account/password"' in page
    assert 'action="/account/email"' in page
    assert as_ann.post("/account").status_code == 405


def test_a_new_password_ends_the_other_sessions_and_all_links(
    client: Browser, as_ann: Browser, mailoutbox: Mails
) -> None:
    log_in(client)
    client.post("/password-reset", {"email": "ann@example.com"})
    data = {"old_password": PASSWORD, "new_password": NEW_PASSWORD}
    response = as_ann.post("/account/password", data)
    assert (response.status_code, response["Location"]) == (303, "/account")
    assert "Your password is changed." in as_ann.get("/account").content.decode()
    assert not is_logged_in(client)
    link, notice = mailoutbox
    assert client.get(link_in(link)).status_code == 404
    assert log_in(client) == 422
    assert log_in(client, NEW_PASSWORD) == 303
    assert notice.subject == "Your password was changed"


def test_a_reset_wins_over_a_change_that_is_under_way(
    as_ann: Browser, ann: User, reset_meanwhile: str, mailoutbox: Mails
) -> None:
    data = {"old_password": PASSWORD, "new_password": NEW_PASSWORD}
    response = as_ann.post("/account/password", data)
    assert response.status_code == 422
    assert "That is not your password." in response.content.decode()
    ann.refresh_from_db()
    assert ann.check_password(reset_meanwhile)
    assert not mailoutbox


def test_a_reset_kills_the_link_to_a_new_address_that_is_under_way(
    as_ann: Browser, ann: User, reset_meanwhile: str, mailoutbox: Mails
) -> None:
    data = {"email": "eve@evil.test", "password": PASSWORD}
    as_ann.post("/account/email", data)
    assert Browser().get(link_in(mailoutbox[0])).status_code == 404
    ann.refresh_from_db()
    assert ann.email == "ann@example.com"


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/login", {"email": "ann@example.com", "password": LONG}),
        ("/register", ANSWER | {"email": "new@example.com", "password": LONG}),
        ("/account/password", {"old_password": LONG, "new_password": NEW_PASSWORD}),
        ("/account/password", {"old_password": PASSWORD, "new_password": LONG}),
        ("/account/email", {"email": "new@example.com", "password": LONG}),
    ],
)
def test_what_is_much_too_long_for_a_password_is_not_tried(
    as_ann: Browser, path: str, data: dict[str, str], mailoutbox: Mails
) -> None:
    response = as_ann.post(path, data)
    assert response.status_code == 422
    assert 'password-error">Use at most ' in response.content.decode()
    assert not Attempt.objects.exists()
    assert not mailoutbox


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("wrong password", NEW_PASSWORD, "old_password"),
        (PASSWORD, "short", "new_password"),
        (PASSWORD, "ann@example.com", "new_password"),
    ],
)
def test_the_password_form_comes_again_with_what_is_wrong(
    as_ann: Browser, old: str, new: str, field: str
) -> None:
    data = {"old_password": old, "new_password": new}
    response = as_ann.post("/account/password", data)
    assert response.status_code == 422
    assert f'id="{field}-error"' in response.content.decode()


def test_a_new_address_counts_when_its_link_is_opened(
    as_ann: Browser, ann: User, mailoutbox: Mails
) -> None:
    data = {"email": "New@example.com", "password": PASSWORD}
    response = as_ann.post("/account/email", data)
    assert (response.status_code, response["Location"]) == (303, "/account")
    [mail] = mailoutbox
    assert mail.to == ["new@example.com"]
    ann.refresh_from_db()
    assert ann.email == "ann@example.com"

    assert as_ann.get(link_in(mail))["Location"] == "/account"
    ann.refresh_from_db()
    assert ann.email == "new@example.com"
    assert mailoutbox[1].to == ["ann@example.com"]
    assert mailoutbox[1].subject == "Your address was changed"
    assert as_ann.get(link_in(mail)).status_code == 404


def test_an_address_that_gets_taken_meanwhile_is_not_changed(
    as_ann: Browser, ann: User, mailoutbox: Mails
) -> None:
    as_ann.post("/account/email", {"email": "bob@example.com", "password": PASSWORD})
    User.objects.create_user("bob@example.com", "Bob", PASSWORD)
    assert as_ann.get(link_in(mailoutbox[0])).status_code == 404
    ann.refresh_from_db()
    assert ann.email == "ann@example.com"


def test_the_address_of_another_account_gets_a_mail_that_says_so(
    as_ann: Browser, bob: User, mailoutbox: Mails
) -> None:
    data = {"email": "bob@example.com", "password": PASSWORD}
    assert as_ann.post("/account/email", data).status_code == 303
    assert [mail.subject for mail in mailoutbox] == ["You already have an account"]


def test_a_new_address_needs_the_password(as_ann: Browser, mailoutbox: Mails) -> None:
    data = {"email": "new@example.com", "password": "wrong password"}
    response = as_ann.post("/account/email", data)
    assert response.status_code == 422
    assert 'id="password-error"' in response.content.decode()
    assert not mailoutbox


# Forgotten passwords


def test_a_reset_link_sets_a_new_password_and_ends_all_sessions(
    client: Browser, as_ann: Browser, mailoutbox: Mails
) -> None:
    response = client.post("/password-reset", {"email": "Ann@example.com"})
    assert response["Location"] == "/password-reset/sent"
    link = link_in(mailoutbox[0])
    assert client.get(link).status_code == 200
    response = client.post(link, {"password": NEW_PASSWORD})
    assert (response.status_code, response["Location"]) == (303, "/login")
    assert not is_logged_in(as_ann)
    assert not is_logged_in(client)
    assert log_in(client) == 422
    assert log_in(client, NEW_PASSWORD) == 303


def test_a_reset_link_works_once(client: Browser, ann: User, mailoutbox: Mails) -> None:
    client.post("/password-reset", {"email": ann.email})
    link = link_in(mailoutbox[0])
    assert client.post(link, {"password": "password1234"}).status_code == 422
    assert client.post(link, {"password": NEW_PASSWORD}).status_code == 303
    assert client.post(link, {"password": NEW_PASSWORD}).status_code == 404
    assert client.get(link).status_code == 404


def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    client: Browser, ann: User, mailoutbox: Mails
) -> None:
    known = client.post("/password-reset", {"email": ann.email})
    unknown = client.post("/password-reset", {"email": "bob@example.com"})
    assert known.status_code == unknown.status_code == 303
    assert known["Location"] == unknown["Location"]
    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_uses_of_a_reset_link_one_works(ann: User, mailoutbox: Mails) -> None:
    services.request_reset(ann.email)
    token = link_in(mailoutbox[0]).rpartition("/")[2]

    def use(number: int) -> bool:
        try:
            return (
                services.reset_password(token, f"{NEW_PASSWORD} {number}") is not None
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(use, range(16))) == 1


@pytest.mark.django_db(transaction=True)
def test_many_registrations_at_once_make_one_account(mailoutbox: Mails) -> None:
    for _ in range(16):
        services.register("ann@example.com", "Ann", PASSWORD)

    def confirm(mail: EmailMessage) -> bool:
        try:
            token = link_in(mail).rpartition("/")[2]
            return services.confirm_registration(token) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(confirm, mailoutbox)) == 1
    assert User.objects.count() == 1
