"""The admin panel: who may in, and what can be done there."""

import logging
import re
from html import unescape
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.admin import UserAdmin
from accounts.models import Link, User
from catalogue.models import Product
from tests.conftest import PASSWORD, Browser

PRODUCTS = "/admin/catalogue/product/"
USERS = "/admin/accounts/user/"
ADDRESSES = [
    "/admin",
    "/admin/",
    PRODUCTS,
    f"{PRODUCTS}add/",
    f"{PRODUCTS}1/change/",
    f"{PRODUCTS}1/delete/",
    f"{PRODUCTS}1/history/",
    USERS,
    f"{USERS}1/change/",
    "/admin/autocomplete/",
    "/admin/jsi18n/",
    "/admin/login/",
    "/admin/password_change/",
    "/admin/unknown",
    "/admin/unknown/",
]
HOSTILE = "</title><script>alert(1)</script>{{ 7 * 7 }}"
# What the policy of the site would block.
INLINE = re.compile(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=")
NONSENSE = ["", "-1", "abc'(", "sNaN", "9" * 40, "2000-99-99"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def sue(as_staff: Browser) -> User:
    return User.objects.get(email="sue@example.com")


def make(owner: User, *names: str) -> None:
    for name in names:
        Product.objects.create(name=name, price="1.00", stock=1, owner=owner)


def answer(product: Product, **changes: Any) -> dict[str, Any]:
    fields = ("name", "description", "price", "stock", "version")
    as_it_is = {name: getattr(product, name) for name in fields}
    return as_it_is | {"owner": product.owner_id} | changes


def text(response: Any) -> str:
    return unescape(response.content.decode())


def names(response: Any) -> list[str]:
    return [str(row) for row in response.context["cl"].result_list]


# Who may in


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stranger_is_sent_to_log_in(client: Browser, address: str) -> None:
    for response in (client.get(address), client.post(address)):
        assert response.status_code == 303
        assert response["Location"] == f"/login?next={address}"


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_ordinary_user_may_not_in(as_ann: Browser, address: str) -> None:
    for response in (as_ann.get(address), as_ann.post(address)):
        assert response.status_code == 403
        assert "You may not do that" in text(response)


def test_the_staff_finds_the_way_in_and_back(
    as_staff: Browser, as_ann: Browser
) -> None:
    assert 'href="/admin/"' in text(as_staff.get("/"))
    assert "/admin" not in text(as_ann.get("/"))
    assert as_staff.get("/admin")["Location"] == "/admin/"
    start = as_staff.get("/admin/")
    assert {"private", "no-store"} <= set(start["Cache-Control"].split(", "))
    for address in (PRODUCTS, USERS, "/", "/logout"):
        assert f'"{address}"' in text(start)
    assert "roup" not in text(start)


def test_staff_needs_no_other_rights(as_ann: Browser, ann: User, lamp: Product) -> None:
    User.objects.filter(pk=ann.pk).update(is_staff=True)
    for address in (PRODUCTS, f"{PRODUCTS}add/", f"{USERS}{ann.pk}/change/"):
        assert as_ann.get(address).status_code == 200
    as_ann.post(f"{PRODUCTS}{lamp.pk}/delete/", {"post": "yes"})
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("loss", "status"), [({"is_staff": False}, 403), ({"is_active": False}, 303)]
)
def test_who_is_staff_no_longer_is_out_at_once(
    as_staff: Browser, sue: User, loss: dict[str, bool], status: int
) -> None:
    assert as_staff.get(PRODUCTS).status_code == 200
    User.objects.filter(pk=sue.pk).update(**loss)
    assert as_staff.get(PRODUCTS).status_code == status


def test_who_has_no_session_any_more_is_out_at_once(as_staff: Browser) -> None:
    Session.objects.all().delete()
    assert as_staff.get(PRODUCTS)["Location"] == f"/login?next={PRODUCTS}"


@pytest.mark.parametrize("address", ["login", "logout", "password_change"])
def test_there_is_no_second_way_to_log_in(as_staff: Browser, address: str) -> None:
    for response in (
        as_staff.get(f"/admin/{address}/"),
        as_staff.post(f"/admin/{address}/", {"username": "a", "password": "b"}),
    ):
        assert response.status_code == 404


# Products


def test_products_are_listed_searched_filtered_and_sorted(
    as_staff: Browser, ann: User, lamp: Product
) -> None:
    make(ann, "Chair", "Table")
    Product.objects.filter(name="Table").update(stock=0, price=2)
    lamp.save()
    everything = as_staff.get(PRODUCTS)
    assert names(everything) == ["Table", "Chair", "Desk lamp"]
    assert ">Ann<" in text(everything)
    assert "64.00" in text(everything)
    for query, found in {
        "q=LAMP": ["Desk lamp"],
        "q=turns": ["Desk lamp"],
        "q=hovercraft": [],
        "q=%25": [],
        "stock=in": ["Chair", "Desk lamp"],
        "stock=out": ["Table"],
        "o=1": ["Chair", "Desk lamp", "Table"],
        "o=-2": ["Desk lamp", "Table", "Chair"],
        "created_at__gte=2999-01-01T00:00:00Z": [],
    }.items():
        assert names(as_staff.get(f"{PRODUCTS}?{query}")) == found, query


def test_there_are_twenty_five_to_a_page(as_staff: Browser, ann: User) -> None:
    make(ann, *(f"Thing {number}" for number in range(30)))
    assert len(names(as_staff.get(PRODUCTS))) == 25
    assert len(names(as_staff.get(f"{PRODUCTS}?p=2"))) == 5
    assert as_staff.get(f"{PRODUCTS}?p=3").status_code == 404


@pytest.mark.parametrize(
    "parameter",
    [
        "p",
        "o",
        "q",
        "all",
        "stock",
        "price",
        "id__exact",
        "created_at__gte",
        "created_at__isnull",
        "is_staff__exact",
        "is_staff__regex",
        "password__startswith",
        "owner__password__startswith",
        "_facets",
    ],
)
def test_what_makes_no_sense_in_an_address_breaks_nothing(
    as_staff: Browser, lamp: Product, parameter: str
) -> None:
    for value in NONSENSE:
        for address in (PRODUCTS, USERS):
            response = as_staff.get(address, {parameter: value})
            assert response.status_code in (200, 400, 404), value


@pytest.mark.django_db(transaction=True)
def test_a_time_that_no_database_knows_is_not_found(as_staff: Browser) -> None:
    query = {"created_at__gte": "0001-01-01T00:00:00+23:59"}
    assert as_staff.get(PRODUCTS, query).status_code == 404


@pytest.mark.parametrize("parameter", ["_to_field", "_popup", "_changelist_filters"])
def test_what_makes_no_sense_in_the_address_of_a_form_breaks_nothing(
    as_staff: Browser, lamp: Product, parameter: str
) -> None:
    for value in NONSENSE:
        for address in (PRODUCTS, f"{PRODUCTS}{lamp.pk}/change/", f"{PRODUCTS}add/"):
            response = as_staff.get(address, {parameter: value})
            assert response.status_code in (200, 400, 404), value


def test_a_long_search_breaks_nothing(as_staff: Browser, lamp: Product) -> None:
    assert names(as_staff.get(PRODUCTS, {"q": "d " * 2000})) == ["Desk lamp"]
    assert names(as_staff.get(PRODUCTS, {"q": "x" * 100_000})) == []


@pytest.mark.parametrize(
    "lookup", ["password__startswith", "sessions", "last_login__isnull", "pk__in"]
)
def test_a_list_answers_no_other_questions_than_its_filters(
    as_staff: Browser, lookup: str
) -> None:
    assert as_staff.get(USERS, {lookup: "argon2"}).status_code == 400


@pytest.mark.parametrize("one", ["0", "-1", "abc", "9" * 40, "_00", "1_2F"])
@pytest.mark.parametrize("page", ["change", "delete", "history"])
@pytest.mark.parametrize("model", [PRODUCTS, USERS])
def test_what_is_not_there_is_not_found(
    as_staff: Browser, model: str, page: str, one: str
) -> None:
    address = f"{model}{one}/{page}/"
    assert as_staff.get(address).status_code == 404
    assert as_staff.post(address, {"post": "yes"}).status_code == 404


def test_a_product_is_added(as_staff: Browser, sue: User) -> None:
    form = as_staff.get(f"{PRODUCTS}add/?owner=abc&price=abc")
    assert f'<option value="{sue.pk}" selected>Sue</option>' in text(form)
    product = Product(name="Tea  towel ", description="a\nb", price="11.90", stock=7)
    sent = answer(product, owner=sue.pk, version=5, slug="mine")
    response = as_staff.post(f"{PRODUCTS}add/", sent)
    assert (response.status_code, response["Location"]) == (303, PRODUCTS)
    stored = Product.objects.get()
    assert (stored.name, stored.slug) == ("Tea  towel ", "tea-towel")
    assert (stored.version, stored.owner) == (1, sue)


def test_a_product_is_changed_by_the_rules_of_the_site(
    as_staff: Browser, lamp: Product, bob: User
) -> None:
    address = f"{PRODUCTS}{lamp.pk}/change/"
    assert 'name="version" value="1"' in text(as_staff.get(address))
    for field, value, error in [
        ("name", " ", "Give it a name."),
        ("name", "two\nlines", "This has to be one line"),
        ("price", "-0", "A price is a number from 0 to 999,999.99"),
        ("price", "1.999", "A price has two decimal places at most."),
        ("price", "1e3", "A price is a number"),
        ("stock", "9" * 40, "Stock is a whole number"),
        ("description", "x" * 5001, "Use at most 5000 characters."),
        ("owner", "", "This field is required."),
        ("owner", "abc", "Select a valid choice."),
        ("owner", "9" * 40, "Select a valid choice."),
    ]:
        response = as_staff.post(address, answer(lamp, **{field: value}))
        assert response.status_code == 200
        assert error in text(response), field
        assert f'id="id_{field}_error"' in text(response)
        assert Product.objects.get().version == 1

    response = as_staff.post(address, answer(lamp, name="Floor lamp", owner=bob.pk))
    assert (response.status_code, response["Location"]) == (303, PRODUCTS)
    stored = Product.objects.get()
    assert (stored.name, stored.slug) == ("Floor lamp", "desk-lamp")
    assert (stored.version, stored.owner) == (2, bob)
    assert stored.updated_at > lamp.updated_at
    assert stored.created_at == lamp.created_at


@pytest.mark.parametrize("version", ["", "0", "2", "abc", "9" * 40])
def test_nobody_overwrites_what_they_have_not_seen(
    as_staff: Browser, lamp: Product, version: str
) -> None:
    address = f"{PRODUCTS}{lamp.pk}/change/"
    response = as_staff.post(address, answer(lamp, name="Mine", version=version))
    assert response.status_code == 200
    assert "Somebody changed this product" in text(response)
    assert 'value="Mine"' in text(response)
    assert Product.objects.get().name == "Desk lamp"


def test_a_product_is_deleted_once_and_after_a_question(
    as_staff: Browser, lamp: Product
) -> None:
    address = f"{PRODUCTS}{lamp.pk}/delete/"
    assert 'delete the product "Desk lamp"?' in text(as_staff.get(address))
    assert Product.objects.exists()
    response = as_staff.post(address, {"post": "yes"})
    assert (response.status_code, response["Location"]) == (303, PRODUCTS)
    assert not Product.objects.exists()
    assert as_staff.post(address, {"post": "yes"}).status_code == 404


def test_several_products_are_deleted_after_one_question(
    as_staff: Browser, ann: User, lamp: Product
) -> None:
    make(ann, "Chair", "Table")
    chosen = [str(one.pk) for one in Product.objects.exclude(name="Chair")]
    sent = {"action": "delete_selected", "_selected_action": chosen}
    question = as_staff.post(PRODUCTS, sent)
    assert question.status_code == 200
    assert "delete the selected products?" in text(question)
    assert Product.objects.count() == 3
    assert as_staff.post(PRODUCTS, sent | {"post": "yes"}).status_code == 303
    assert Product.objects.get().name == "Chair"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"action": "delete_selected", "post": "yes"}, 200),
        ({"action": "nonsense", "_selected_action": "1", "post": "yes"}, 200),
        ({"action": "delete_selected", "_selected_action": "abc"}, 400),
        ({"action": "delete_selected", "_selected_action": "9" * 40}, 400),
        ({"action": "delete_selected", "_selected_action": "9" * 18}, 200),
        ({"action": "delete_selected", "select_across": "x", "index": "abc"}, 200),
    ],
)
def test_nothing_is_deleted_without_a_selection_or_a_question(
    as_staff: Browser, lamp: Product, sent: dict[str, str], status: int
) -> None:
    assert as_staff.post(PRODUCTS, sent, follow=True).status_code == status
    assert as_staff.get(f"{PRODUCTS}{lamp.pk}/delete/").status_code == 200
    assert Product.objects.exists()


