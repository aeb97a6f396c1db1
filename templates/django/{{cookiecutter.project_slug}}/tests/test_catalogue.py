"""Looking at products and changing them."""

from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection

from accounts.models import User
from catalogue.forms import ProductForm
from catalogue.models import Product
from tests.conftest import Browser

ANSWER = {"name": "Tea towel", "description": "Linen.", "price": "11.90", "stock": "7"}
FORM = "application/x-www-form-urlencoded"

pytestmark = pytest.mark.django_db


def make(owner: User, *names: str) -> None:
    for name in names:
        Product.objects.create(name=name, price="1.00", stock=1, owner=owner)


# Looking


def test_products_come_newest_first_and_twelve_to_a_page(
    client: Browser, ann: User
) -> None:
    make(ann, *(f"Thing {number}" for number in range(30)))
    first = client.get("/products")
    assert [product.name for product in first.context["products"]] == [
        f"Thing {number}" for number in range(29, 17, -1)
    ]
    page = first.content.decode()
    assert "30 in all" in page
    assert 'href="/products?page=2" rel="next"' in page
    assert 'rel="prev"' not in page

    last = client.get("/products?page=3")
    assert len(last.context["products"]) == 6
    assert 'href="/products?page=2" rel="prev"' in last.content.decode()


@pytest.mark.parametrize(
    "page", ["0", "-1", "abc", "4", str(10**18), "1" * 5000, "nan"]
)
def test_a_page_that_does_not_exist_is_not_found(
    client: Browser, lamp: Product, page: str
) -> None:
    assert client.get(f"/products?page={page}").status_code == 404


def test_a_list_asks_the_database_the_same_however_long_it_is(
    client: Browser, ann: User, django_assert_num_queries: Any
) -> None:
    make(ann, *(f"Thing {number}" for number in range(12)))
    with django_assert_num_queries(2):
        client.get("/products")


def test_the_search_finds_names_and_descriptions_in_any_case(
    client: Browser, lamp: Product, ann: User
) -> None:
    make(ann, "Chair", "LAMP shade")
    page = client.get("/products?q=lamp").content.decode()
    assert "2 for “lamp”" in page
    assert "LAMP shade" in page
    assert "Desk lamp" in page
    assert "Chair" not in page
    assert "1 for “TURNS”" in client.get("/products?q=TURNS").content.decode()


@pytest.mark.parametrize("words", ["hovercraft", "%", "_", "\\", "'", '"', "<script>"])
def test_a_search_without_a_match_says_so(
    client: Browser, lamp: Product, words: str
) -> None:
    response = client.get("/products", {"q": words})
    assert response.status_code == 200
    assert "Nothing matches" in response.content.decode()
    assert "<script>" not in response.content.decode()


@pytest.mark.parametrize("text", ["' OR 1=1 --", "%' OR '%'='", "\\' OR 1=1 --"])
def test_a_search_is_text_and_never_sql(
    client: Browser, lamp: Product, text: str
) -> None:
    page = unescape(client.get("/products", {"q": text}).content.decode())
    assert f"Nothing matches “{text}”" in page


def test_a_search_is_kept_from_page_to_page(client: Browser, ann: User) -> None:
    make(ann, *(f"Lamp {number}" for number in range(13)))
    page = client.get("/products?q=lamp").content.decode()
    assert 'href="/products?q=lamp&amp;page=2"' in page


def test_without_products_the_list_says_so(client: Browser) -> None:
    assert "still empty" in client.get("/products").content.decode()


def test_a_product_has_a_page(client: Browser, lamp: Product) -> None:
    page = client.get("/products/desk-lamp").content.decode()
    assert "<h1>Desk lamp</h1>" in page
    assert "64.00" in page
    assert "3 in stock" in page
    assert "<dd>Ann</dd>" in page
    assert "/edit" not in page


def test_an_unknown_product_is_not_found(client: Browser) -> None:
    response = client.get("/products/unknown")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


# Adding


def test_anyone_logged_in_adds_a_product(as_ann: Browser, ann: User) -> None:
    assert as_ann.get("/products/new").status_code == 200
    response = as_ann.post("/products/new", ANSWER | {"owner": "99", "version": "5"})
    assert (response.status_code, response["Location"]) == (303, "/products/tea-towel")
    product = Product.objects.get()
    assert (product.name, product.description) == ("Tea towel", "Linen.")
    assert (str(product.price), product.stock) == ("11.90", 7)
    assert (product.owner, product.version) == (ann, 1)


