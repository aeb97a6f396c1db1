"""The admin panel: who may in, lists, changes, and what it never does."""

import logging
import re
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from typing import Any, ClassVar

import pytest
from fastapi import FastAPI
from sqlalchemy import delete, event, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.admin import panel, users
from app.admin.tables import Table
from app.catalogue import services
from app.catalogue.models import Product
from app.database import now
from app.main import create_app
from app.settings import Settings
from tests.browser import Browser, text_of
from tests.conftest import PASSWORD, Mailbox, MakeUser
from tests.people import link_in
from tests.test_catalogue import LAMP, add

PRODUCTS = "/admin/product/list"
USERS = "/admin/user/list"
ADDRESSES = [
    "/admin",
    "/admin/",
    PRODUCTS,
    f"{PRODUCTS}?page=x",
    USERS,
    "/admin/product/create",
    "/admin/product/edit/1",
    "/admin/product/delete?pks=1",
    "/admin/user/edit/1",
    "/admin/nothing",
    "/admin/login",
    "/admin/static/admin.css",
]
# What the policy of the site would block.
INLINE = re.compile(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=")


@pytest.fixture
async def staff(browser: Browser, make_user: MakeUser) -> User:
    """A member of the staff who is logged in, in `browser`."""
    user = await make_user("staff@example.com", is_staff=True)
    await browser.log_in(user.email, PASSWORD)
    return user


def fields_for(owner: User, /, **changes: str) -> dict[str, str]:
    return LAMP | {"owner": owner.email, "version": "1"} | changes


@pytest.mark.parametrize("path", ADDRESSES)
async def test_a_stranger_is_sent_to_log_in(browser: Browser, path: str) -> None:
    response = await browser.get(path)
    assert response.status_code == 303
    target = path.rstrip("/").replace("?", "%3F").replace("=", "%3D")
    assert response.headers["Location"] == f"/login?next={target}"
    sent = await browser.post(path)
    assert sent.headers.get("Location") == "/login" or sent.status_code == 405


@pytest.mark.parametrize("path", ADDRESSES)
async def test_an_ordinary_user_may_not_in(
    browser: Browser, ada: User, path: str
) -> None:
    response = await browser.get(path)
    assert response.status_code == 403
    assert "You may not do that" in response.text
    assert (await browser.post(path)).status_code in {403, 405}
    assert 'href="/admin"' not in (await browser.get("/")).text


async def test_the_staff_finds_the_way_in_and_back(
    browser: Browser, staff: User
) -> None:
    assert 'href="/admin"' in (await browser.get("/")).text
    response = await browser.get("/admin")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    for address in (PRODUCTS, USERS, "/"):
        assert f'href="{address}"' in response.text
    assert (await browser.get("/admin/")).headers["Location"] == "/admin"


async def test_the_staff_finds_the_way_in_after_a_rollback_too(
    browser: Browser, staff: User, make_user: MakeUser, mailbox: Mailbox
) -> None:
    new = {"email": "new@example.com", "password": PASSWORD}
    await browser.submit("/account/email", page="/account", **new)
    await make_user(new["email"])
    response = await browser.get(link_in(mailbox()[0]))
    assert response.status_code == 404
    assert 'href="/admin"' in response.text


async def test_who_is_staff_no_longer_is_out_at_once(
    browser: Browser, staff: User, session: AsyncSession
) -> None:
    assert (await browser.get(PRODUCTS)).status_code == 200
    await session.execute(update(User).values(is_staff=False))
    await session.commit()
    assert (await browser.get(PRODUCTS)).status_code == 403
    await browser.submit("/logout", page="/account")
    assert (await browser.get(PRODUCTS)).status_code == 303


async def test_the_newest_comes_first(
    browser: Browser, staff: User, session: AsyncSession
) -> None:
    for name in ("Lamp", "Desk", "Rug"):
        await add(session, staff, name)
    desk = await session.scalar(select(Product).where(Product.name == "Desk"))
    assert desk
    desk.updated_at = now() + timedelta(minutes=1)
    await session.commit()
    assert await listed(browser, PRODUCTS) == ["Rug", "Desk", "Lamp"]
    by_change = f"{PRODUCTS}?sortBy=updated_at&sort=desc"
    assert (await listed(browser, by_change))[0] == "Desk"
    text = text_of(await browser.get(PRODUCTS))
    for part in ("Products: 3", "19.90", "Staff", "UTC"):
        assert part in text


async def listed(browser: Browser, address: str) -> list[str]:
    """The names in a list, from top to bottom."""
    page = (await browser.get(address)).text
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]*)</a>', page)


