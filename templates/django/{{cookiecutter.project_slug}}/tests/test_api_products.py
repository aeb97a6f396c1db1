"""Products by API: reading, and changing one's own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from api import tokens
from catalogue import paging, rules
from catalogue.models import Product
from tests.programs import PRODUCT, Program, is_problem, program_of, wrong_fields

pytestmark = pytest.mark.django_db


def make(owner: User, number: int) -> None:
    for count in range(number):
        Product.objects.create(name=f"Thing {count}", price=1, stock=1, owner=owner)


def path_of(product: Product) -> str:
    return f"/api/products/{product.pk}"


# Reading


def test_a_product_is_read_without_a_token(lamp: Product) -> None:
    response = Program().send("GET", path_of(lamp))
    assert response.status_code == 200
    assert response["ETag"] == '"1"'
    found = response.json()
    for moment in (found.pop("created_at"), found.pop("updated_at")):
        assert moment.endswith("Z")
        assert datetime.fromisoformat(moment)
    assert found == {
        "id": lamp.pk,
        "slug": "desk-lamp",
        "name": "Desk lamp",
        "description": "Turns.",
        "price": "64.00",
        "stock": 3,
        "owner": "Ann",
        "version": 1,
    }


def test_head_is_like_get_without_a_body(lamp: Product) -> None:
    for path in ("/api/products", path_of(lamp), "/api/openapi.json", "/api/docs"):
        response = Program().send("HEAD", path)
        assert response.status_code == 200
        assert not response.content


def test_products_come_newest_first_and_twenty_to_a_page(ann: User) -> None:
    make(ann, 45)
    first = Program().send("GET", "/api/products").json()
    names = [product["name"] for product in first.pop("items")]
    assert names == [f"Thing {number}" for number in range(44, 24, -1)]
    assert first == {"total": 45, "page": 1, "page_size": 20, "pages": 3}
    last = Program().send("GET", "/api/products?page=5&page_size=10").json()
    assert len(last.pop("items")) == 5
    assert last == {"total": 45, "page": 5, "page_size": 10, "pages": 5}


def test_a_catalogue_without_products_has_an_empty_first_page() -> None:
    response = Program().send("GET", "/api/products")
    assert response.json() == {
        "items": [],
        "total": 0,
        "page": 1,
        "page_size": 20,
        "pages": 0,
    }


@pytest.mark.parametrize("page", ["0", "-1", "abc", "", "1.5", "+1", " 1", str(10**18)])
def test_a_page_that_cannot_be_is_refused(lamp: Product, page: str) -> None:
    response = Program().get("/api/products", {"page": page})
    assert wrong_fields(response) == ["page"]
    response = Program().get("/api/products", {"page_size": page})
    assert wrong_fields(response) == ["page_size"]


@pytest.mark.parametrize("page", ["2", str(10**9)])
def test_a_page_beyond_the_last_is_not_found(lamp: Product, page: str) -> None:
    assert is_problem(Program().send("GET", f"/api/products?page={page}"), 404)


def test_a_page_has_a_hundred_products_at_most(lamp: Product) -> None:
    assert Program().send("GET", "/api/products?page_size=100").status_code == 200
    response = Program().send("GET", "/api/products?page_size=101")
    assert wrong_fields(response) == ["page_size"]


def test_the_search_finds_names_and_descriptions(lamp: Product, ann: User) -> None:
    make(ann, 3)
    for words, total in (("LAMP", 1), ("turns", 1), ("thing", 3), ("%", 0), ("_", 0)):
        found = Program().get("/api/products", {"q": words}).json()
        assert found["total"] == total, words


@pytest.mark.parametrize("text", ["' OR 1=1 --", "%' OR '%'='", "\\' OR 1=1 --"])
def test_a_search_is_text_and_never_sql(lamp: Product, text: str) -> None:
    assert Program().get("/api/products", {"q": text}).json()["total"] == 0


def test_a_list_asks_the_database_the_same_however_long_it_is(ann: User) -> None:
    counts = []
    for number in (1, 19):
        make(ann, number)
        with CaptureQueriesContext(connection) as queries:
            assert Program().send("GET", "/api/products").status_code == 200
        counts.append(len(queries))
    assert counts == [2, 2]


def test_a_page_holds_the_same_products_however_it_is_found(
    ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(ann, 30)
    products = Product.objects.matching("thing").newest_first()
    for deep in (True, False):
        monkeypatch.setattr(paging, "DEEP", 14 if deep else 1000)
        with CaptureQueriesContext(connection) as queries:
            page = paging.ProductPaginator(products, 7).page(3)
            assert [product.owner for product in page] == [ann] * 7
        assert list(page.object_list) == list(products[14:21])
        assert len(queries) == 2
        assert ("IN (SELECT" in queries[1]["sql"]) == deep


@pytest.mark.parametrize("number", ["0", "-1", "abc", "1.0", str(2**31), "9" * 40])
def test_an_id_that_cannot_be_is_refused(number: str) -> None:
    assert wrong_fields(Program().send("GET", f"/api/products/{number}")) == ["id"]


def test_an_unknown_product_is_not_found(ann: User) -> None:
    program, path = program_of(ann), f"/api/products/{2**31 - 1}"
    for method, body in (
        ("GET", None),
        ("PUT", PRODUCT),
        ("PATCH", {}),
        ("DELETE", None),
    ):
        assert is_problem(program.send(method, path, body), 404)


# Adding


def test_anyone_with_a_token_adds_a_product(ann: User) -> None:
    program = program_of(ann)
    response = program.send("POST", "/api/products", PRODUCT)
    assert response.status_code == 201
    assert response["ETag"] == '"1"'
    product = Product.objects.get()
    assert response["Location"] == path_of(product)
    assert response.json() == program.send("GET", response["Location"]).json()
    assert response.json().items() >= PRODUCT.items()
    assert product.owner == ann


@pytest.mark.django_db(transaction=True)
def test_an_account_that_is_deleted_meanwhile_adds_nothing(
    ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(token: str) -> Any:
        found = find(token)
        User.objects.all().delete()
        return found

    find = tokens.find
    monkeypatch.setattr(tokens, "find", too_late)
    assert is_problem(program_of(ann).send("POST", "/api/products", PRODUCT), 401)


def test_numbers_may_be_written_differently(ann: User) -> None:
    body = PRODUCT | {"price": "000.5", "stock": 5.0}
    found = program_of(ann).send("POST", "/api/products", body).json()
    assert (found["price"], found["stock"]) == ("0.50", 5)


def each(field: str, *values: Any) -> list[tuple[str, Any]]:
    return [(field, value) for value in values]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *each("name", "", "  \n", "x" * 121, "a\0b", "a\nb", "\x85a", 1, None, []),
        *each("description", "x" * 5001, "a\0b", None),
        *each("price", 19.9, 1, "", "-1", "1.234", "1000000", "1.", "nan"),
        *each("price", "1e2", "1,5", "5\n", "\uff11", None),
        *each("stock", "5", True, -1, 1.5, 1000001, 10**40, None),
        ("owner", "Bob"),
        ("id", 7),
    ],
)
def test_a_value_that_will_not_do_is_refused_and_not_repeated(
    ann: User, field: str, value: Any
) -> None:
    program = program_of(ann)
    response = program.send("POST", "/api/products", PRODUCT | {field: value})
    assert wrong_fields(response) == [field]
    if len(str(value)) > 4:
        assert str(value) not in response.content.decode()
    assert not Product.objects.exists()


def test_a_refused_value_is_explained_as_in_the_forms(ann: User) -> None:
    body = {"name": " ", "price": "1.234", "stock": -1}
    response = program_of(ann).send("POST", "/api/products", body)
    assert response.json()["errors"] == [
        {"field": "name", "message": rules.NAME},
        {"field": "price", "message": rules.DECIMALS},
        {"field": "stock", "message": rules.STOCK},
    ]


def test_what_is_missing_is_named(ann: User) -> None:
    program = program_of(ann)
    response = program.send("POST", "/api/products", {"stock": 1})
    assert wrong_fields(response) == ["name", "price"]
    assert wrong_fields(program.send("POST", "/api/products", [])) == [""]


@pytest.mark.parametrize(
    "name",
    [
        "<script>",
        "\u202eright",
        "👩‍👩‍👧‍👦",
        "e" + "\u0301" * 100,
        "  both ends  ",
        "\u200b",
    ],
)
def test_text_is_kept_as_it_came(ann: User, name: str) -> None:
    response = program_of(ann).send("POST", "/api/products", PRODUCT | {"name": name})
    assert response.status_code == 201
    assert response.json()["name"] == Product.objects.get().name == name


# Changing


def test_put_changes_all_and_patch_some_of_it(ann: User, lamp: Product) -> None:
    program, path = program_of(ann), path_of(lamp)
    body = {"name": "Floor lamp", "price": "70", "stock": 0}
    response = program.send("PUT", path, body)
    assert response.status_code == 200
    assert response["ETag"] == '"2"'
    found = response.json()
    assert found.items() >= (body | {"price": "70.00", "description": ""}).items()
    assert (found["slug"], found["version"]) == ("desk-lamp", 2)
    assert found["updated_at"] > found["created_at"]

    response = program.send("PATCH", path, {"stock": 9})
    assert response["ETag"] == '"3"'
    now = program.send("GET", path).json()
    assert response.json() == now
    different = {name for name in found if found[name] != now[name]}
    assert different == {"stock", "version", "updated_at"}


def test_an_empty_patch_changes_nothing(ann: User, lamp: Product) -> None:
    program, path = program_of(ann), path_of(lamp)
    before = program.send("GET", path).json()
    response = program.send("PATCH", path, {})
    assert (response.status_code, response["ETag"]) == (200, '"1"')
    assert response.json() == before


@pytest.mark.parametrize(
    "body", [{"name": None}, {"name": " "}, {"slug": "x"}, {"": 1}]
)
def test_a_patch_is_looked_at_as_closely(ann: User, lamp: Product, body: Any) -> None:
    response = program_of(ann).send("PATCH", path_of(lamp), body)
    assert wrong_fields(response) == list(body)
    assert Product.objects.get().version == 1


def test_a_deleted_product_is_gone(ann: User, lamp: Product) -> None:
    program, path = program_of(ann), path_of(lamp)
    response = program.send("DELETE", path)
    assert (response.status_code, response.content) == (204, b"")
    assert is_problem(program.send("DELETE", path), 404)
    assert is_problem(program.send("GET", path), 404)


def changes(product: Product) -> list[tuple[str, str, Any]]:
    path = path_of(product)
    return [
        ("PUT", path, PRODUCT),
        ("PATCH", path, {"stock": 0}),
        ("DELETE", path, None),
    ]


def test_a_stranger_changes_nothing_whatever_is_sent(lamp: Product) -> None:
    wrong = ("POST", "/api/products", {"price": 5})
    for change in [*changes(lamp), ("POST", "/api/products", PRODUCT), wrong]:
        assert is_problem(Program().send(*change), 401)
    assert Product.objects.get().version == 1


def test_others_may_not_change_it_but_the_staff_may(bob: User, lamp: Product) -> None:
    for change in changes(lamp):
        assert is_problem(program_of(bob).send(*change), 403)
    assert Product.objects.get().version == 1
    User.objects.filter(pk=bob.pk).update(is_staff=True)
    for change in changes(lamp):
        assert program_of(bob).send(*change).status_code in (200, 204)
    assert not Product.objects.exists()


# Versions


@pytest.mark.parametrize("tags", ['"2"', 'W/"1"', "1", "garbage", "", '"01"', '"1'])
def test_another_version_is_not_changed(ann: User, lamp: Product, tags: str) -> None:
    for change in changes(lamp):
        assert is_problem(program_of(ann).send(*change, If_Match=tags), 412)
    assert Product.objects.get().version == 1


@pytest.mark.parametrize("tags", ['"1"', "*", '"7", "1"', 'W/"1","1"'])
def test_the_version_that_was_read_is_changed(
    ann: User, lamp: Product, tags: str
) -> None:
    response = program_of(ann).send("PATCH", path_of(lamp), {"stock": 1}, If_Match=tags)
    assert (response.status_code, response["ETag"]) == (200, '"2"')


@pytest.mark.django_db(transaction=True)
def test_of_many_who_delete_it_one_does(ann: User, lamp: Product) -> None:
    token = program_of(ann).token

    def delete(_: int) -> int:
        try:
            response = Program(token).send("DELETE", path_of(lamp), If_Match='"1"')
            return int(response.status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(delete, range(8))) == [204, *[404] * 7]


def send_many(ann: User, lamp: Product, **headers: str) -> list[int]:
    token = program_of(ann).token

    def send(number: int) -> int:
        try:
            program = Program(token)
            body = {"stock": 10 + number} if number % 2 else {"name": f"Lamp {number}"}
            response = program.send("PATCH", path_of(lamp), body, **headers)
            return int(response.status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(send, range(8)))


@pytest.mark.django_db(transaction=True)
def test_of_many_changes_to_one_version_one_wins(ann: User, lamp: Product) -> None:
    statuses = send_many(ann, lamp, If_Match='"1"')
    assert sorted(statuses) == [200, *[412] * 7]
    assert Product.objects.get().version == 2


@pytest.mark.django_db(transaction=True)
def test_changes_at_once_are_all_counted(ann: User, lamp: Product) -> None:
    assert send_many(ann, lamp) == [200] * 8
    product = Product.objects.get()
    assert product.version == 9
    assert product.name != "Desk lamp"
    assert product.stock != 3
