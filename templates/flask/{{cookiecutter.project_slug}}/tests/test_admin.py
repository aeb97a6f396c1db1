"""The panel for the staff: who may in, what it shows, and what it never does."""

import logging
import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.admin import users
from app.admin.users import UserView
from app.catalogue import services
from app.catalogue.models import Product
from app.database import db
from tests.browser import Browser, text_of
from tests.conftest import PASSWORD, MakeUser
from tests.people import meanwhile
from tests.test_catalogue import LAMP, add

ADDRESSES = [
    "/admin",
    "/admin/",
    "/admin/products/",
    "/admin/products/new/",
    "/admin/products/edit/?id=1",
    "/admin/products/delete/?id=1",
    "/admin/users/",
    "/admin/static/admin.css",
    "/admin/nothing/here",
]
# What the policy of the site would block.
INLINE = re.compile(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=")


@pytest.fixture
def grace(browser: Browser, make_user: MakeUser) -> User:
    """Somebody of the staff who is logged in, in `browser`."""
    user = make_user("grace@example.com", is_staff=True)
    browser.log_in(user.email, PASSWORD)
    return user


@pytest.fixture
def lamp(session: Session, make_user: MakeUser) -> Product:
    return add(session, make_user("owner@example.com"))


def edit(product: Product) -> str:
    return f"/admin/products/edit/?id={product.id}"


def save_user(browser: Browser, number: int, **fields: str) -> TestResponse:
    """Open the form of a user, fill it in, and send it."""
    address = f"/admin/users/edit/?id={number}"
    return browser.submit(address, version=version(browser, address), **fields)


def version(browser: Browser, address: str) -> str:
    page = browser.get(address).text
    found = re.search(r'name="version"[^>]* value="([^"]+)"', page)
    assert found
    return found[1]


def fields(**changed: str) -> dict[str, str]:
    return LAMP | {"owner_email": "owner@example.com", "version": "1"} | changed


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stranger_is_sent_to_log_in(browser: Browser, address: str) -> None:
    response = browser.get(address)
    assert response.status_code == 302
    assert unquote(response.headers["Location"]).startswith("/login?next=/admin")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_ordinary_user_may_not_in(browser: Browser, ada: User, address: str) -> None:
    token = browser.token("/account")
    assert browser.get(address).status_code == 403
    response = browser.post(address, data={"csrf_token": token})
    assert response.status_code == 403
    assert "Admin" not in text_of(browser.get("/"))


def test_the_staff_finds_the_way_in_and_back(browser: Browser, grace: User) -> None:
    assert 'href="/admin/"' in browser.get("/").text
    page = browser.get("/admin", follow_redirects=True)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    for address in ("/", "/admin/products/", "/admin/users/"):
        assert f'href="{address}"' in page.text
    assert browser.get("/admin/nothing").status_code == 404


def test_who_is_staff_no_longer_is_out_at_once(
    browser: Browser, grace: User, session: Session
) -> None:
    assert browser.get("/admin/").status_code == 200
    grace.is_staff = False
    session.commit()
    assert browser.get("/admin/").status_code == 403


def test_products_are_listed_searched_filtered_and_sorted(
    browser: Browser, grace: User, session: Session
) -> None:
    rug = add(session, grace, "100% wool_rug")
    sold_out = add(session, grace, "Desk")
    sold_out.stock = 0
    rug.updated_at += timedelta(minutes=1)
    session.commit()

    def found(query: str) -> list[str]:
        page = browser.get(f"/admin/products/?{query}")
        assert page.status_code == 200
        return re.findall(r'<th scope="row"><a [^>]+>([^<]+)</a>', page.text)

    assert found("") == ["Desk", "100% wool_rug"]
    assert found("search=dEsK") == ["Desk"]
    assert found("search=SHINES") == ["Desk", "100% wool_rug"]
    assert found("search=0%25+w") == found("search=l_r") == ["100% wool_rug"]
    assert found("search=_") == ["100% wool_rug"]
    assert found("flt0_stock_is=Sold+out") == ["Desk"]
    assert found("flt0_stock_is=In+stock&flt1_added_is=Past+day") == ["100% wool_rug"]
    assert found("sort=0") == ["100% wool_rug", "Desk"]
    assert found("sort=0&desc=1") == ["Desk", "100% wool_rug"]
    assert found("sort=3") == ["Desk", "100% wool_rug"]
    assert found("sort=4&desc=1") == ["100% wool_rug", "Desk"]


def test_there_are_twenty_five_to_a_page(
    browser: Browser, grace: User, session: Session
) -> None:
    for number in range(26):
        add(session, grace, f"Lamp {number}")
    first = browser.get("/admin/products/").text
    assert first.count('type="checkbox" name="id"') == 25
    assert 'rel="next"' in first
    second = browser.get("/admin/products/?page=1").text
    assert second.count('type="checkbox" name="id"') == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page=-1", 404),
        ("page=x", 404),
        ("page=1", 404),
        (f"page={10**18}", 404),
        ("sort=99", 200),
        ("sort=-1", 200),
        (f"sort={10**40}", 200),
        ("sort=x", 200),
        ("flt0_stock_is=x", 200),
        (f"flt1_added_is={10**40}", 200),
        ("flt_&flt0_&flt=1&flt9_x=1", 200),
        ("page_size=1000000&endpoint=x&_method=x&_scheme=javascript&_external=1", 200),
        ("search=" + "a+" * 1000, 200),
        ("search=%00", 400),
        ("url=http://[", 400),
        ("url=https://example.test/", 400),
        ("url=/admin/%0d%0aX:y", 400),
    ],
)
@pytest.mark.parametrize("table", ["products", "users"])
def test_what_makes_no_sense_in_an_address_breaks_nothing(
    browser: Browser, grace: User, lamp: Product, table: str, query: str, status: int
) -> None:
    response = browser.get(f"/admin/{table}/?{query}")
    assert response.status_code == status
    assert "javascript:" not in response.text


