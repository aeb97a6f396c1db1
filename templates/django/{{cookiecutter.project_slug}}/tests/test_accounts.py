"""Registering, logging in, and what belongs to an account."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone

from accounts import attempts, passwords, services
from accounts.hashers import Argon2
from accounts.models import Attempt, Link, User
from tests.conftest import PASSWORD, Browser, link_in

NEW_PASSWORD = "eleven loud magpies"
ANSWER = {"email": "ann@example.com", "display_name": "Ann", "password": PASSWORD}

Mails = list[EmailMessage]

pytestmark = pytest.mark.django_db


def log_in(
    client: Browser,
    password: str = PASSWORD,
    email: str = "ann@example.com",
    **more: str,
) -> int:
    data = {"email": email, "password": password, **more}
    return int(client.post("/login", data).status_code)


def is_logged_in(client: Browser) -> bool:
    return bool(client.get("/account").status_code == 200)


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


def test_registering_a_taken_address_gets_the_same_answer_and_a_mail_that_says_so(
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


def test_fields_that_are_not_in_the_form_have_no_effect(
    client: Browser, mailoutbox: Mails
) -> None:
    client.post(
        "/register", ANSWER | {"is_staff": "on", "is_superuser": "1", "id": "7"}
    )
    client.get(link_in(mailoutbox[0]))
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser) == (False, False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "ann@example"),
        ("email", "ann example@example.com"),
        ("email", "ann@example.com\nBcc: bob@example.com"),
        ("email", '"\x0bBcc:bob"@example.com'),
        ("email", f"{'a' * 250}@example.com"),
        ("display_name", " "),
        ("display_name", "a" * 81),
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


@pytest.mark.parametrize(
    ("password", "objection"),
    [
        ("elevenchars", passwords.TOO_SHORT),
        ("a correct horse" * 9, passwords.TOO_LONG),
        ("password1234", passwords.COMMON),
        ("P@ssw0rd2026!", passwords.COMMON),
        ("passwordpassword", passwords.COMMON),
        ("123456789012", passwords.COMMON),
        ("abcabcabcabc", passwords.COMMON),
        ("aaaaaaaaaaaa", passwords.COMMON),
        ("qwertyuiopas", passwords.COMMON),
        ("nmlkjihgfedcba", passwords.COMMON),
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


def test_passwords_are_stored_with_argon2id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    user = User(email="ann@example.com")
    user.set_password(PASSWORD)
    assert user.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_password_is_hashed_anew_when_the_parameters_have_changed(
    client: Browser, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Argon2, "memory_cost", 16)
    log_in(client)
    ann.refresh_from_db()
    assert "m=16," in ann.password


# Logging in and out


def test_one_logs_in_with_an_address_in_any_case(client: Browser, ann: User) -> None:
    assert log_in(client, email="ANN@Example.COM") == 303
    assert is_logged_in(client)


def test_a_wrong_login_says_the_same_whether_there_is_an_account_or_not(
    client: Browser, ann: User
) -> None:
    pages = []
    for email in ("ann@example.com", "bob@example.com"):
        data = {"email": email, "password": "wrong password"}
        response = client.post("/login", data)
        assert response.status_code == 422
        assert "wrong password" not in response.content.decode()
        pages.append(response.content.decode().replace(email, ""))
    assert "do not match an account" in pages[0]
    assert without_token(pages[0]) == without_token(pages[1])


def without_token(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_somebody_inactive_cannot_log_in(client: Browser, ann: User) -> None:
    User.objects.update(is_active=False)
    assert log_in(client) == 422


def test_a_stranger_logs_in_and_lands_where_they_wanted_to_go(
    client: Browser, ann: User
) -> None:
    response = client.get("/products/new")
    assert response.status_code == 303
    assert response["Location"] == "/login?next=/products/new"
    assert (
        'name="next" value="/products/new"'
        in client.get(response["Location"]).content.decode()
    )
    data = {"email": ann.email, "password": PASSWORD, "next": "/products/new"}
    assert client.post("/login", data)["Location"] == "/products/new"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test/",
        "\\\\evil.test",
        "/\t/evil.test",
        "/\n/evil.test",
        "javascript:alert(1)",
        "https://testserver/account",
        "account",
        " //evil.test",
    ],
)
def test_one_never_lands_on_another_site(
    client: Browser, ann: User, target: str
) -> None:
    data = {"email": ann.email, "password": PASSWORD, "next": target}
    assert client.post("/login", data)["Location"] == "/"


def test_logging_in_makes_a_new_session(client: Browser, ann: User) -> None:
    client.cookies["__Host-session"] = "planted"
    log_in(client)
    first = client.cookies["__Host-session"].value
    log_in(client)
    assert "planted" != first != client.cookies["__Host-session"].value


def test_after_logging_out_the_old_cookie_is_dead(client: Browser, ann: User) -> None:
    log_in(client)
    replayed = Browser()
    replayed.cookies["__Host-session"] = client.cookies["__Host-session"].value
    assert is_logged_in(replayed)
    response = client.post("/logout")
    assert (response.status_code, response["Location"]) == (303, "/")
    assert not is_logged_in(replayed)
    assert not Session.objects.exists()


def test_getting_the_logout_page_logs_nobody_out(as_ann: Browser) -> None:
    assert as_ann.get("/logout").status_code == 405
    assert is_logged_in(as_ann)


# Attempts


def test_after_ten_wrong_passwords_even_the_right_one_has_to_wait(
    client: Browser, ann: User
) -> None:
    for _ in range(10):
        assert log_in(client, "wrong") == 422
    response = client.post("/login", {"email": ann.email, "password": PASSWORD})
    assert response.status_code == 429
    assert 290 < int(response["Retry-After"]) <= 300
    assert "Too many attempts" in response.content.decode()
    assert not is_logged_in(client)

    Attempt.objects.update(at=timezone.now() - attempts.WINDOW)
    assert log_in(client) == 303


def test_attempts_count_for_an_account_from_everywhere(ann: User) -> None:
    for number in range(10):
        assert log_in(Browser(REMOTE_ADDR=f"192.0.2.{number}"), "wrong") == 422
    assert log_in(Browser(REMOTE_ADDR="192.0.2.99")) == 429


def test_attempts_count_from_an_address_for_all_accounts(
    client: Browser, ann: User
) -> None:
    for number in range(10):
        assert log_in(client, "wrong", email=f"{number}@example.com") == 422
    assert log_in(client) == 429
    assert log_in(Browser(REMOTE_ADDR="192.0.2.99")) == 303


def test_attempts_count_whether_there_is_an_account_or_not(client: Browser) -> None:
    statuses = [log_in(client, "wrong") for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_who_waits_is_not_made_to_wait_longer(client: Browser, ann: User) -> None:
    for _ in range(15):
        log_in(client, "wrong")
    assert Attempt.objects.filter(key__startswith="account:").count() == 10


def test_the_right_password_forgets_the_wrong_ones(client: Browser, ann: User) -> None:
    for _ in range(9):
        log_in(client, "wrong")
    assert log_in(client) == 303
    assert Attempt.objects.filter(key__startswith="account:").count() == 0
    assert Attempt.objects.filter(key__startswith="address:").count() == 9


def test_the_password_form_of_the_account_is_limited_too(as_ann: Browser) -> None:
    data = {"old_password": "wrong", "new_password": NEW_PASSWORD}
    statuses = [as_ann.post("/account/password", data).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    data = {"email": "new@example.com", "password": PASSWORD}
    assert as_ann.post("/account/email", data).status_code == 429


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


def test_a_new_password_ends_all_other_sessions(
    client: Browser, as_ann: Browser, mailoutbox: Mails
) -> None:
    log_in(client)
    data = {"old_password": PASSWORD, "new_password": NEW_PASSWORD}
    response = as_ann.post("/account/password", data)
    assert (response.status_code, response["Location"]) == (303, "/account")
    assert "Your password is changed." in as_ann.get("/account").content.decode()
    assert not is_logged_in(client)
    assert log_in(client) == 422
    assert log_in(client, NEW_PASSWORD) == 303
    assert [mail.subject for mail in mailoutbox] == ["Your password was changed"]


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


def test_a_reset_link_dies_when_the_password_changes(
    client: Browser, as_ann: Browser, mailoutbox: Mails
) -> None:
    client.post("/password-reset", {"email": "ann@example.com"})
    data = {"old_password": PASSWORD, "new_password": NEW_PASSWORD}
    as_ann.post("/account/password", data)
    assert client.get(link_in(mailoutbox[0])).status_code == 404


def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    client: Browser, ann: User, mailoutbox: Mails
) -> None:
    known = client.post("/password-reset", {"email": ann.email})
    unknown = client.post("/password-reset", {"email": "bob@example.com"})
    assert known.status_code == unknown.status_code == 303
    assert known["Location"] == unknown["Location"]
    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_reset_link_works_for_one_of_many_at_once(
    ann: User, mailoutbox: Mails
) -> None:
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
