"""R4 to R7: products by the API."""

import math
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

import pytest

from headstart.proof.page import Page

from .accounts import PARALLEL
from .api import Client, add, client_of, complaints, goods, problem, value_of
from .deployments import Deployment, Stranger
from .people import Account, admin, at_once, demo, product

MEMBERS = {
    *("id", "slug", "name", "description", "price", "stock", "owner"),
    *("created_at", "updated_at", "version"),
}
SAMPLES = 24
LARGEST = 2**31 - 1
NEVER = (*(str(n) for n in (0, -1, 2**31, 2**63, 10**18, 10**40)), "abc", "1.5", "1e3", "%C2%BD")
WRITES = ("PUT", "PATCH", "DELETE")


def write(client: Client, method: str, path: str, headers: dict[str, str] | None = None) -> Page:
    """Change or delete a product."""
    if method == "DELETE":
        return client.delete(path, headers)
    return client.ask(method, path, goods(), headers)


def time_of(text: str) -> datetime:
    """Return what a time of RFC 3339 means, which has to be in UTC."""
    form = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)"
    assert re.fullmatch(form, text), f"R6. {text}"
    return datetime.fromisoformat(text)


def test_a_list_comes_in_pages(program: Client) -> None:
    """R4, R6."""
    said = value_of(program.get("/api/products"))
    assert said.keys() == {"items", "total", "page", "page_size", "pages"}
    assert (said["page"], said["page_size"]) == (1, 20)
    assert said["total"] >= SAMPLES
    assert said["pages"] == math.ceil(said["total"] / 20)
    assert len(said["items"]) == 20
    for one in said["items"]:
        assert one.keys() == MEMBERS
    times = [time_of(one["created_at"]) for one in said["items"]]
    assert times == sorted(times, reverse=True)


def test_every_product_is_on_one_page(program: Client, seller: Client) -> None:
    """R4."""
    add(seller)
    for size in (7, 100):
        first = value_of(program.get(f"/api/products?page_size={size}"))
        pages = [
            value_of(program.get(f"/api/products?page_size={size}&page={number}"))
            for number in range(1, min(first["pages"], 15) + 1)
        ]
        assert pages[0] == first
        numbers = [one["id"] for page in pages for one in page["items"]]
        assert len(set(numbers)) == len(numbers)
        assert all(len(page["items"]) == size for page in pages[:-1])
        if first["pages"] <= 15:
            assert len(numbers) == first["total"]
        problem(program.get(f"/api/products?page_size={size}&page={first['pages'] + 1}"), 404)


@pytest.mark.parametrize("page", NEVER)
def test_a_page_that_does_not_exist_is_refused(program: Client, page: str) -> None:
    """R4, I8."""
    problem(program.get(f"/api/products?page={page}"), 404, 422)
    problem(program.get(f"/api/products?q=lamp&page={page}"), 404, 422)


def test_pages_of_any_size_up_to_a_hundred(program: Client) -> None:
    """R4."""
    assert len(value_of(program.get("/api/products?page_size=1"))["items"]) == 1
    for size in ("0", "-1", "101", "abc", "1.5", "", str(10**18), "1e400"):
        assert "page_size" in complaints(program.get(f"/api/products?page_size={size}"))


def test_a_search_finds_names_and_descriptions(program: Client, seller: Client) -> None:
    """R4."""
    word = f"Quokka{goods()['name'].rpartition('-')[2]}"
    one, _ = add(seller, name=f"The {word} lamp")
    other, _ = add(seller, description=f"With a {word.upper()} inside")
    for asked in (word, word.lower()):
        said = value_of(program.get(f"/api/products?q={asked}"))
        assert [f"/api/products/{it['id']}" for it in said["items"]] == [other, one]
        assert (said["total"], said["pages"]) == (2, 1)
    for nothing in (f"{word}x", f"{word[:-1]}_", f"{word[:5]}%25{word[-2:]}"):
        said = value_of(program.get(f"/api/products?q={nothing}"))
        assert said == {"items": [], "total": 0, "page": 1, "page_size": 20, "pages": 0}
    everything = value_of(program.get("/api/products"))["total"]
    assert value_of(program.get("/api/products?q="))["total"] == everything


