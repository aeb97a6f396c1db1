"""The token in each form, and the cookie that it belongs to."""

import pytest

from app.accounts.models import User
from tests.browser import Browser
from tests.conftest import PASSWORD


def test_the_session_cookie_is_out_of_reach(browser: Browser, ada: User) -> None:
    response = browser.log_in(ada.email, PASSWORD)
    [cookie] = [
        value
        for value in response.headers.getlist("Set-Cookie")
        if value.startswith("__Host-session=")
    ]
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= attributes


def test_pages_of_a_user_are_not_stored(browser: Browser, ada: User) -> None:
    for path in ("/", "/account", "/products"):
        assert "no-store" in browser.get(path).headers["Cache-Control"]


@pytest.mark.parametrize("token", [None, "", "garbage", "x" * 10_000, "ü"])
def test_a_form_without_its_token_changes_nothing(
    browser: Browser, ada: User, token: str | None
) -> None:
    data = {} if token is None else {"csrf_token": token}
    response = browser.post("/logout", data=data)
    assert response.status_code == 403
    assert "You may not do that" in response.text
    assert browser.get("/account").status_code == 200


def test_a_token_counts_in_the_form_of_its_session_only(
    browser: Browser, other_browser: Browser, ada: User
) -> None:
    token = browser.token("/account")
    foreign = other_browser.token("/login")
    in_query = browser.post(f"/logout?csrf_token={token}")
    of_another = browser.post("/logout", data={"csrf_token": foreign})
    assert (in_query.status_code, of_another.status_code) == (403, 403)
    assert browser.post("/logout", data={"csrf_token": token}).status_code == 303


def test_no_method_hides_behind_another(browser: Browser, ada: User) -> None:
    token = browser.token("/account")
    browser.get(f"/logout?_method=POST&csrf_token={token}")
    browser.get("/logout", headers={"X-HTTP-Method-Override": "POST"})
    assert browser.get("/account").status_code == 200