# Users


def test_users_are_listed_searched_and_filtered_and_no_secret_is_shown(
    as_staff: Browser, sue: User, ann: User, bob: User
) -> None:
    assert names(as_staff.get(USERS)) == ["Bob", "Ann", "Sue"]
    assert names(as_staff.get(f"{USERS}?q=ANN@")) == ["Ann"]
    assert names(as_staff.get(f"{USERS}?q=bob")) == ["Bob"]
    assert names(as_staff.get(f"{USERS}?is_staff__exact=1")) == ["Sue"]
    pages = ["change", "delete", "history"]
    for address in [USERS, *(f"{USERS}{ann.pk}/{page}/" for page in pages)]:
        page = text(as_staff.get(address))
        assert "argon2" not in page
        assert 'name="password"' not in page


def test_a_user_is_changed_and_only_in_what_the_form_has(
    as_staff: Browser, ann: User
) -> None:
    address = f"{USERS}{ann.pk}/change/"
    sent = {"display_name": "Anna", "is_staff": "on", "is_active": "on"}
    more = {
        "email": "new@example.com",
        "password": "x",
        "is_superuser": "on",
        "groups": "1",
        "id": "99",
        "date_joined_0": "2000-01-01",
    }
    seen = {"initial-display_name": "Ann", "initial-is_active": "True"}
    response = as_staff.post(address, sent | more | seen)
    assert (response.status_code, response["Location"]) == (303, USERS)
    stored = User.objects.get(pk=ann.pk)
    assert (stored.display_name, stored.is_staff) == ("Anna", True)
    assert stored.email == "ann@example.com"
    assert stored.check_password(PASSWORD)
    assert stored.date_joined == ann.date_joined

    for name in ("x" * 81, " ", "two\nlines"):
        refused = as_staff.post(address, sent | {"display_name": name})
        assert 'id="id_display_name_error"' in text(refused)
    seen |= {"initial-display_name": "Anna", "initial-is_staff": "True"}
    as_staff.post(address, {"display_name": "Anna"} | seen)
    stored = User.objects.get(pk=ann.pk)
    assert (stored.is_staff, stored.is_active) == (False, False)