def test_a_search_is_not_longer_than_two_hundred_characters(program: Client) -> None:
    """R4."""
    assert program.get(f"/api/products?q={'a' * 200}").status == 200
    assert "q" in complaints(program.get(f"/api/products?q={'a' * 201}"))


def test_a_product_is_made_read_changed_and_deleted(
    deployment: Deployment, program: Client, seller: Client
) -> None:
    """R5, R6."""
    before = datetime.now(UTC)
    sent = goods(price="7.5")
    made = seller.post("/api/products", sent)
    assert made.status == 201
    said = value_of(made)
    assert said.keys() == MEMBERS
    path = f"/api/products/{said['id']}"
    assert urlsplit(urljoin(made.url, made.headers["Location"])).path == path
    assert urljoin(made.url, made.headers["Location"]).startswith(deployment.site)
    assert made.headers["ETag"] == '"1"'
    assert {key: said[key] for key in sent} == sent | {"price": "7.50"}
    assert said["owner"] == value_of(seller.get("/api/me"))["display_name"]
    assert said["version"] == 1
    created, updated = time_of(said["created_at"]), time_of(said["updated_at"])
    assert before - timedelta(seconds=2) < created <= updated < datetime.now(UTC)
    read = program.get(path)
    assert (value_of(read), read.headers["ETag"]) == (said, '"1"')
    put = seller.put(path, {"name": "Another", "price": "8", "stock": 0})
    now = value_of(put)
    assert put.headers["ETag"] == '"2"'
    assert now == said | {
        "name": "Another",
        "slug": now["slug"],
        "description": "",
        "price": "8.00",
        "stock": 0,
        "version": 2,
        "updated_at": now["updated_at"],
    }
    assert time_of(now["updated_at"]) >= updated
    patched = seller.patch(path, {"stock": 12})
    assert patched.headers["ETag"] == '"3"'
    last = value_of(patched)
    assert last == now | {"stock": 12, "version": 3, "updated_at": last["updated_at"]}
    assert value_of(program.get(path)) == last
    gone = seller.delete(path)
    assert (gone.status, gone.body) == (204, b"")
    problem(program.get(path), 404)
    for method in WRITES:
        problem(write(seller, method, path), 404)


def test_a_change_of_nothing_changes_nothing(program: Client, seller: Client) -> None:
    """R5."""
    path, made = add(seller)
    page = seller.patch(path, {})
    assert (value_of(page), page.headers["ETag"]) == (made, '"1"')
    assert value_of(program.get(path)) == made


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("0", "0.00"),
        ("0.5", "0.50"),
        ("19.9", "19.90"),
        ("000007", "7.00"),
        ("999999.99", "999999.99"),
    ],
)
def test_a_price_has_two_places(seller: Client, sent: str, stored: str) -> None:
    """R6."""
    assert add(seller, price=sent)[1]["price"] == stored


def test_a_product_may_be_as_large_as_is_said(program: Client, seller: Client) -> None:
    """R5."""
    sent = goods(name="é" * 120, description="€" * 5000, stock=1_000_000)
    path, made = add(seller, **sent)
    assert {key: made[key] for key in sent} == sent
    assert value_of(program.get(path)) == made
    too_much = {"name": "é" * 121, "description": "€" * 5001, "stock": 1_000_001}
    too_much |= {"price": "1000000"}
    page = seller.post("/api/products", too_much)
    assert complaints(page).keys() == {"name", "description", "stock", "price"}


def test_a_whole_number_may_be_written_with_a_point(seller: Client) -> None:
    """R5. To JSON Schema 5.0 is an integer."""
    _, made = add(seller, stock=5.0)
    assert (made["stock"], type(made["stock"])) == (5, int)


