"""The products: listed, found, added, changed, deleted."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.catalogue import services
from app.catalogue.models import Product
from app.catalogue.services import ProductValues
from tests.browser import Browser, text_of
from tests.conftest import PASSWORD, MakeUser

LAMP = {"name": "Lamp", "description": "It shines.", "price": "19.90", "stock": "3"}


async def add(session: AsyncSession, owner: User, name: str = "Lamp") -> Product:
    values = ProductValues(
        name=name, description="It shines.", price=Decimal("19.90"), stock=3
    )
    return await services.add_product(session, owner, values)


async def test_there_are_twelve_to_a_page_and_links_between_pages(
    browser: Browser, session: AsyncSession, make_user: MakeUser
) -> None:
    owner = await make_user()
    for number in range(13):
        await add(session, owner, f"Lamp {number}")
    first = await browser.get("/products")
    assert first.text.count('class="card"') == 12
    assert 'href="/products?page=2" rel="next"' in first.text
    second = await browser.get("/products?page=2")
    assert second.text.count('class="card"') == 1
    assert 'href="/products?page=1" rel="prev"' in second.text
    assert "Lamp 0" in second.text


@pytest.mark.parametrize("number", ["0", "-1", "abc", "2", "1000000000000000000", ""])
async def test_a_page_that_is_not_there_is_not_found(
    browser: Browser, number: str
) -> None:
    response = await browser.get(f"/products?page={number}")
    assert response.status_code == 404


async def test_a_search_finds_names_and_descriptions(
    browser: Browser, session: AsyncSession, make_user: MakeUser
) -> None:
    owner = await make_user()
    await add(session, owner, "Desk")
    await add(session, owner, "100% wool_rug")
    assert "2 for “SHINES”" in text_of(await browser.get("/products?q=SHINES"))
    assert "1 for “" in text_of(await browser.get("/products?q=desk"))
    assert "1 for “" in text_of(await browser.get("/products?q=0%25"))
    assert "1 for “" in text_of(await browser.get("/products?q=l_r"))
    none = text_of(await browser.get("/products?q=<b>hovercraft"))
    assert "Nothing matches “<b>hovercraft”" in none


@pytest.mark.parametrize("text", ["' OR 1=1 --", "%' OR '%'='", "\\' OR 1=1 --"])
async def test_a_search_is_text_and_never_sql(
    browser: Browser, session: AsyncSession, ada: User, text: str
) -> None:
    await add(session, ada)
    page = await browser.get("/products", params={"q": text})
    assert f"Nothing matches “{text}”" in text_of(page)


async def test_a_product_that_is_not_there_is_not_found(browser: Browser) -> None:
    assert (await browser.get("/products/nothing")).status_code == 404


@pytest.mark.parametrize("action", ["new", "lamp/edit", "lamp/delete"])
async def test_a_stranger_is_sent_to_log_in_and_back(
    browser: Browser, session: AsyncSession, make_user: MakeUser, action: str
) -> None:
    user = await make_user()
    await add(session, user)
    response = await browser.get(f"/products/{action}")
    assert response.status_code == 303
    assert response.headers["Location"] == f"/login?next=/products/{action}"
    response = await browser.submit(
        "/login",
        page=response.headers["Location"],
        next=f"/products/{action}",
        email=user.email,
        password=PASSWORD,
    )
    assert response.headers["Location"] == f"/products/{action}"


async def test_a_product_is_added(browser: Browser, ada: User) -> None:
    response = await browser.submit("/products/new", **LAMP)
    assert response.status_code == 303
    assert response.headers["Location"] == "/products/lamp"
    page = text_of(await browser.get("/products/lamp"))
    for text in ("Lamp", "It shines.", "19.90", "3 in stock", "Ada", "is added"):
        assert text in page
    assert "is added" not in text_of(await browser.get("/products/lamp"))


async def test_each_product_has_an_address_of_its_own(
    browser: Browser, ada: User
) -> None:
    names = ["Café chair", "Cafe Chair!", "New", "灯", "   -   "]
    addresses = [
        (await browser.submit("/products/new", **LAMP | {"name": name})).headers[
            "Location"
        ]
        for name in names
    ]
    assert addresses == [
        "/products/cafe-chair",
        "/products/cafe-chair-2",
        "/products/new-2",
        "/products/product",
        "/products/product-2",
    ]


async def test_products_of_one_name_at_the_same_time_do_not_collide(
    browser: Browser, ada: User
) -> None:
    data = LAMP | {"csrf_token": await browser.token("/account")}
    answers = await asyncio.gather(
        *(browser.post("/products/new", data=data) for _ in range(16))
    )
    assert len({answer.headers["Location"] for answer in answers}) == 16


async def test_who_is_deleted_while_adding_a_product_has_to_log_in(
    browser: Browser, ada: User, session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_product = services.add_product

    async def go_and_add(*args: Any) -> Product:
        await session.execute(delete(User))
        await session.commit()
        return await add_product(*args)

    monkeypatch.setattr(services, "add_product", go_and_add)
    response = await browser.submit("/products/new", **LAMP)
    assert (response.status_code, response.headers["Location"]) == (303, "/login")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "  "),
        ("name", "x" * 121),
        ("name", "two\nlines"),
        ("name", "a\x9f"),
        ("description", "x" * 5001),
        *(
            ("price", value)
            for value in ["", "x", "-1", "-0", "1.234", "1000000", "1e400", "NaN"]
        ),
        ("price", "Infinity"),
        ("price", "9" * 100),
        *(("stock", value) for value in ["", "1.5", "-1", "1000001", str(2**63)]),
        ("stock", "9" * 10_000),
    ],
)
async def test_what_does_not_fit_is_refused_beside_its_field(
    browser: Browser, ada: User, session: AsyncSession, field: str, value: str
) -> None:
    response = await browser.submit("/products/new", **LAMP | {field: value})
    assert response.status_code == 422
    assert f'class="error" id="{field}-error"' in response.text
    assert f'aria-describedby="{field}' in response.text
    assert 'aria-invalid="true"' in response.text
    assert await session.scalar(select(func.count(Product.id))) == 0


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "{{ 7 * 7 }}",
        "' OR 1=1 --",
        "\u202eright to left",
        "👩‍👩‍👧‍👦 family",
        "e" + "\u0301" * 100,
        " edges ",
    ],
)
async def test_text_is_kept_and_shown_as_it_came(
    browser: Browser, ada: User, session: AsyncSession, text: str
) -> None:
    response = await browser.submit("/products/new", **LAMP | {"name": text})
    assert response.status_code == 303
    page = await browser.get(response.headers["Location"])
    assert f"<h1>{text}</h1>" not in page.text or "<" not in text
    assert text in text_of(page)
    assert await session.scalar(select(Product.name)) == text


async def test_fields_that_are_not_in_the_form_have_no_effect(
    browser: Browser, ada: User, session: AsyncSession
) -> None:
    extra = {"id": "77", "owner_id": "78", "version": "79", "slug": "mine"}
    await browser.submit("/products/new", **LAMP | extra)
    product = await session.scalar(select(Product))
    assert product
    assert (product.owner_id, product.version, product.slug) == (ada.id, 1, "lamp")


async def test_an_owner_changes_a_product(
    browser: Browser, ada: User, session: AsyncSession
) -> None:
    await add(session, ada)
    changed = LAMP | {"name": "Torch", "price": "5", "version": "1"}
    response = await browser.submit("/products/lamp/edit", **changed)
    assert response.status_code == 303
    page = text_of(await browser.get("/products/lamp"))
    assert "Torch" in page
    assert "5.00" in page


async def test_others_may_not_change_it_but_the_staff_may(
    browser: Browser, ada: User, session: AsyncSession, make_user: MakeUser
) -> None:
    await add(session, await make_user("grace@example.com"))
    token = await browser.token("/account")
    for action in ("edit", "delete"):
        path = f"/products/lamp/{action}"
        assert (await browser.get(path)).status_code == 403
        data = LAMP | {"csrf_token": token, "version": "1"}
        assert (await browser.post(path, data=data)).status_code == 403
    staff = await make_user("staff@example.com", is_staff=True)
    await browser.log_in(staff.email, PASSWORD)
    response = await browser.submit("/products/lamp/edit", **LAMP | {"version": "1"})
    assert response.status_code == 303


@pytest.mark.parametrize("version", ["1", "", "x", "9" * 40])
async def test_nobody_overwrites_what_they_have_not_seen(
    browser: Browser, ada: User, session: AsyncSession, version: str
) -> None:
    await add(session, ada)
    theirs = LAMP | {"name": "Theirs", "version": "1"}
    await browser.submit("/products/lamp/edit", **theirs)
    mine = LAMP | {"name": "Mine", "version": version}
    response = await browser.submit("/products/lamp/edit", **mine)
    assert response.status_code == 409
    assert 'value="Mine"' in response.text
    assert "<p>Theirs</p>" in response.text
    assert 'name="version" value="2"' in response.text
    response = await browser.submit("/products/lamp/edit", **mine | {"version": "2"})
    assert response.status_code == 303
    assert "Mine" in text_of(await browser.get("/products/lamp"))


async def test_a_product_is_deleted_once_and_after_a_question(
    browser: Browser, ada: User, session: AsyncSession
) -> None:
    await add(session, ada)
    assert "Delete Lamp?" in text_of(await browser.get("/products/lamp/delete"))
    assert (await browser.get("/products/lamp")).status_code == 200
    first = await browser.submit("/products/lamp/delete")
    assert first.headers["Location"] == "/products"
    second = await browser.submit("/products/lamp/delete", page="/account")
    assert second.status_code == 404
