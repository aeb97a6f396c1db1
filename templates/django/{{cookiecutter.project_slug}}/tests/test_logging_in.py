"""Logging in and out, and what happens after too many wrong tries."""

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import attempts
from accounts.models import Attempt, User
from tests.conftest import PASSWORD, Browser
from tests.people import NEW_PASSWORD, is_logged_in, log_in

pytestmark = pytest.mark.django_db


# Logging in and out


def test_one_logs_in_with_an_address_in_any_case(client: Browser, ann: User) -> None:
    assert log_in(client, email="ANN@Example.COM") == 303
    assert is_logged_in(client)


def test_an_address_may_be_written_with_the_letters_of_its_country(
    client: Browser, ann: User
) -> None:
    User.objects.update(email="ann@xn--bcher-kva.example")
    assert log_in(client, email="Ann@Bücher.example") == 303


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
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


def test_a_session_ends_by_itself(as_ann: Browser) -> None:
    Session.objects.update(expire_date=timezone.now())
    assert not is_logged_in(as_ann)
    log_in(as_ann)
    assert Session.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_account_that_is_deleted_during_a_login_is_not_logged_in(
    client: Browser, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(*args: Any, **credentials: Any) -> Any:
        user = authenticate(*args, **credentials)
        User.objects.all().delete()
        return user

    monkeypatch.setattr("accounts.views.authenticate", too_late)
    assert log_in(client) == 422
    assert not is_logged_in(client)


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
def test_after_logging_in_one_stays_on_this_site(
    client: Browser, ann: User, target: str
) -> None:
    data = {"email": ann.email, "password": PASSWORD, "next": target}
    assert client.post("/login", data)["Location"] == "/"


def test_logging_in_begins_a_new_session(client: Browser, ann: User) -> None:
    client.cookies["__Host-session"] = "planted"
    log_in(client)
    first = client.cookies["__Host-session"].value
    log_in(client)
    assert "planted" != first != client.cookies["__Host-session"].value


@pytest.mark.parametrize("space", [b"\xe2\x80\x80", b"\xc2\xa0", b"\xc2\x85", b"\xa0"])
def test_a_cookie_that_only_looks_like_ours_is_none(
    client: Browser, ann: User, space: bytes
) -> None:
    log_in(client)
    cookie = f"__Host-session={client.cookies['__Host-session'].value}"
    client.cookies.clear()
    planted = space.decode("latin-1") + cookie
    assert client.get("/account", HTTP_COOKIE=planted).status_code == 303
    assert client.get("/account", HTTP_COOKIE=cookie).status_code == 200


def test_logging_out_ends_the_session_for_every_copy_of_its_cookie(
    client: Browser, ann: User
) -> None:
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


def test_after_ten_wrong_passwords_there_is_a_pause(client: Browser, ann: User) -> None:
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