async def test_products_are_listed_searched_filtered_and_sorted(
    browser: Browser, staff: User, session: AsyncSession
) -> None:
    await add(session, staff, "100% wool")
    old = await add(session, staff, "Desk")
    old.stock = 0
    old.created_at = now() - timedelta(days=100)
    await session.commit()
    for question, names in {
        "search=SHINES": ["100% wool", "Desk"],
        "search=0%25": ["100% wool"],
        "search=_": [],
        "search=hovercraft": [],
        "stock=in": ["100% wool"],
        "stock=out": ["Desk"],
        "created=7": ["100% wool"],
        "stock=out&created=365": ["Desk"],
        "stock=out&created=7": [],
    }.items():
        assert sorted(await listed(browser, f"{PRODUCTS}?{question}")) == names
    by_name = f"{PRODUCTS}?sortBy=name&sort="
    assert await listed(browser, f"{by_name}asc") == ["100% wool", "Desk"]
    assert await listed(browser, f"{by_name}desc") == ["Desk", "100% wool"]


async def test_there_are_twenty_five_to_a_page(
    browser: Browser, staff: User, session: AsyncSession
) -> None:
    for number in range(26):
        await add(session, staff, f"Lamp {number}")
    first = await browser.get(f"{PRODUCTS}?search=lamp")
    assert first.text.count("<th scope=") == 5 + 25
    assert 'href="?search=lamp&amp;page=2" rel="next"' in first.text
    second = await listed(browser, f"{PRODUCTS}?search=lamp&page=2")
    assert second == ["Lamp 0"]


@pytest.mark.parametrize(
    "question",
    [
        *(f"page={number}" for number in ("0", "-1", "abc", "2", "1.0", "9" * 30)),
        *(f"pageSize={size}" for size in ("0", "-1", "x")),
        "sortBy=password_hash",
        "sortBy=owner.password_hash",
        "stock=x",
        "stock=" + "9" * 40,
        "created=x",
        "search=" + "x" * 201,
        "search=%00",
        "search=%ff",
    ],
)
async def test_what_makes_no_sense_in_an_address_breaks_nothing(
    browser: Browser, staff: User, question: str
) -> None:
    assert (await browser.get(f"{PRODUCTS}?{question}")).status_code in {400, 404}


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.0", "2147483648", "9" * 40, "7"])
async def test_what_is_not_there_is_not_found(
    browser: Browser, staff: User, number: str
) -> None:
    for path in (f"edit/{number}", f"delete?pks={number}"):
        assert (await browser.get(f"/admin/product/{path}")).status_code == 404
    assert (await browser.get("/admin/link/list")).status_code == 404
    assert (await browser.get("/admin/static/nothing.css")).status_code == 404


async def test_a_product_is_added(
    browser: Browser, staff: User, session: AsyncSession, make_user: MakeUser
) -> None:
    ada = await make_user()
    response = await browser.submit("/admin/product/create", **fields_for(ada))
    assert response.headers["Location"] == PRODUCTS
    product = await session.scalar(select(Product))
    assert product
    assert (product.name, product.slug, product.owner_id) == ("Lamp", "lamp", ada.id)


async def test_a_product_is_changed_and_keeps_its_address(
    browser: Browser, staff: User, session: AsyncSession, make_user: MakeUser
) -> None:
    product = await add(session, staff)
    before = product.updated_at
    ada = await make_user()
    address = f"/admin/product/edit/{product.id}"
    page = await browser.get(address)
    for value in ("Lamp", "19.90", "3", "staff@example.com", "1"):
        assert f'value="{value}"' in page.text
    changed = fields_for(ada, name="Torch", price="5", slug="mine", id="77")
    assert (await browser.submit(address, **changed)).status_code == 303
    await session.refresh(product)
    assert (product.name, product.slug, product.version) == ("Torch", "lamp", 2)
    assert product.owner_id == ada.id
    assert product.updated_at > before