@pytest.mark.django_db(transaction=True)
def test_an_account_that_is_deleted_meanwhile_adds_nothing(
    as_ann: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(form: ProductForm) -> None:
        User.objects.all().delete()

    monkeypatch.setattr(ProductForm, "clean", too_late)
    response = as_ann.post("/products/new", ANSWER)
    assert response.status_code == 303
    assert response["Location"] == "/login?next=/products/new"


def test_a_stranger_adds_nothing(client: Browser) -> None:
    response = client.post("/products/new", ANSWER)
    assert response["Location"] == "/login?next=/products/new"
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 121),
        ("name", "two\nlines"),
        ("name", "a\x9f"),
        ("description", "x" * 5001),
        *(
            ("price", value)
            for value in ("", "-1", "-0", "1.234", "1000000", "nan", "inf", "1e400")
        ),
        *(
            ("price", value)
            for value in ("1e2", "1,5", "\uff11\uff12", "9" * 40, "0x10", "1_0")
        ),
        *(("stock", value) for value in ("", "-1", "-0", "1.5", "1.0", "1000001")),
        *(("stock", value) for value in (str(2**63), "9" * 5000, "nan", "1e3", "७")),
    ],
)
def test_the_product_form_comes_again_with_what_is_wrong(
    as_ann: Browser, field: str, value: str
) -> None:
    response = as_ann.post("/products/new", ANSWER | {field: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert f'id="{field}-error"' in page
    assert 'aria-invalid="true"' in page
    assert "<title>Error: " in page
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "{{ 7 * 7 }}{% debug %}",
        "Robert'); DROP TABLE products;--",
        "\u202eright to left",
        "👩‍👩‍👧‍👦 family",
        "e" + "\u0301" * 100,
        "\ufeff\u2028 \u200b",
        "  spaces at both ends  ",
        "\ufffd",
        "undefined",
    ],
)
def test_text_is_kept_and_shown_as_it_came(
    as_ann: Browser, client: Browser, name: str
) -> None:
    body = urlencode(ANSWER | {"name": name})
    response = as_ann.post("/products/new", body, content_type=FORM)
    assert response.status_code == 303
    product = Product.objects.get()
    assert product.name == name
    page = client.get(product.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    if name.isalnum() or "{{" in name:
        assert name in page


def test_line_breaks_count_once_and_are_kept(as_ann: Browser) -> None:
    description = "line\r\n" * 1000
    as_ann.post("/products/new", ANSWER | {"description": description})
    assert Product.objects.get().description == "line\n" * 1000


def test_slugs_are_unique(ann: User) -> None:
    make(ann, "Lamp", "lamp", "LAMP!", "Lamp 2", "New", "🪔", "lampshade", "lamp")
    assert list(Product.objects.order_by("pk").values_list("slug", flat=True)) == [
        "lamp",
        "lamp-2",
        "lamp-3",
        "lamp-2-2",
        "new-2",
        "product",
        "lampshade",
        "lamp-4",
    ]


def test_slugs_are_unique_however_many_want_the_same(ann: User) -> None:
    make(ann, *["Lamp"] * 102)
    assert Product.objects.values("slug").distinct().count() == 102


def test_a_slug_is_short_whatever_a_name_turns_into(ann: User) -> None:
    make(ann, "\ufb03" * 120, "\ufb03" * 120)
    for slug in Product.objects.values_list("slug", flat=True):
        assert slug.startswith("ffiffi")
        assert len(slug) <= 140


@pytest.mark.django_db(transaction=True)
def test_slugs_are_unique_when_many_are_made_at_once(ann: User) -> None:
    def add(_: int) -> None:
        try:
            make(ann, "Lamp")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(8)))
    assert Product.objects.values("slug").distinct().count() == 8


# Editing


def test_the_owner_edits_a_product_whose_address_stays(
    as_ann: Browser, lamp: Product
) -> None:
    page = as_ann.get("/products/desk-lamp/edit").content.decode()
    assert '<input type="hidden" name="version" value="1"' in page
    answer = ANSWER | {"name": "Floor lamp", "version": "1"}
    response = as_ann.post("/products/desk-lamp/edit", answer)
    assert (response.status_code, response["Location"]) == (303, "/products/desk-lamp")
    edited = Product.objects.get()
    assert (edited.name, edited.version) == ("Floor lamp", 2)
    assert edited.updated_at > lamp.updated_at
    assert (
        "Your changes are saved." in as_ann.get(response["Location"]).content.decode()
    )


@pytest.mark.parametrize("page", ["edit", "delete"])
def test_others_may_not_change_it_but_the_staff_may(
    as_bob: Browser, as_staff: Browser, client: Browser, lamp: Product, page: str
) -> None:
    path = f"/products/desk-lamp/{page}"
    answer = ANSWER | {"version": "1"}
    for response in (as_bob.get(path), as_bob.post(path, answer)):
        assert response.status_code == 403
        assert "You may not do that" in response.content.decode()
    assert client.get(path)["Location"] == f"/login?next={path}"
    assert client.post(path)["Location"] == f"/login?next={path}"
    assert Product.objects.get().version == 1
    assert as_staff.post(path, answer).status_code == 303
    if page == "edit":
        assert Product.objects.get().owner == lamp.owner


def test_nobody_overwrites_what_they_have_not_seen(
    as_ann: Browser, as_staff: Browser, lamp: Product
) -> None:
    path = "/products/desk-lamp/edit"
    as_staff.post(path, ANSWER | {"name": "Theirs", "version": "1"})
    response = as_ann.post(path, ANSWER | {"name": "Mine", "version": "1"})
    page = response.content.decode()
    assert response.status_code == 409
    assert 'value="Mine"' in page
    assert "<p>Theirs</p>" in page
    assert '<input type="hidden" name="version" value="2"' in page
    assert Product.objects.get().name == "Theirs"

    response = as_ann.post(path, ANSWER | {"name": "Mine", "version": "2"})
    assert response.status_code == 303
    assert Product.objects.get().name == "Mine"


@pytest.mark.parametrize("version", ["", "0", "-1", "abc", "9" * 40])
def test_an_edit_needs_a_version(as_ann: Browser, lamp: Product, version: str) -> None:
    answer = ANSWER | {"version": version}
    assert as_ann.post("/products/desk-lamp/edit", answer).status_code == 422
    assert Product.objects.get().version == 1


# Deleting


def test_deleting_asks_first_and_happens_once(as_ann: Browser, lamp: Product) -> None:
    page = as_ann.get("/products/desk-lamp/delete").content.decode()
    assert "Delete Desk lamp?" in page
    assert Product.objects.exists()
    response = as_ann.post("/products/desk-lamp/delete")
    assert (response.status_code, response["Location"]) == (303, "/products")
    assert not Product.objects.exists()
    assert as_ann.post("/products/desk-lamp/delete").status_code == 404