def test_an_old_form_gives_back_and_takes_away_nothing(
    as_staff: Browser, sue: User, ann: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "config.admin")
    address = f"{USERS}{ann.pk}/change/"
    User.objects.filter(pk=ann.pk).update(is_staff=True)
    form = as_staff.get(address).context["adminform"].form
    sent = {field.html_name: field.value() for field in form if field.value()}
    sent |= {field.html_initial_name: field.value() for field in form}
    for name, value in sent.items():
        if name.startswith("initial-"):
            assert f'name="{name}" value="{value}"' in text(as_staff.get(address))
    User.objects.filter(pk=ann.pk).update(is_staff=False)
    refused = as_staff.post(address, sent | {"is_active": ""})
    assert "Somebody changed this user while you were editing it" in text(refused)
    User.objects.filter(pk=ann.pk).update(is_staff=True, display_name="Countess")
    refused = as_staff.post(address, sent | {"display_name": "Annie"})
    assert "Somebody changed this user while you were editing it" in text(refused)
    stored = User.objects.get(pk=ann.pk)
    assert (stored.display_name, stored.is_staff) == ("Countess", True)
    assert stored.is_active
    User.objects.filter(pk=ann.pk).update(display_name="Ann")
    assert as_staff.post(address, sent | {"is_active": ""}).status_code == 303
    lines = [row.getMessage() for row in caplog.records if row.name == "config.admin"]
    assert lines == [
        f"user {sue.pk} takes is_active from user {ann.pk}",
        f"user {sue.pk} changes user {ann.pk}",
    ]