@pytest.mark.parametrize("version", ["1", "", "x", "9" * 40])
async def test_nobody_overwrites_what_they_have_not_seen(
    browser: Browser, staff: User, session: AsyncSession, version: str
) -> None:
    product = await add(session, staff)
    address = f"/admin/product/edit/{product.id}"
    await browser.submit(address, **fields_for(staff, name="Theirs"))
    mine = fields_for(staff, name="Mine", version=version)
    response = await browser.submit(address, **mine)
    assert response.status_code == 409
    assert "Somebody changed this product" in response.text
    assert 'value="Mine"' in response.text
    await session.refresh(product)
    assert (product.name, product.version) == ("Theirs", 2)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Give it a name."),
        ("name", "two\nlines", "This has to be one line"),
        ("description", "x" * 5001, "5,000 characters at most"),
        *(
            ("price", value, "A price is a number")
            for value in ("", "x", "-1", "NaN", "1e400", "9" * 100)
        ),
        ("price", "1.234", "two decimal places"),
        *(
            ("stock", value, "Stock is a whole number")
            for value in ("", "1.5", "-1", str(2**63), "9" * 10_000)
        ),
        ("owner", "nobody@example.com", "No account has this address."),
        ("owner", "x", ""),
    ],
)
async def test_a_product_is_changed_by_the_rules_of_the_site(
    browser: Browser,
    staff: User,
    session: AsyncSession,
    field: str,
    value: str,
    sentence: str,
) -> None:
    product = await add(session, staff)
    fields = fields_for(staff, **{field: value})
    for action in ("create", f"edit/{product.id}"):
        response = await browser.submit(f"/admin/product/{action}", **fields)
        assert response.status_code == 422
        assert f'class="error" id="{field}-error"' in response.text
        assert sentence in text_of(response)
    assert await session.scalar(select(func.sum(Product.version))) == 1


async def test_a_product_is_deleted_once_and_after_a_question(
    browser: Browser, staff: User, session: AsyncSession
) -> None:
    product = await add(session, staff)
    await add(session, staff, "Desk")
    address = f"/admin/product/delete?pks={product.id}"
    assert "Delete Lamp?" in text_of(await browser.get(address))
    assert await listed(browser, PRODUCTS) == ["Desk", "Lamp"]
    assert (await browser.submit(address)).headers["Location"] == PRODUCTS
    assert (await browser.submit(address, page="/account")).status_code == 404
    assert await listed(browser, PRODUCTS) == ["Desk"]


async def test_several_products_are_deleted_after_one_question(
    browser: Browser, staff: User, session: AsyncSession
) -> None:
    names = ["Lamp", "Desk", "Rug"]
    ids = [(await add(session, staff, name)).id for name in names]
    address = f"/admin/product/delete?pks={ids[0]}&pks={ids[1]}"
    question = text_of(await browser.get(address))
    assert "Products: delete 2?" in question
    for name in ("Lamp", "Desk"):
        assert name in question
    await browser.submit(address)
    assert await listed(browser, PRODUCTS) == ["Rug"]


async def test_nothing_is_deleted_without_a_selection_or_a_question(
    browser: Browser, staff: User, session: AsyncSession
) -> None:
    product = await add(session, staff)
    for path in ("delete", "delete?pks=", f"delete/{product.id}"):
        data = {"csrf_token": await browser.token("/account")}
        await browser.get(f"/admin/product/{path}")
        await browser.post(f"/admin/product/{path}", data=data)
    await browser.delete(f"/admin/product/delete?pks={product.id}")
    assert await listed(browser, PRODUCTS) == ["Lamp"]
    await browser.get("/admin/product/delete")
    assert "Select what is to be deleted." in text_of(await browser.get(PRODUCTS))