@pytest.mark.parametrize("table", ["products", "users"])
@pytest.mark.parametrize("action", ["edit", "delete"])
@pytest.mark.parametrize(
    "number", ["0", "-1", "x", "1.0", "٣", str(2**31), str(2**63), "9" * 99, "0&id=x"]
)
def test_what_is_not_there_is_not_found(
    browser: Browser, grace: User, table: str, action: str, number: str
) -> None:
    address = f"/admin/{table}/{action}/?id={number}"
    assert browser.get(address).status_code == 404
    assert browser.submit(address, page="/account").status_code == 404


def test_a_product_is_added(browser: Browser, grace: User, session: Session) -> None:
    page = browser.get("/admin/products/new/")
    assert 'value="grace@example.com"' in page.text
    new = LAMP | {"owner_email": "GRACE@example.com", "slug": "mine", "id": "7"}
    assert browser.submit("/admin/products/new/", **new).status_code == 302
    product = session.scalar(select(Product))
    assert product
    assert (product.slug, product.owner_id, product.version) == ("lamp", grace.id, 1)


def test_a_product_is_changed_by_the_rules_of_the_site(
    browser: Browser, grace: User, lamp: Product, session: Session
) -> None:
    for name, value, message in [
        ("name", " ", "Give it a name."),
        ("name", "two\nlines", "This has to be one line"),
        ("price", "1e5", "A price is a number"),
        ("stock", "9" * 40, "Stock is a whole number"),
        ("owner_email", "nobody@example.com", "There is no account"),
        ("owner_email", "x", "There is no account"),
    ]:
        response = browser.submit(edit(lamp), **fields(**{name: value}))
        assert response.status_code == 422
        assert message in response.text
        assert f'id="{name}-error"' in response.text
        assert "Failed to" not in response.text
    changed = fields(name="Torch", owner_email="grace@example.com", slug="torch")
    response = browser.submit(edit(lamp), url="/admin/products/?page=0", **changed)
    assert response.headers["Location"] == "/admin/products/?page=0"
    before = lamp.updated_at
    session.refresh(lamp)
    assert (lamp.name, lamp.slug, lamp.version) == ("Torch", "lamp", 2)
    assert lamp.owner_id == grace.id
    assert lamp.updated_at > before