def test_a_name_is_kept_as_it_was_sent(seller: Client) -> None:
    """R5."""
    assert add(seller, name="  Two  spaces ")[1]["name"] == "  Two  spaces "


def test_names_may_be_the_same(deployment: Deployment, seller: Client) -> None:
    """R6."""
    name = goods()["name"]
    clients = [Client(deployment, seller.token) for _ in range(PARALLEL)]
    pages = at_once(lambda client: client.post("/api/products", goods(name=name)), clients)
    assert {page.status for page in pages} == {201}
    assert len({value_of(page)["slug"] for page in pages}) == PARALLEL


def test_a_stranger_reads_and_does_not_write(program: Client, seller: Client) -> None:
    """R5."""
    path, made = add(seller)
    for place in (path, f"/api/products/{LARGEST}"):
        for method in WRITES:
            page = write(program, method, place)
            problem(page, 401)
            assert page.headers["WWW-Authenticate"].startswith("Bearer")
    problem(program.post("/api/products", goods()), 401)
    assert value_of(program.get(path)) == made


def test_a_stranger_is_not_told_what_is_wrong(program: Client, seller: Client) -> None:
    """R5."""
    path, _ = add(seller)
    bad = {"name": "", "colour": "red"}
    problem(program.post("/api/products", bad), 401)
    for method in ("PUT", "PATCH"):
        problem(program.ask(method, path, bad), 401)
        problem(program.ask(method, f"/api/products/{LARGEST}", bad), 401)


def test_only_the_owner_and_staff_change_a_product(
    deployment: Deployment, seller: Client, newcomer: tuple[Client, Account]
) -> None:
    """R5."""
    path, made = add(seller)
    somebody_else, _ = newcomer
    for method in WRITES:
        problem(write(somebody_else, method, path), 403)
        problem(write(somebody_else, method, path, {"If-Match": '"1"'}), 403)
    assert value_of(somebody_else.get(path)) == made
    staff = client_of(deployment, admin(deployment))
    assert value_of(staff.get("/api/me"))["is_staff"] is True
    changed = value_of(staff.patch(path, {"stock": 77}))
    assert (changed["stock"], changed["owner"]) == (77, made["owner"])
    assert staff.delete(path).status == 204


@pytest.mark.parametrize("number", NEVER)
def test_a_number_that_no_product_has_is_refused(
    program: Client, seller: Client, number: str
) -> None:
    """R5, I7."""
    path = f"/api/products/{number}"
    problem(program.get(path), 404, 422)
    for method in WRITES:
        problem(write(seller, method, path), 404, 422)


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ('"2"', True),
        ("*", True),
        ('"1", "2"', True),
        ('"1" ,"2"', True),
        ('"1","2","3"', True),
        ('"1"', False),
        ('"3"', False),
        ('W/"2"', False),
        ('W/"1", W/"2"', False),
        ("2", False),
        ("", False),
        ('"02"', False),
        ('"2', False),
        ('""', False),
        ('"two"', False),
        ("**", False),
        ('"2147483648"', False),
        ('"' + "9" * 5000 + '"', False),
        ('"\xff"', False),
    ],
    ids=lambda value: ascii(value)[:16],
)
def test_an_older_version_is_not_overwritten(seller: Client, said: str, counts: bool) -> None:
    """R7."""
    for method in WRITES:
        path, _ = add(seller)
        made = value_of(seller.patch(path, {"stock": 4}))
        page = write(seller, method, path, {"If-Match": said})
        if counts:
            assert page.status in (200, 204), page.text
        else:
            problem(page, 412)
            assert value_of(seller.get(path)) == made


