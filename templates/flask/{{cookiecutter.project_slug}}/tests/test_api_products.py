"""The products, for programs."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import delete, event, func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.api import products as views
from app.catalogue import services
from app.catalogue.models import Product
from app.database import db
from tests.api import LAMP, body, fields, problem, program_for
from tests.conftest import MakeUser
from tests.people import meanwhile


def test_a_product_is_added_and_read(app: Flask, make_user: MakeUser) -> None:
    response = program_for(app, make_user()).post("/products", LAMP)
    assert response.status_code == 201
    product = body(response)
    path = response.headers["Location"]
    assert path == f"/api/products/{product['id']}"
    assert response.headers["ETag"] == '"1"'
    created = datetime.fromisoformat(product["created_at"])
    assert created.tzinfo == UTC
    assert abs((datetime.now(UTC) - created).total_seconds()) < 60
    assert product | {"id": 0, "created_at": "", "updated_at": ""} == LAMP | {
        "id": 0,
        "slug": "lamp",
        "owner": "Ada",
        "created_at": "",
        "updated_at": "",
        "version": 1,
    }
    read = program_for(app).get(path.removeprefix("/api"))
    assert (read.status_code, body(read)) == (200, product)
    assert read.headers["ETag"] == '"1"'


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "\u202eback",
        "👩‍👩‍👧‍👦",
        " edges ",
        "\u200b",
    ],
)
def test_text_is_kept_as_it_came(app: Flask, make_user: MakeUser, text: str) -> None:
    lines = f"{text}\r\n{text}"
    product = program_for(app, make_user()).add(name=text, description=lines)
    assert (product["name"], product["description"]) == (text, lines)


def test_a_list_has_pages(app: Flask, make_user: MakeUser) -> None:
    program = program_for(app, make_user())
    for number in range(5):
        program.add(name=f"Lamp {number}")
    page = body(program_for(app).get("/products?page=2&page_size=2"))
    assert [item["name"] for item in page.pop("items")] == ["Lamp 2", "Lamp 1"]
    assert page == {"total": 5, "page": 2, "page_size": 2, "pages": 3}
    everything = body(program_for(app).get("/products"))
    assert (len(everything["items"]), everything["page_size"]) == (5, 20)
    problem(program_for(app).get("/products?page=4&page_size=2"), 404)


def test_a_search_finds_names_and_descriptions(app: Flask, make_user: MakeUser) -> None:
    program = program_for(app, make_user())
    program.add(name="Desk")
    program.add(name="100% wool_rug", description="Soft.")
    for text, total in (("SHINES", 1), ("0%25", 1), ("l_r", 1), ("hovercraft", 0)):
        page = body(program_for(app).get(f"/products?q={text}"))
        assert (page["total"], len(page["items"])) == (total, total)


@pytest.mark.parametrize("text", ["' OR 1=1 --", "%' OR '%'='", "\\' OR 1=1 --"])
def test_a_search_is_text_and_never_sql(
    app: Flask, make_user: MakeUser, text: str
) -> None:
    program_for(app, make_user()).add()
    found = program_for(app).get(f"/products?{urlencode({'q': text})}")
    assert body(found)["total"] == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("page", value) for value in ["0", "-1", "abc", "1.5", "", "9" * 19, "+1"]),
        *(("page_size", value) for value in ["0", "101", "x"]),
        ("q", "x" * 201),
    ],
)
def test_what_no_list_can_be_asked_for_is_refused(
    app: Flask, name: str, value: str
) -> None:
    response = program_for(app).get("/products", query_string={name: value})
    assert list(fields(response)) == [name]


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []

    def count(*facts: object) -> None:
        statements.append(str(facts[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", count)


def test_a_long_list_asks_the_database_no_more_than_a_short_one(
    app: Flask, make_user: MakeUser
) -> None:
    program, counts = program_for(app, make_user()), []
    for products in (1, 19):
        for _ in range(products):
            program.add()
        with counted(app) as statements:
            assert program_for(app).get("/products").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 2


def test_a_page_that_is_far_back_is_found_with_the_index(
    app: Flask, make_user: MakeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "DEEP", 2)
    program = program_for(app, make_user())
    for number in range(6):
        program.add(name=f"Lamp {number}")
    program.add(name="Desk")
    with counted(app) as statements:
        page = body(program.get("/products?page=3&page_size=2&q=lamp"))
    assert [item["name"] for item in page["items"]] == ["Lamp 1", "Lamp 0"]
    assert (page["total"], page["pages"]) == (6, 3)
    assert len([one for one in statements if "product.id IN (SELECT" in one]) == 1


def test_who_is_deleted_meanwhile_adds_nothing(
    app: Flask, make_user: MakeUser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def delete_user() -> None:
        session.execute(delete(User))
        session.commit()

    program = program_for(app, make_user())
    meanwhile(monkeypatch, services, "free_slug", delete_user)
    problem(program.post("/products", LAMP), 401)


def test_what_is_deleted_as_soon_as_it_is_stored_is_not_found(
    app: Flask, make_user: MakeUser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def delete_product() -> None:
        session.execute(delete(Product))
        session.commit()

    program = program_for(app, make_user())
    meanwhile(monkeypatch, views, "answer", delete_product)
    problem(program.post("/products", LAMP), 404)
    path = f"/products/{program.add()['id']}"
    meanwhile(monkeypatch, views, "answer", delete_product)
    problem(program.put(path, LAMP), 404)


def test_a_product_is_changed_as_a_whole_or_in_part(
    app: Flask, make_user: MakeUser
) -> None:
    program = program_for(app, make_user())
    path = f"/products/{program.add()['id']}"
    whole = program.put(path, {"name": "Torch", "price": "5", "stock": 5.0})
    assert (whole.status_code, whole.headers["ETag"]) == (200, '"2"')
    changed = body(whole)
    assert (changed["name"], changed["description"]) == ("Torch", "")
    assert (changed["price"], changed["stock"], changed["slug"]) == ("5.00", 5, "lamp")
    part = program.patch(path, {"stock": 0})
    assert (part.status_code, part.headers["ETag"]) == (200, '"3"')
    assert (body(part)["name"], body(part)["stock"]) == ("Torch", 0)
    nothing = program.patch(path, {})
    assert (nothing.status_code, body(nothing)) == (200, body(part))


def test_a_product_is_deleted_once(app: Flask, make_user: MakeUser) -> None:
    program = program_for(app, make_user())
    path = f"/products/{program.add()['id']}"
    deleted = program.delete(path)
    assert (deleted.status_code, deleted.data) == (204, b"")
    problem(program.get(path), 404)
    problem(program.delete(path), 404)


def test_writing_takes_a_token_and_the_body_of_a_stranger_is_not_looked_at(
    app: Flask, make_user: MakeUser, session: Session
) -> None:
    path = f"/products/{program_for(app, make_user()).add()['id']}"
    stranger = program_for(app)
    for method, target in (
        ("POST", "/products"),
        ("PUT", path),
        ("PATCH", path),
        ("DELETE", path),
    ):
        problem(stranger.send(method, target, {"nonsense": True}), 401)
    assert session.scalar(select(func.count(Product.id))) == 1


def test_others_may_not_change_it_but_the_staff_may(
    app: Flask, make_user: MakeUser
) -> None:
    path = f"/products/{program_for(app, make_user()).add()['id']}"
    other = program_for(app, make_user("grace@example.com"))
    problem(other.put(path, LAMP), 403)
    problem(other.patch(path, {"stock": 1}), 403)
    problem(other.delete(path), 403)
    staff = program_for(app, make_user("staff@example.com", is_staff=True))
    assert staff.patch(path, {"stock": 1}).status_code == 200
    assert staff.delete(path).status_code == 204


@pytest.mark.parametrize("tags", ['"2"', "*", ' "1" , "2"', 'W/"1", "2"'])
def test_the_version_that_was_read_is_changed(
    app: Flask, make_user: MakeUser, tags: str
) -> None:
    program = program_for(app, make_user())
    path = f"/products/{program.add()['id']}"
    program.patch(path, {"stock": 9})
    answer = program.patch(path, {"stock": 8}, headers={"If-Match": tags})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"3"')
    gone = program.delete(path, headers={"If-Match": '"3"'})
    assert gone.status_code == 204


@pytest.mark.parametrize("tags", ['"1"', 'W/"2"', "2", "", '"2', '"1", 2', "two"])
def test_another_version_is_not_changed(
    app: Flask, make_user: MakeUser, tags: str
) -> None:
    program = program_for(app, make_user())
    path = f"/products/{program.add()['id']}"
    program.patch(path, {"stock": 9})
    headers = {"If-Match": tags}
    problem(program.put(path, LAMP, headers=headers), 412)
    problem(program.patch(path, {}, headers=headers), 412)
    problem(program.delete(path, headers=headers), 412)
    assert body(program.get(path))["version"] == 2


def test_of_many_changes_of_one_version_one_is_made(
    app: Flask, make_user: MakeUser
) -> None:
    program = program_for(app, make_user())
    path = f"/products/{program.add()['id']}"

    def change(headers: dict[str, str]) -> int:
        own = program_for(app)
        own.token = program.token
        return own.patch(path, {"stock": 1}, headers=headers).status_code

    with ThreadPoolExecutor(8) as threads:
        answers = sorted(threads.map(change, [{"If-Match": '"1"'}] * 8))
        assert answers == [200] + [412] * 7
        assert list(threads.map(change, [{}] * 8)) == [200] * 8
    assert body(program.get(path))["version"] == 10


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("name", value) for value in ["", " \t", "x" * 121, "a\0", 5, None]),
        *(("name", value) for value in ["a\nb", "\x85a", "\x1b"]),
        *(("description", value) for value in ["x" * 5001, "\0", 5, None]),
        *(("price", value) for value in ["", "-1", "-0", "1.234", "1e2", "NaN", " 1"]),
        *(("price", value) for value in ["1000000", "0000001", "٣", "1\n", 5, 19.9]),
        *(("stock", value) for value in ["5", True, 1.5, -1, 1000001, 2**63, 10**40]),
        *(("stock", value) for value in (None, [1], {"a": 1})),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(
    app: Flask, make_user: MakeUser, session: Session, field: str, value: object
) -> None:
    program = program_for(app, make_user())
    response = program.post("/products", LAMP | {field: value})
    assert list(fields(response)) == [field]
    assert session.scalar(select(func.count(Product.id))) == 0


def test_fields_that_are_missing_or_unknown_are_named(
    app: Flask, make_user: MakeUser
) -> None:
    response = program_for(app, make_user()).post(
        "/products", {"name": "Lamp", "price": "1", "version": 7}
    )
    assert fields(response) == {
        "stock": "This is missing.",
        "version": "There is no such field.",
    }


@pytest.mark.parametrize("id", ["0", "-1", "abc", "2147483648", "9" * 30, "1.0"])
def test_what_can_be_no_number_of_a_product_is_refused(app: Flask, id: str) -> None:
    assert list(fields(program_for(app).get(f"/products/{id}"))) == ["id"]
    problem(program_for(app).get("/products/2147483647"), 404)