@pytest.mark.parametrize("version", ["1", "", "x", "9" * 40])
def test_nobody_overwrites_what_they_have_not_seen(
    browser: Browser, grace: User, lamp: Product, session: Session, version: str
) -> None:
    browser.submit(edit(lamp), **fields(name="Theirs"))
    response = browser.submit(edit(lamp), **fields(name="Mine", version=version))
    assert response.status_code == 409
    assert "Nothing of yours is saved" in text_of(response)
    assert 'value="Mine"' in response.text
    session.refresh(lamp)
    assert (lamp.name, lamp.version) == ("Theirs", 2)


def test_a_product_is_deleted_once_and_after_a_question(
    browser: Browser, grace: User, lamp: Product
) -> None:
    address = f"/admin/products/delete/?id={lamp.id}"
    assert "Delete Lamp?" in text_of(browser.get(address))
    assert browser.get("/products/lamp").status_code == 200
    assert browser.submit(address).status_code == 303
    assert browser.get("/products/lamp").status_code == 404
    again = browser.submit(address, page="/account")
    assert again.status_code == 404


def test_several_products_are_deleted_after_one_question(
    browser: Browser, grace: User, session: Session
) -> None:
    products = [add(session, grace, name) for name in ("Desk", "Lamp", "Rug")]
    numbers = [str(product.id) for product in products]
    two = f"/admin/products/delete/?id={numbers[0]}&id={numbers[2]}"
    page = text_of(browser.get(two))
    assert "Products: delete 2?" in page
    assert ("Desk" in page, "Lamp" in page, "Rug" in page) == (True, False, True)
    assert session.scalars(select(Product.id)).all()
    token = browser.token(two)
    sent = {"csrf_token": token, "id": [numbers[0], numbers[2]]}
    browser.post("/admin/products/delete/", data=sent)
    assert session.scalars(select(Product.name)).all() == ["Lamp"]


def test_nothing_is_deleted_without_a_selection_or_a_question(
    browser: Browser, grace: User, lamp: Product
) -> None:
    nothing = browser.get("/admin/products/delete/", follow_redirects=True)
    assert "Select what is to be deleted." in text_of(nothing)
    token = browser.token("/account")
    many = {"csrf_token": token, "id": [str(lamp.id)] * 100_000}
    assert browser.post("/admin/products/delete/", data=many).status_code == 400
    action = {"csrf_token": token, "action": "delete", "rowid": str(lamp.id)}
    browser.post("/admin/products/action/", data=action)
    browser.get(f"/admin/products/action/?action=delete&rowid={lamp.id}")
    assert browser.get("/products/lamp").status_code == 200


def test_users_are_listed_searched_and_filtered_and_no_secret_is_shown(
    browser: Browser, grace: User, make_user: MakeUser
) -> None:
    ada = make_user()
    for address in ("/admin/users/", f"/admin/users/edit/?id={ada.id}"):
        page = browser.get(address).text
        assert "password" not in page.lower()
        assert ada.password_hash not in page
        assert "argon2" not in page
    everybody = text_of(browser.get("/admin/users/"))
    for text in ("ada@example.com", "Ada", "grace@example.com", "Grace"):
        assert text in everybody
    assert "ada@example.com" not in browser.get("/admin/users/?search=GRACE").text
    staff = browser.get("/admin/users/?flt0_staff_is=Yes").text
    others = browser.get("/admin/users/?flt0_staff_is=No").text
    assert ("ada@" in staff, "ada@" in others) == (False, True)


def test_a_user_is_changed_and_only_in_what_the_form_has(
    browser: Browser, grace: User, make_user: MakeUser, session: Session
) -> None:
    ada = make_user()
    extra = {"email": "x@example.com", "password_hash": "x", "id": "77"}
    address = f"/admin/users/edit/?id={ada.id}"
    for name in (" ", "two\nlines"):
        assert browser.submit(address, display_name=name, **extra).status_code == 422
    save_user(browser, ada.id, display_name="Countess", is_staff="y", **extra)
    before = ada.password_hash
    session.refresh(ada)
    assert (ada.display_name, ada.is_staff) == ("Countess", True)
    assert (ada.email, ada.password_hash) == ("ada@example.com", before)
    save_user(browser, ada.id, display_name="Countess")
    session.refresh(ada)
    assert ada.is_staff is False