def test_one_of_many_changes_at_the_same_time_wins(deployment: Deployment, seller: Client) -> None:
    """R7."""
    path, _ = add(seller)
    clients = [Client(deployment, seller.token) for _ in range(PARALLEL)]
    pages = at_once(
        lambda it: it[0].patch(path, {"stock": it[1]}, {"If-Match": '"1"'}),
        zip(clients, range(100, 100 + PARALLEL), strict=True),
    )
    won = [page for page in pages if page.status == 200]
    assert {page.status for page in pages} == {200, 412}
    assert len(won) == 1
    assert value_of(seller.get(path)) == value_of(won[0])
    assert value_of(won[0])["version"] == 2


def test_no_version_is_lost_without_the_header(deployment: Deployment, seller: Client) -> None:
    """R7."""
    path, _ = add(seller)
    clients = [Client(deployment, seller.token) for _ in range(PARALLEL)]
    pages = at_once(
        lambda it: it[0].patch(path, {"stock": it[1]}),
        zip(clients, range(100, 100 + PARALLEL), strict=True),
    )
    assert {page.status for page in pages} == {200}
    assert value_of(seller.get(path))["version"] == PARALLEL + 1


def test_changes_of_different_fields_at_the_same_time_all_count(
    deployment: Deployment, seller: Client
) -> None:
    """R5."""
    path, made = add(seller)
    changes = ({"stock": 88}, {"price": "88.00"}, {"description": "88"})
    clients = [Client(deployment, seller.token) for _ in changes]
    at_once(lambda it: it[0].patch(path, it[1]), zip(clients, changes, strict=True))
    now = value_of(seller.get(path))
    assert (now["stock"], now["price"], now["description"]) == (88, "88.00", "88")
    assert (now["name"], now["version"]) == (made["name"], 4)


def test_a_product_is_deleted_once_of_sixteen_times_at_once(
    deployment: Deployment, seller: Client
) -> None:
    """R5."""
    path, _ = add(seller)
    clients = [Client(deployment, seller.token) for _ in range(PARALLEL)]
    pages = at_once(lambda client: client.delete(path), clients)
    assert sorted({page.status for page in pages}) == [204, 404]
    assert sum(page.status == 204 for page in pages) == 1


def test_pages_and_api_show_the_same_products(owner: Stranger, seller: Client) -> None:
    """R5, P9."""
    path, made = add(seller)
    page = owner.get(f"/products/{made['slug']}")
    assert made["name"] in page.document.text
    edit = owner.get(f"/products/{made['slug']}/edit")
    seller.patch(path, {"stock": 99})
    late = owner.submit(edit, product(name="Overwritten"))
    assert late.status == 409
    assert value_of(seller.get(path))["name"] == made["name"]
    again = owner.get(f"/products/{made['slug']}/edit")
    assert owner.submit(again, product(stock="55")).status == 303
    problem(seller.patch(path, {"stock": 1}, {"If-Match": '"2"'}), 412)
    assert value_of(seller.get(path))["stock"] == 55


def test_what_belongs_to_the_site_cannot_be_sent(deployment: Deployment, seller: Client) -> None:
    """R9, A13."""
    path, made = add(seller)
    for name in MEMBERS - goods().keys() | {"owner_id", "is_staff"}:
        assert name in complaints(seller.post("/api/products", goods() | {name: made["id"]}))
        assert name in complaints(seller.put(path, goods() | {name: made["id"]}))
        assert name in complaints(seller.patch(path, {name: made["id"]}))
    assert value_of(seller.get(path)) == made
    assert demo(deployment).email not in deployment.visitor().get(path).text


def test_what_was_meant_for_a_deleted_product_never_hits_the_next_one(seller: Client) -> None:
    """R5, R7. The new one has the version of the old one, so `If-Match` would not tell."""
    path, _ = add(seller)
    assert seller.delete(path).status == 204
    next_path, _ = add(seller)
    assert next_path != path
    assert seller.delete(path, {"If-Match": '"1"'}).status == 404
    assert seller.get(next_path).status == 200