@pytest.mark.parametrize("page", ["change", "delete"])
def test_of_two_who_take_each_others_right_one_stays(
    as_staff: Browser,
    sue: User,
    ann: User,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
) -> None:
    User.objects.filter(pk=ann.pk).update(is_staff=True)
    address = f"{USERS}{ann.pk}/{page}/"
    form = as_staff.get(address).context.get("adminform")
    fields = form.form if form else ()
    sent = {field.html_name: field.value() for field in fields if field.value()}
    sent |= {field.html_initial_name: field.value() for field in fields}
    sent |= {"is_staff": ""} if form else {"post": "yes"}
    get_object = UserAdmin.get_object

    def ann_is_faster(*args: Any) -> Any:
        User.objects.filter(pk=sue.pk).update(is_staff=False)
        return get_object(*args)

    monkeypatch.setattr(UserAdmin, "get_object", ann_is_faster)
    assert as_staff.post(address, sent).status_code == 403
    assert User.objects.get(pk=ann.pk).is_staff


def test_users_are_not_made_here(as_staff: Browser) -> None:
    sent = {"email": "new@example.com", "display_name": "New", "password": PASSWORD}
    assert as_staff.get(f"{USERS}add/").status_code == 403
    assert as_staff.post(f"{USERS}add/", sent).status_code == 403
    assert as_staff.get(f"{PRODUCTS}add/").status_code == 200
    assert User.objects.count() == 1