@pytest.mark.parametrize("seen", ["", "x", None])
def test_nobody_gives_back_a_right_that_was_taken_away_meanwhile(
    browser: Browser,
    grace: User,
    make_user: MakeUser,
    session: Session,
    seen: str | None,
) -> None:
    ada = make_user(is_staff=True)
    address = f"/admin/users/edit/?id={ada.id}"
    opened = version(browser, address) if seen is None else seen
    ada.is_staff = False
    session.commit()
    late = {"display_name": "Countess", "is_staff": "y", "version": opened}
    response = browser.submit(address, **late)
    assert response.status_code == 409
    assert "Nothing of yours is saved" in text_of(response)
    session.refresh(ada)
    assert (ada.display_name, ada.is_staff) == ("Ada", False)


def test_who_comes_between_the_look_and_the_save_is_not_overwritten(
    browser: Browser,
    grace: User,
    make_user: MakeUser,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada = make_user(is_staff=True)
    address = f"/admin/users/edit/?id={ada.id}"
    opened = version(browser, address)

    def take_away() -> None:
        ada.is_staff = False
        session.commit()

    meanwhile(monkeypatch, UserView, "save", take_away)
    late = {"display_name": "Countess", "is_staff": "y", "version": opened}
    assert browser.submit(address, **late).status_code == 409
    session.refresh(ada)
    assert (ada.display_name, ada.is_staff) == ("Ada", False)


@pytest.mark.parametrize("page", ["edit", "delete"])
def test_of_two_who_take_each_others_right_one_stays(
    browser: Browser,
    grace: User,
    make_user: MakeUser,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
) -> None:
    ada = make_user(is_staff=True)
    address = f"/admin/users/{page}/?id={ada.id}"
    sent = {"display_name": ada.display_name}
    if page == "edit":
        sent["version"] = version(browser, address)

    def ada_is_faster() -> None:
        grace.is_staff = False
        session.commit()

    meanwhile(monkeypatch, users, "by_staff", ada_is_faster)
    browser.submit(address, **sent)
    assert browser.get("/admin").status_code == 403
    session.expire_all()
    assert ada.is_staff


@pytest.mark.parametrize("action", ["new", "edit"])
def test_a_product_is_not_given_to_who_is_deleted_meanwhile(
    browser: Browser,
    grace: User,
    lamp: Product,
    make_user: MakeUser,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    action: str,
) -> None:
    ada = make_user()

    def delete_ada() -> None:
        session.execute(delete(User).where(User.id == ada.id))
        session.commit()

    address = edit(lamp) if action == "edit" else "/admin/products/new/"
    function = "change_product" if action == "edit" else "add_product"
    meanwhile(monkeypatch, services, function, delete_ada)
    response = browser.submit(address, **fields(owner_email="ada@example.com"))
    assert response.status_code == 422
    assert "There is no account" in text_of(response)


def test_users_are_not_made_here(
    browser: Browser, grace: User, session: Session
) -> None:
    new = {"display_name": "New", "email": "new@example.com"}
    browser.submit("/admin/users/new/", page="/account", **new)
    assert session.scalars(select(User.email)).all() == [grace.email]


def test_a_user_is_deleted_after_a_question_with_their_products(
    browser: Browser, grace: User, lamp: Product, session: Session
) -> None:
    address = f"/admin/users/delete/?id={lamp.owner_id}"
    page = text_of(browser.get(address))
    assert "Delete owner@example.com?" in page
    assert "Their products go too: 1." in page
    browser.submit(address)
    assert session.scalars(select(User.email)).all() == [grace.email]
    assert not session.scalars(select(Product.id)).all()


def test_nobody_deletes_themselves_or_takes_away_their_own_right(
    browser: Browser, grace: User, make_user: MakeUser, session: Session
) -> None:
    ada = make_user()
    for selected in ([grace.id], [ada.id, grace.id]):
        token = browser.token("/account")
        data = {"csrf_token": token, "id": [str(number) for number in selected]}
        browser.post("/admin/users/delete/", data=data)
    refused = browser.submit(f"/admin/users/edit/?id={grace.id}", display_name="Boss")
    assert refused.status_code == 422
    assert "take this away" in text_of(refused)
    session.refresh(grace)
    assert (grace.display_name, grace.is_staff) == ("Grace", True)
    assert len(session.scalars(select(User.id)).all()) == 2


@pytest.mark.parametrize("token", ["", "garbage", "x" * 10_000])
def test_a_form_without_its_token_changes_nothing(
    browser: Browser, grace: User, lamp: Product, token: str, session: Session
) -> None:
    good = browser.token(edit(lamp))
    deletion = f"/admin/products/delete/?id={lamp.id}"
    for address in (edit(lamp), deletion, "/admin/products/new/"):
        sent = fields(name="Evil", csrf_token=token, id=str(lamp.id))
        assert browser.post(address, data=sent).status_code == 403
        separator = "&" if "?" in address else "?"
        in_query = f"{address}{separator}csrf_token={good}"
        assert browser.post(in_query, data=fields()).status_code == 403
        evil = {"Origin": "https://evil.test"}
        sent["csrf_token"] = good
        assert browser.post(address, data=sent, headers=evil).status_code == 403
    assert session.scalars(select(Product.name)).all() == ["Lamp"]


def test_the_panel_keeps_to_the_policy_of_the_site(
    browser: Browser, grace: User, lamp: Product
) -> None:
    policy = browser.get("/").headers["Content-Security-Policy"]
    for path in (
        "/admin/products/",
        "/admin/products/new/",
        edit(lamp),
        f"/admin/products/delete/?id={lamp.id}",
        "/admin/users/",
        f"/admin/users/edit/?id={lamp.owner_id}",
    ):
        page = browser.get(path)
        assert page.status_code == 200
        assert page.headers["Content-Security-Policy"] == policy
        assert not INLINE.search(page.text), path


def test_hostile_text_is_shown_as_text(
    browser: Browser, grace: User, session: Session
) -> None:
    name = "\"'><script>alert(1)</script>{{ 7 * 7 }}"
    product = add(session, grace, name)
    grace.display_name = name
    session.commit()
    for address in (
        f"/admin/products/?search={name}",
        edit(product),
        f"/admin/products/delete/?id={product.id}",
        f"/admin/products/?flt0_stock_is={name}",
        "/admin/users/",
        f"/admin/users/edit/?id={grace.id}",
    ):
        page = browser.get(address)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "{{ 7 * 7 }}" in text_of(page) or "{{ 7 * 7 }}" in page.text


def test_each_change_leaves_a_line_without_values(
    browser: Browser,
    grace: User,
    lamp: Product,
    caplog: pytest.LogCaptureFixture,
    session: Session,
) -> None:
    owner = lamp.owner_id
    with caplog.at_level(logging.INFO, "app.admin"):
        browser.submit("/admin/products/new/", **fields(name="Secret"))
        browser.submit(edit(lamp), **fields(name="Secret"))
        browser.submit(f"/admin/products/delete/?id={lamp.id}")
        save_user(browser, owner, display_name="Secret")
        save_user(browser, owner, display_name="Secret", is_staff="y")
        save_user(browser, owner, display_name="Secret")
        browser.submit(f"/admin/users/delete/?id={owner}")
    lines = [line.message for line in caplog.records if line.name == "app.admin"]
    assert len(lines) == 7
    assert lines[0].startswith(f"user {grace.id} added product ")
    assert lines[1:] == [
        f"user {grace.id} changed product {lamp.id}",
        f"user {grace.id} deleted product {lamp.id}",
        f"user {grace.id} changed user_account {owner}",
        f"user {grace.id} changed user_account {owner}: is_staff on",
        f"user {grace.id} changed user_account {owner}: is_staff off",
        f"user {grace.id} deleted user_account {owner}",
    ]


@pytest.mark.parametrize("table", ["products", "users"])
def test_a_list_asks_as_often_for_one_row_as_for_twenty(
    app: Flask,
    browser: Browser,
    grace: User,
    session: Session,
    make_user: MakeUser,
    table: str,
) -> None:
    with app.app_context():
        engine = db.engine

    def count() -> int:
        asked: list[object] = []

        def note(*arguments: object) -> None:
            asked.append(arguments)

        event.listen(engine, "before_cursor_execute", note)
        assert browser.get(f"/admin/{table}/").status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    add(session, grace)
    one = count()
    for number in range(19):
        add(session, make_user(f"user{number}@example.com"), f"Lamp {number}")
    assert count() == one <= 4
