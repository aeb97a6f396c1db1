"""The products by API: listed, found, added, changed, deleted."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import delete, event, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.catalogue import services
from app.catalogue.models import Product
from tests.client import Client
from tests.fixtures_api import (
    LAMP,
    MakeProgram,
    Program,
    assert_problem,
    fields_of,
)


@contextmanager
def counted_queries(app: FastAPI) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        statements.append(statement)

    engine = app.state.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


async def test_a_product_is_added_and_read(program: Program, client: Client) -> None:
    added = await program.post("/api/products", json=LAMP | {"price": "19.9"})
    assert added.status_code == 201
    product = added.json()
    path = f"/api/products/{product['id']}"
    assert (added.headers["Location"], added.headers["ETag"]) == (path, '"1"')
    read = await client.get(path)
    assert (read.status_code, read.headers["ETag"]) == (200, '"1"')
    assert read.json() == product
    created_at, updated_at = product.pop("created_at"), product.pop("updated_at")
    assert created_at.endswith("Z")
    assert updated_at.endswith("Z")
    assert product == LAMP | {
        "id": product["id"],
        "slug": "lamp",
        "owner": "Ada",
        "version": 1,
    }


@pytest.mark.parametrize("shallow", [services.SHALLOW, 0])
async def test_products_are_listed_page_by_page_the_newest_first(
    program: Program, client: Client, monkeypatch: pytest.MonkeyPatch, shallow: int
) -> None:
    monkeypatch.setattr(services, "SHALLOW", shallow)
    for number in range(5):
        await program.add(name=f"Lamp {number}")
    first = (await client.get("/api/products?page_size=2")).json()
    names = [product["name"] for product in first.pop("items")]
    assert names == ["Lamp 4", "Lamp 3"]
    assert first == {"total": 5, "page": 1, "page_size": 2, "pages": 3}
    last = (await client.get("/api/products?page_size=2&page=3")).json()
    assert [product["name"] for product in last["items"]] == ["Lamp 0"]
    found = (await client.get("/api/products?page_size=1&page=4&q=lamp")).json()
    assert [product["name"] for product in found["items"]] == ["Lamp 1"]
    assert found["items"][0]["owner"] == "Ada"
    whole = (await client.get("/api/products")).json()
    assert (whole["page_size"], len(whole["items"])) == (20, 5)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page=2", 404),
        ("page=1000000000", 404),
        *((f"page={text}", 422) for text in ["0", "-1", "abc", "", "1.0", "1_0"]),
        ("page=1000000000000000000", 422),
        ("page_size=0", 422),
        ("page_size=101", 422),
        ("q=" + "x" * 201, 422),
    ],
)
async def test_a_page_that_is_not_there_is_a_problem(
    client: Client, query: str, status: int
) -> None:
    assert_problem(await client.get(f"/api/products?{query}"), status)


async def test_an_empty_list_has_no_pages(client: Client) -> None:
    page = (await client.get("/api/products?q=hovercraft")).json()
    expected = {"items": [], "total": 0, "page": 1, "page_size": 20, "pages": 0}
    assert page == expected


async def test_a_search_finds_names_and_descriptions(
    program: Program, client: Client
) -> None:
    await program.add(name="Desk")
    await program.add(name="100% wool_rug", description="Soft.")
    for search, total in (("SHINES", 1), ("desk", 1), ("0%25", 1), ("l_r", 1)):
        page = (await client.get(f"/api/products?q={search}")).json()
        assert page["total"] == total


@pytest.mark.parametrize("text", ["' OR 1=1 --", "%' OR '%'='", "\\' OR 1=1 --"])
async def test_a_search_is_text_and_never_sql(
    program: Program, client: Client, text: str
) -> None:
    await program.add()
    found = await client.get("/api/products", params={"q": text})
    assert found.json()["total"] == 0


async def test_a_longer_list_takes_no_more_queries(
    app: FastAPI, program: Program, other_program: Program, client: Client
) -> None:
    counts = []
    for _ in range(2):
        await program.add()
        with counted_queries(app) as queries:
            await client.get("/api/products")
        counts.append(len(queries))
        for number in range(19):
            await other_program.add(name=f"Lamp {number}")
    assert counts == [2, 2]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("number", "status"),
    [("1", 404), ("2147483647", 404), ("2147483648", 422), ("0", 422), ("x", 422)],
)
async def test_a_product_that_is_not_there_is_a_problem(
    program: Program, method: str, number: str, status: int
) -> None:
    body = LAMP if method in {"PUT", "PATCH"} else None
    response = await program.request(method, f"/api/products/{number}", json=body)
    assert_problem(response, status)


async def test_all_or_some_of_a_product_is_changed(program: Program) -> None:
    product = await program.add()
    path = f"/api/products/{product['id']}"
    response = await program.patch(path, json={"stock": 5.0})
    assert (response.status_code, response.headers["ETag"]) == (200, '"2"')
    changed = response.json()
    assert changed["updated_at"] > product["updated_at"]
    assert changed | {"updated_at": ""} == product | {
        "stock": 5,
        "version": 2,
        "updated_at": "",
    }
    whole = {"name": "Torch", "price": "5", "stock": 0}
    response = await program.put(path, json=whole)
    assert response.json()["description"] == ""
    assert response.json()["price"] == "5.00"
    assert response.json() == (await program.get(path)).json()


async def test_no_change_is_no_new_version(program: Program) -> None:
    product = await program.add()
    response = await program.patch(f"/api/products/{product['id']}", json={})
    assert response.status_code == 200
    assert response.json() == product


async def test_a_product_is_deleted_once(program: Program) -> None:
    path = f"/api/products/{(await program.add())['id']}"
    assert (await program.delete(path)).status_code == 204
    assert_problem(await program.delete(path), 404)
    assert_problem(await program.get(path), 404)


async def test_what_is_meant_for_a_deleted_product_does_not_hit_the_next_one(
    program: Program,
) -> None:
    first = await program.add()
    path = f"/api/products/{first['id']}"
    await program.delete(path)
    second = await program.add()
    assert second["id"] != first["id"]
    assert_problem(await program.delete(path, headers={"If-Match": '"1"'}), 404)


async def test_who_is_deleted_while_adding_a_product_is_told_so(
    program: Program, session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_product = services.add_product

    async def go_and_add(*args: Any) -> Product:
        await session.execute(delete(User))
        await session.commit()
        return await add_product(*args)

    monkeypatch.setattr(services, "add_product", go_and_add)
    assert_problem(await program.post("/api/products", json=LAMP), 401)


async def test_others_may_not_change_it_but_the_staff_may(
    program: Program, other_program: Program, make_program: MakeProgram
) -> None:
    path = f"/api/products/{(await program.add())['id']}"
    # What it is that they may not do, does not matter.
    for method, body in (("PUT", LAMP), ("PATCH", {"x": 1}), ("DELETE", None)):
        assert_problem(await other_program.request(method, path, json=body), 403)
    staff = await make_program("staff@example.com", is_staff=True)
    changed = await staff.patch(path, json={"stock": 0})
    assert (changed.status_code, changed.json()["owner"]) == (200, "Ada")
    assert (await staff.delete(path)).status_code == 204


# Versions


@pytest.mark.parametrize(
    "condition", ['"1"', "*", ' "0" , "1"', 'W/"1", "1"', '"a,b","1"', ',"1",']
)
async def test_the_version_that_was_seen_is_changed(
    program: Program, condition: str
) -> None:
    path = f"/api/products/{(await program.add())['id']}"
    headers = {"If-Match": condition}
    response = await program.patch(path, json={"stock": 1}, headers=headers)
    assert response.status_code == 200
    headers = {"If-Match": condition.replace("1", "2")}
    assert (await program.delete(path, headers=headers)).status_code == 204


@pytest.mark.parametrize(
    "condition", ['"0"', 'W/"1"', "1", '"01"', '"1', '"1" x', "", '"*"', "*, *"]
)
async def test_another_version_is_not_changed(program: Program, condition: str) -> None:
    product = await program.add()
    path = f"/api/products/{product['id']}"
    headers = {"If-Match": condition}
    for method, body in (("PUT", LAMP), ("PATCH", {}), ("DELETE", None)):
        response = await program.request(method, path, json=body, headers=headers)
        assert_problem(response, 412)
    assert (await program.get(path)).json() == product


async def test_of_many_changes_of_a_version_one_counts(program: Program) -> None:
    path = f"/api/products/{(await program.add())['id']}"
    headers = {"If-Match": '"1"'}
    answers = await asyncio.gather(
        *(
            program.patch(path, json={"stock": number}, headers=headers)
            for number in range(8)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7


async def test_without_a_condition_every_change_is_a_version(program: Program) -> None:
    path = f"/api/products/{(await program.add())['id']}"
    answers = await asyncio.gather(
        *(program.patch(path, json={"stock": number}) for number in range(8))
    )
    versions = sorted(answer.json()["version"] for answer in answers)
    assert versions == list(range(2, 10))


# What will not do


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("name", value) for value in ["", " \t", "x" * 121, "a\0b", 1, None]),
        *(("name", value) for value in ["a\nb", "\x85a", "\x1b"]),
        *(("description", value) for value in ["x" * 5001, "\0", 1]),
        *(("price", value) for value in ["", "x", "-1", "-0", "1.234", "1000000"]),
        *(("price", value) for value in ["NaN", "1e3", " 1", "1\n", "１", 19.9, 1]),
        *(("stock", value) for value in [-1, 1000001, 1.5, "5", True, 2**63, None]),
        *(("stock", value) for value in [10**40, [], {}]),
        ("owner", "Grace"),
    ],
)
async def test_what_does_not_fit_is_refused_with_its_field(
    program: Program, session: AsyncSession, field: str, value: object
) -> None:
    response = await program.post("/api/products", json=LAMP | {field: value})
    assert fields_of(response) == [field]
    assert await session.scalar(select(func.count(Product.id))) == 0


async def test_everything_that_is_missing_is_told(program: Program) -> None:
    response = await program.post("/api/products", json={})
    assert fields_of(response) == ["name", "price", "stock"]


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
        "\u200b",
    ],
)
async def test_text_is_kept_as_it_came(program: Program, text: str) -> None:
    product = await program.add(name=text, description=f"{text}\r\n{text}")
    assert product["name"] == text
    assert product["description"] == f"{text}\r\n{text}"