def test_a_user_is_deleted_after_a_question_with_their_products(
    as_staff: Browser, ann: User, lamp: Product
) -> None:
    Link.objects.create(
        purpose="reset", token_hash="h", user=ann, expires_at=ann.date_joined
    )
    address = f"{USERS}{ann.pk}/delete/"
    question = text(as_staff.get(address))
    assert "Ann (ann@example.com), products: 1" in question
    assert "reset" not in question
    assert User.objects.filter(pk=ann.pk).exists()
    assert as_staff.post(address, {"post": "yes"}).status_code == 303
    assert not User.objects.filter(pk=ann.pk).exists()
    assert not Product.objects.exists()
    assert not Link.objects.exists()


def test_nobody_deletes_themselves_or_takes_away_their_own_right(
    as_staff: Browser, sue: User
) -> None:
    address = f"{USERS}{sue.pk}"
    assert "delete" not in text(as_staff.get(f"{address}/change/"))
    assert as_staff.get(f"{address}/delete/").status_code == 403
    assert as_staff.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": sue.pk, "post": "yes"}
    as_staff.post(USERS, sent)
    name = {"initial-display_name": "Sue", "display_name": "Susan"}
    as_staff.post(f"{address}/change/", name)
    stored = User.objects.get()
    assert (stored.is_staff, stored.is_active) == (True, True)
    assert stored.display_name == "Susan"


# Safety


@pytest.mark.parametrize("token", [None, "", "garbage", "x" * 10_000, "another's"])
@pytest.mark.parametrize("origin", ["https://testserver", "https://evil.test", "null"])
def test_a_form_without_its_token_changes_nothing(
    sue: User, ann: User, lamp: Product, token: str | None, origin: str
) -> None:
    strict = Browser(enforce_csrf_checks=True, HTTP_ORIGIN=origin)
    strict.force_login(sue)
    right = strict.get("/admin/").context["csrf_token"]
    if token == "another's":
        token = str(Browser().get("/login").context["csrf_token"])
    if origin != "https://testserver":
        token = str(right)
    sent = {} if token is None else {"csrfmiddlewaretoken": token}
    chosen = {"action": "delete_selected", "_selected_action": lamp.pk, "post": "yes"}
    for address, data in {
        f"{PRODUCTS}add/": answer(lamp),
        f"{PRODUCTS}{lamp.pk}/change/": answer(lamp, name="Forged"),
        f"{PRODUCTS}{lamp.pk}/delete/": {"post": "yes"},
        PRODUCTS: chosen,
        f"{USERS}{ann.pk}/change/": {"display_name": "Forged", "is_staff": "on"},
        f"{USERS}{ann.pk}/delete/": {"post": "yes"},
    }.items():
        response = strict.post(f"{address}?csrfmiddlewaretoken={right}", data | sent)
        assert response.status_code == 403, address
        assert strict.get(address, data).status_code in (200, 400), address
    assert Product.objects.get().version == 1
    assert not User.objects.get(pk=ann.pk).is_staff