async def test_users_are_not_made_here(browser: Browser, staff: User) -> None:
    assert "/admin/user/create" not in (await browser.get(USERS)).text
    data = {"csrf_token": await browser.token("/account"), "email": "x@example.com"}
    response = await browser.post("/admin/user/create", data=data)
    assert response.status_code == 404


async def test_users_are_listed_searched_and_filtered(
    browser: Browser, staff: User, make_user: MakeUser
) -> None:
    await make_user()
    assert await listed(browser, USERS) == ["ada@example.com", "staff@example.com"]
    assert await listed(browser, f"{USERS}?search=ADA") == ["ada@example.com"]
    assert await listed(browser, f"{USERS}?staff=yes") == ["staff@example.com"]
    assert await listed(browser, f"{USERS}?staff=no") == ["ada@example.com"]


async def test_a_user_is_changed_and_only_in_what_the_form_has(
    browser: Browser, staff: User, session: AsyncSession, make_user: MakeUser
) -> None:
    ada = await make_user()
    before = (ada.email, ada.password_hash)
    extra = {"email": "new@example.com", "password_hash": "x", "id": "77"}
    extra["was_called"] = "Ada"
    response = await browser.submit(
        f"/admin/user/edit/{ada.id}", display_name="Countess", is_staff="y", **extra
    )
    assert response.headers["Location"] == USERS
    await session.refresh(ada)
    assert (ada.display_name, ada.is_staff) == ("Countess", True)
    assert (ada.email, ada.password_hash) == before
    for name, reason in ((" ", "what to call you"), ("two\nlines", "one line")):
        response = await browser.submit(f"/admin/user/edit/{ada.id}", display_name=name)
        assert reason in text_of(response)


@pytest.mark.parametrize("was_staff", [True, False])
async def test_an_old_form_neither_gives_a_right_nor_takes_it(
    browser: Browser,
    staff: User,
    session: AsyncSession,
    make_user: MakeUser,
    was_staff: bool,
) -> None:
    other = await make_user("other@example.com", is_staff=was_staff)
    address = f"/admin/user/edit/{other.id}"
    old = (await browser.get(address)).text
    was = re.search(r'name="was_staff" type="hidden" value="(y?)"', old)
    assert was
    assert ("checked" in old) is was_staff
    other.is_staff = not was_staff
    await session.commit()
    fields = {"display_name": "New", "was_called": "Other", "was_staff": was[1]}
    if was_staff:
        fields["is_staff"] = "y"
    response = await browser.submit(address, **fields)
    assert response.status_code == 409
    assert "Somebody changed this user while you were editing it" in response.text
    await session.refresh(other)
    assert (other.is_staff, other.display_name) == (not was_staff, "Other")


async def test_nobody_overwrites_a_name_that_they_have_not_seen(
    browser: Browser, staff: User, session: AsyncSession, make_user: MakeUser
) -> None:
    ada = await make_user()
    address = f"/admin/user/edit/{ada.id}"
    form = await browser.get(address)
    assert 'name="was_called" type="hidden" value="Ada"' in form.text
    ada.display_name = "Countess"
    await session.commit()
    old = {"display_name": "New", "was_called": "Ada"}
    assert (await browser.submit(address, **old)).status_code == 409
    await session.refresh(ada)
    assert ada.display_name == "Countess"


@pytest.mark.parametrize("page", ["edit/{}", "delete?pks={}"])
async def test_of_two_who_take_each_others_right_one_stays(
    browser: Browser,
    staff: User,
    session: AsyncSession,
    make_user: MakeUser,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
) -> None:
    ada = await make_user(is_staff=True)
    by_staff = users._by_staff

    async def ada_is_faster(*args: Any) -> Any:
        staff.is_staff = False
        await session.commit()
        return await by_staff(*args)

    monkeypatch.setattr(users, "_by_staff", ada_is_faster)
    sent = {"display_name": "Ada", "was_called": "Ada", "was_staff": "y"}
    await browser.submit(f"/admin/user/{page.format(ada.id)}", **sent)
    assert (await browser.get("/admin")).status_code == 403
    await session.refresh(ada)
    assert ada.is_staff


async def test_the_log_tells_which_rights_are_given_and_taken_away(
    browser: Browser,
    staff: User,
    make_user: MakeUser,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "app.admin.changes")
    ada = await make_user()
    address = f"/admin/user/edit/{ada.id}"
    name = {"display_name": "Ada", "was_called": "Ada"}
    await browser.submit(address, **name, is_staff="y")
    await browser.submit(address, **name, is_staff="y", was_staff="y")
    await browser.submit(address, **name, was_staff="y")
    line = f"User {staff.id} changed user {ada.id}"
    lines = [line for line in caplog.messages if line.startswith("User ")]
    assert lines == [f"{line}: is staff now", line, f"{line}: is staff no longer"]


async def test_a_product_for_an_owner_who_goes_at_that_moment_is_not_added(
    browser: Browser,
    staff: User,
    session: AsyncSession,
    make_user: MakeUser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada = await make_user()
    add_product = services.add_product

    async def go_and_add(*args: Any) -> Product:
        await session.execute(delete(User).where(User.id == ada.id))
        await session.commit()
        return await add_product(*args)

    monkeypatch.setattr(services, "add_product", go_and_add)
    response = await browser.submit("/admin/product/create", **fields_for(ada))
    assert response.status_code == 422
    assert "No account has this address." in response.text


async def test_static_files_of_the_staff_are_kept_by_nobody_else(
    browser: Browser, staff: User
) -> None:
    for address in ("admin.css", "admin.css?v=1"):
        headers = (await browser.get(f"/admin/static/{address}")).headers
        assert headers["Cache-Control"].startswith("private, max-age=")


async def test_a_user_is_deleted_after_a_question_with_their_products(
    browser: Browser, staff: User, session: AsyncSession, make_user: MakeUser
) -> None:
    ada = await make_user()
    await add(session, ada)
    address = f"/admin/user/delete?pks={ada.id}"
    assert "All their products are deleted" in text_of(await browser.get(address))
    assert (await browser.submit(address)).status_code == 303
    assert await session.scalar(select(func.count(Product.id))) == 0
    assert await session.scalar(select(func.count(User.id))) == 1


async def test_nobody_deletes_themselves_or_takes_away_their_own_right(
    browser: Browser, staff: User, session: AsyncSession, make_user: MakeUser
) -> None:
    ada = await make_user()
    own = f"/admin/user/edit/{staff.id}"
    response = await browser.submit(own, display_name="Me")
    assert response.status_code == 422
    assert 'id="is_staff-error"' in response.text
    both = f"/admin/user/delete?pks={ada.id}&pks={staff.id}"
    response = await browser.submit(both, page=own)
    assert response.status_code == 403
    assert "You cannot delete your own account" in response.text
    assert await session.scalar(select(func.count(User.id))) == 2
    await session.refresh(staff)
    assert (staff.is_staff, staff.display_name) == (True, "Staff")


@pytest.mark.parametrize("token", [None, "", "garbage", "x" * 10_000])
@pytest.mark.parametrize("action", ["create", "edit/{}", "delete?pks={}"])
async def test_a_form_without_its_token_changes_nothing(
    browser: Browser, staff: User, session: AsyncSession, token: str | None, action: str
) -> None:
    product = await add(session, staff)
    path = f"/admin/product/{action.format(product.id)}"
    data = fields_for(staff, name="Forged")
    if token is not None:
        data["csrf_token"] = token
    assert (await browser.post(path, data=data)).status_code == 403
    right = await browser.token("/account")
    in_query = f"{path}{'&' if '?' in path else '?'}csrf_token={right}"
    assert (await browser.post(in_query, data=data)).status_code == 403
    foreign = {"Origin": "https://evil.test"}
    data["csrf_token"] = right
    response = await browser.post(path, data=data, headers=foreign)
    assert response.status_code == 403
    assert list(await session.scalars(select(Product.name))) == ["Lamp"]


async def test_the_panel_keeps_to_the_policy_of_the_site(
    browser: Browser, staff: User, session: AsyncSession
) -> None:
    lamp = await add(session, staff)
    policy = (await browser.get("/")).headers["Content-Security-Policy"]
    for path in (
        PRODUCTS,
        "/admin/product/create",
        f"/admin/product/edit/{lamp.id}",
        f"/admin/product/delete?pks={lamp.id}",
        USERS,
        f"/admin/user/edit/{staff.id}",
    ):
        page = await browser.get(path)
        assert page.status_code == 200
        assert page.headers["Content-Security-Policy"] == policy
        assert not INLINE.search(page.text), path


async def test_hostile_text_is_shown_as_text(
    browser: Browser, staff: User, session: AsyncSession, make_user: MakeUser
) -> None:
    text = "<script>alert(1)</script>{{ 7 * 7 }}"
    staff.display_name = text
    await session.merge(staff)
    product = await add(session, staff, text)
    await session.commit()
    for path in (
        f"{PRODUCTS}?search=<script>",
        f"/admin/product/edit/{product.id}",
        f"/admin/product/delete?pks={product.id}",
        USERS,
        f"/admin/user/edit/{staff.id}",
    ):
        page = await browser.get(path)
        assert "<script>alert" not in page.text
        assert text in unescape(page.text)


async def test_no_secret_is_shown(
    browser: Browser, staff: User, session: AsyncSession
) -> None:
    product = await add(session, staff)
    for path in (
        "/admin",
        PRODUCTS,
        USERS,
        f"/admin/user/edit/{staff.id}",
        f"/admin/product/edit/{product.id}",
        f"/admin/user/delete?pks={staff.id}",
    ):
        page = (await browser.get(path)).text
        assert staff.password_hash not in page
        assert "argon2" not in page
        assert "password" not in page


async def test_each_change_leaves_a_line_without_values(
    browser: Browser,
    staff: User,
    session: AsyncSession,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "app.admin.changes")
    await browser.submit("/admin/product/create", **fields_for(staff))
    product = await session.scalar(select(Product))
    assert product
    await browser.submit(f"/admin/product/edit/{product.id}", **fields_for(staff))
    await browser.submit(f"/admin/product/delete?pks={product.id}")
    lines = [line for line in caplog.messages if line.startswith("User ")]
    assert lines == [
        f"User {staff.id} {done} product {product.id}"
        for done in ("added", "changed", "deleted")
    ]


@contextmanager
def counted(app: FastAPI) -> Any:
    statements: list[str] = []

    def note(*args: Any) -> None:
        statements.append(args[2])

    engine = app.state.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_a_list_asks_as_often_for_one_row_as_for_twenty(
    app: FastAPI,
    browser: Browser,
    staff: User,
    session: AsyncSession,
    make_user: MakeUser,
) -> None:
    counts = []
    for first, last in ((0, 1), (1, 20)):
        for number in range(first, last):
            owner = await make_user(f"user{number}@example.com")
            await add(session, owner, f"Lamp {number}")
        for address in (PRODUCTS, USERS):
            with counted(app) as statements:
                await browser.get(address)
            counts.append(len(statements))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 5


class PlainTable(Table, model=Product):
    column_list: ClassVar[list[Any]] = [Product.name, Product.owner]
    form_columns: ClassVar[list[Any]] = [Product.name, Product.price, Product.owner]


async def test_another_table_needs_only_its_columns(
    app: FastAPI,
    settings: Settings,
    session: AsyncSession,
    make_user: MakeUser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(panel, "TABLES", [PlainTable])
    staff = await make_user("staff@example.com", is_staff=True)
    product = await add(session, staff)
    other = create_app(settings)
    async with Browser(other) as browser:
        await browser.log_in(staff.email, PASSWORD)
        assert await listed(browser, PRODUCTS) == ["Lamp"]
        address = f"/admin/product/edit/{product.id}"
        fields = {"name": "Torch", "owner": str(staff.id)}
        response = await browser.submit(address, **fields, price="x")
        assert 'id="price-error"' in response.text
        response = await browser.submit(address, **fields, price="5.50")
        assert response.status_code == 303
        assert await listed(browser, PRODUCTS) == ["Torch"]
        # Without a slug, which has to be there.
        response = await browser.submit("/admin/product/create", **fields, price="5.50")
        assert "does not go with what is stored" in response.text
    await other.state.engine.dispose()