def test_the_panel_keeps_to_the_policy_of_the_site(
    as_staff: Browser, client: Browser, lamp: Product
) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    for path in (
        "/admin/",
        PRODUCTS,
        f"{PRODUCTS}add/",
        f"{PRODUCTS}{lamp.pk}/change/",
        f"{PRODUCTS}{lamp.pk}/delete/",
        USERS,
        f"{USERS}{lamp.owner_id}/change/",
    ):
        response = as_staff.get(path)
        assert response.status_code == 200
        assert response["Content-Security-Policy"] == policy
        assert not INLINE.search(response.content.decode()), path


def test_hostile_text_is_shown_as_text(as_staff: Browser, ann: User) -> None:
    User.objects.filter(pk=ann.pk).update(display_name=HOSTILE[:80])
    make(ann, HOSTILE)
    product = Product.objects.get()
    chosen = {"action": "delete_selected", "_selected_action": product.pk}
    as_staff.post(f"{PRODUCTS}{product.pk}/change/", answer(product, stock=5))
    product.refresh_from_db()
    wrong = answer(product, description=HOSTILE, price=HOSTILE, owner=HOSTILE)
    pages = [
        as_staff.get("/admin/"),
        as_staff.get(PRODUCTS, {"q": HOSTILE}),
        as_staff.get(PRODUCTS),
        as_staff.get(f"{PRODUCTS}{product.pk}/change/"),
        as_staff.get(f"{PRODUCTS}{product.pk}/history/"),
        as_staff.get(f"{PRODUCTS}{product.pk}/delete/"),
        as_staff.post(PRODUCTS, chosen),
        as_staff.post(f"{PRODUCTS}{product.pk}/change/", wrong),
        as_staff.get(USERS),
        as_staff.get(f"{USERS}{ann.pk}/change/"),
        as_staff.get(f"{USERS}{ann.pk}/delete/"),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
    assert sum("{{ 7 * 7 }}" in text(page) for page in pages) == len(pages)


@pytest.mark.parametrize("kind", ["%00", "%FF", "%ED%A0%80"])
def test_what_is_not_text_is_refused_here_too(as_staff: Browser, kind: str) -> None:
    assert as_staff.get(f"{PRODUCTS}?q={kind}").status_code == 400
    assert as_staff.get(f"{PRODUCTS}{kind}/change/").status_code in (400, 404)


def test_each_change_leaves_a_line_without_values(
    as_staff: Browser,
    sue: User,
    ann: User,
    lamp: Product,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "config.admin")
    as_staff.post(f"{PRODUCTS}add/", answer(lamp, name="Secret"))
    added = Product.objects.get(name="Secret")
    as_staff.post(f"{PRODUCTS}{lamp.pk}/change/", answer(lamp, name="Secret"))
    chosen = {"action": "delete_selected", "_selected_action": lamp.pk, "post": "yes"}
    as_staff.post(PRODUCTS, chosen)
    as_staff.post(f"{USERS}{ann.pk}/delete/", {"post": "yes"})
    lines = [row.getMessage() for row in caplog.records if row.name == "config.admin"]
    assert lines == [
        f"user {sue.pk} adds product {added.pk}",
        f"user {sue.pk} changes product {lamp.pk}",
        f"user {sue.pk} deletes product {lamp.pk}",
        f"user {sue.pk} deletes user {ann.pk}",
    ]


@pytest.mark.parametrize("address", [PRODUCTS, USERS, "/admin/autocomplete/"])
def test_a_list_asks_as_often_for_one_row_as_for_twenty(
    as_staff: Browser, address: str
) -> None:
    query = {}
    if "autocomplete" in address:
        field = {"model_name": "product", "field_name": "owner"}
        query = {"app_label": "catalogue", **field}
    counts = []
    for number in range(20):
        owner = User.objects.create_user(f"{number}@example.com", f"User {number}")
        make(owner, f"Thing {number}")
        with CaptureQueriesContext(connection) as queries:
            assert as_staff.get(address, query).status_code == 200
        counts.append(len(queries))
    assert set(counts) == {counts[0]}
    assert counts[0] <= 5
