"""P. The pages of the catalogue, as a stranger and as an owner meet them."""

import re
from urllib.parse import quote

import pytest

from headstart.proof.page import Page

from .crawling import crawl, links_of
from .databases import broken_table
from .deployments import Deployment, Stranger
from .people import (
    Account,
    add_product,
    admin,
    at_once,
    demo,
    log_in,
    path_of,
    product,
    refused,
    try_to_log_in,
)
from .projects import NAME

NO_PRODUCTS = ("/products/new", "/products/import")
FIRST_PAGES = ("/", "/products", "/products?page=2", "/login", "/register", "/password-reset")


def slugs(page: Page, site: str) -> list[str]:
    """Return the products that a list shows, in order, each once."""
    paths = [path.partition("?")[0] for path in links_of(page, site)]
    shown = [path for path in paths if path.count("/") == 2 and path.startswith("/products/")]
    return [path for path in dict.fromkeys(shown) if path not in NO_PRODUCTS]


def is_own_page(page: Page) -> bool:
    """Say whether an error came as a page of the site."""
    return NAME in page.title and len(page.document.headings) == 1


def test_the_home_page_is_titled_with_the_name_exactly_as_given(visitor: Stranger) -> None:
    """P1."""
    page = visitor.get("/")
    assert page.status == 200
    assert NAME in page.title
    assert {"/products", "/login", "/register"} <= set(links_of(page, visitor.site))


def test_products_come_twelve_to_a_page_and_the_pages_are_linked(visitor: Stranger) -> None:
    """P2."""
    first = visitor.get("/products")
    assert len(slugs(first, visitor.site)) == 12
    assert "/products?page=2" in links_of(first, visitor.site)
    second = visitor.get("/products?page=2")
    assert len(slugs(second, visitor.site)) == 12
    assert not set(slugs(first, visitor.site)) & set(slugs(second, visitor.site))
    back = {"/products?page=1", "/products"} & set(links_of(second, visitor.site))
    assert any(
        slugs(visitor.get(link), visitor.site) == slugs(first, visitor.site) for link in back
    )


def test_the_last_page_has_no_next_one(visitor: Stranger) -> None:
    """P2."""
    number = 1
    while f"/products?page={number + 1}" in links_of(
        visitor.get(f"/products?page={number}"), visitor.site
    ):
        number += 1
    assert 2 <= number < 100
    assert visitor.get(f"/products?page={number + 1}").status in (404, 422)


def test_a_search_finds_words_of_names_and_descriptions(owner: Stranger) -> None:
    """P3."""
    by_name = add_product(owner, name="Quixotic lantern 100%_")
    by_description = add_product(owner, description="Some say it is QUIXOTIC at night.")
    assert set(slugs(owner.get("/products?q=quixotic"), owner.site)) == {by_name, by_description}
    assert slugs(owner.get("/products?q=100%25_"), owner.site) == [by_name]
    assert slugs(owner.get("/products?q=qu_xotic"), owner.site) == []


def test_a_search_survives_turning_the_page(visitor: Stranger) -> None:
    """P3."""
    first = visitor.get("/products?q=e")
    turned = [link for link in links_of(first, visitor.site) if "page=2" in link]
    assert turned
    assert all("q=e" in link for link in turned)
    assert visitor.get(turned[0]).status == 200


def test_a_search_without_a_match_says_so(visitor: Stranger) -> None:
    """P3."""
    page = visitor.get("/products?q=nothing-is-called-this")
    assert page.status == 200
    assert slugs(page, visitor.site) == []
    assert page.document.text != visitor.get("/products").document.text


def test_a_product_has_a_page_and_an_unknown_one_has_the_sites_own(visitor: Stranger) -> None:
    """P4."""
    path = slugs(visitor.get("/products"), visitor.site)[0]
    assert visitor.get(path).status == 200
    unknown = visitor.get("/products/no-such-thing")
    assert unknown.status == 404
    assert is_own_page(unknown)


@pytest.mark.parametrize("page", ["/products/new", "/account", "edit", "delete"])
def test_a_stranger_is_sent_to_log_in_and_then_to_where_they_wanted(
    deployment: Deployment, owner: Stranger, page: str
) -> None:
    """P5."""
    wanted = page if page.startswith("/") else f"{add_product(owner)}/{page}"
    visitor = deployment.visitor()
    sent = visitor.get(wanted)
    assert sent.status in (302, 303)
    assert path_of(sent) == "/login"
    assert "next=" in sent.location
    account = demo(deployment)
    fields = {"email": account.email, "password": account.password}
    landed = visitor.submit(visitor.get(sent.location), fields)
    assert (landed.status, path_of(landed)) == (303, wanted)


def test_a_new_product_is_shown_and_a_refresh_makes_no_second_one(owner: Stranger) -> None:
    """P6."""
    fields = product(price="7", stock="0")
    made = owner.submit(owner.get("/products/new"), fields)
    assert made.status == 303
    shown = owner.get(made.location)
    assert shown.status == 200
    assert fields["name"] in shown.document.headings[0]
    assert "7.00" in shown.document.text
    owner.get(made.location)
    assert len(slugs(owner.get(f"/products?q={quote(fields['name'])}"), owner.site)) == 1


def test_two_products_may_have_the_same_name(owner: Stranger) -> None:
    """P6."""
    name = product()["name"]
    assert add_product(owner, name=name) != add_product(owner, name=name)


def test_a_name_without_letters_still_gets_an_address(owner: Stranger) -> None:
    """P6."""
    path = add_product(owner, name="!!!")
    assert owner.get(path).document.headings == ["!!!"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 121),
        ("description", "x" * 5001),
        ("price", ""),
        ("price", "1000000"),
        ("price", "ten"),
        ("stock", ""),
        ("stock", "1000001"),
        ("stock", "1.5"),
    ],
)
def test_what_does_not_fit_comes_back_with_a_message_beside_the_field(
    owner: Stranger, field: str, value: str
) -> None:
    """P6."""
    fields = product() | {field: value}
    page = owner.submit(owner.get("/products/new"), fields)
    assert refused(page, field), f"{page.status}: {page.document.text}"
    kept = page.form(fields).fields
    assert {name: kept[name] for name in fields if name != field} == {
        name: text for name, text in fields.items() if name != field
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 120),
        ("description", "x" * 5000),
        ("description", ""),
        ("price", "0"),
        ("price", "999999.99"),
        ("stock", "0"),
        ("stock", "1000000"),
    ],
)
def test_the_most_and_the_least_that_fits_is_taken(owner: Stranger, field: str, value: str) -> None:
    """P6."""
    path = add_product(owner, **{field: value})
    stored = owner.get(f"{path}/edit").form([field]).fields[field]
    assert stored == value or float(stored) == float(value)


def test_an_owner_edits_and_the_address_stays(owner: Stranger) -> None:
    """P7."""
    path = add_product(owner)
    changed = product()
    saved = owner.submit(owner.get(f"{path}/edit"), changed)
    assert (saved.status, path_of(saved)) == (303, path)
    assert changed["name"] in owner.get(path).document.headings[0]


def test_another_user_may_not_edit_or_delete(
    deployment: Deployment, owner: Stranger, member: tuple[Stranger, Account]
) -> None:
    """P7."""
    path = add_product(owner)
    before = owner.get(path).document.text
    other, _ = member
    own = add_product(other)
    for page in ("edit", "delete"):
        assert other.get(f"{path}/{page}").status == 403
        form = other.get(f"{own}/{page}").form(action=f"{own}/{page}")
        tried = other.post(f"{path}/{page}", form.fields | product())
        assert tried.status == 403
        assert is_own_page(tried)
    assert owner.get(path).document.text == before


def test_staff_may_edit_and_delete_anything(deployment: Deployment, owner: Stranger) -> None:
    """P7."""
    path = add_product(owner)
    staff = log_in(deployment, admin(deployment))
    changed = product()
    assert staff.submit(staff.get(f"{path}/edit"), changed).status == 303
    assert changed["name"] in owner.get(path).document.headings[0]
    page = staff.get(f"{path}/delete")
    assert staff.submit(page, {}, f"{path}/delete").status == 303
    assert owner.get(path).status == 404


def test_deleting_asks_first_and_happens_once(owner: Stranger) -> None:
    """P8."""
    path = add_product(owner)
    asked = owner.get(f"{path}/delete")
    assert asked.status == 200
    assert owner.get(path).status == 200
    assert owner.submit(asked, {}, f"{path}/delete").status == 303
    assert owner.get(path).status == 404
    assert owner.submit(asked, {}, f"{path}/delete").status == 404


def test_a_product_that_changed_meanwhile_comes_back_with_both_values(owner: Stranger) -> None:
    """P9."""
    path = add_product(owner)
    mine = owner.get(f"{path}/edit")
    theirs = product()
    assert owner.submit(owner.get(f"{path}/edit"), theirs).status == 303
    typed = product(price="1.23", stock="99")
    conflict = owner.submit(mine, typed)
    assert conflict.status == 409
    form = conflict.form(typed)
    assert {name: form.fields[name] for name in typed} == typed
    assert theirs["name"] in conflict.document.text
    assert theirs["name"] in owner.get(path).document.headings[0]
    assert owner.submit(conflict, typed).status == 303
    assert typed["name"] in owner.get(path).document.headings[0]


def test_of_eight_edits_at_the_same_time_one_wins(deployment: Deployment, owner: Stranger) -> None:
    """P9."""
    path = add_product(owner)
    page = owner.get(f"{path}/edit")

    def edit(_number: int) -> int:
        editor = deployment.visitor(cookies=owner.cookies)
        return editor.submit(page, product()).status

    assert sorted(at_once(edit, range(8))) == [303] + [409] * 7


def test_an_unknown_path_gets_the_sites_own_page(visitor: Stranger) -> None:
    """P10."""
    for path in ("/nothing", "/products/a/b/c", "/static/nothing.css", "/account/nothing"):
        page = visitor.get(path)
        assert page.status == 404, path
        if not path.startswith("/static"):
            assert is_own_page(page), path


def test_an_error_shows_its_number_and_nothing_else(deployment: Deployment) -> None:
    """P10. Breaks a table to get one."""
    deployment.may_fail = True
    try:
        with broken_table(deployment.database, "slug"):
            page = deployment.visitor().get("/products")
        assert page.status == 500
        assert is_own_page(page)
        assert page.headers["X-Request-ID"] in page.document.text
        assert "/products" in links_of(page, deployment.site)
        deployment.check_log()
        assert deployment.visitor().get("/products").status == 200
    finally:
        deployment.may_fail = False


def test_every_page_has_one_heading_a_language_and_labelled_fields(
    deployment: Deployment, owner: Stranger
) -> None:
    """P11."""
    for page in [*crawl(deployment.visitor()).values(), *crawl(owner).values()]:
        if page.headers.get_content_type() != "text/html":
            continue
        assert len(page.document.headings) == 1, page.url
        assert re.search(r"<html[^>]*\blang=\"?\w", page.text), page.url
        assert NAME in page.title, page.url
        for field in re.findall(r"<(?:input|textarea|select)\b[^>]*>", page.text):
            if not re.search(r'type="?(?:hidden|submit)', field):
                name = re.search(r'\bid="([^"]+)"', field)
                assert name, f"{page.url}: {field}"
                assert f'for="{name.group(1)}"' in page.text, f"{page.url}: {field}"


def test_every_link_leads_somewhere(deployment: Deployment, owner: Stranger) -> None:
    """P11."""
    for visitor in (deployment.visitor(), owner):
        for address, page in crawl(visitor).items():
            assert page.status == 200, address


def test_head_is_like_get_without_a_body(deployment: Deployment, owner: Stranger) -> None:
    """P12."""
    alike = ("Content-Type", "Content-Security-Policy", "Cache-Control", "Location")
    visitor = deployment.visitor()
    asked = [(visitor, path) for path in (*FIRST_PAGES, "/nothing", "/account", "/healthz")]
    for who, path in [*asked, (owner, "/account"), (owner, "/products/new")]:
        got, head = who.get(path), who.request("HEAD", path)
        assert head.status == got.status, path
        assert head.body == b""
        assert [head.headers[name] for name in alike] == [got.headers[name] for name in alike]


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("/favicon.ico", ("image/x-icon", "image/vnd.microsoft.icon")),
        ("/robots.txt", ("text/plain",)),
    ],
)
def test_what_browsers_and_robots_ask_for_is_there(
    visitor: Stranger, path: str, kinds: tuple[str, ...]
) -> None:
    """P13."""
    page = visitor.get(path)
    assert page.status == 200
    assert page.headers.get_content_type() in kinds
    assert page.body


@pytest.mark.parametrize("path", ["/products/", "/login/", "/account/", "/products/new/"])
def test_a_path_with_a_slash_at_its_end_leads_to_the_one_without(
    visitor: Stranger, path: str
) -> None:
    """P4."""
    page = visitor.get(path)
    assert path_of(page) == path.rstrip("/") or page.status == 200


def test_logging_in_lands_on_the_front_page(deployment: Deployment) -> None:
    """P5."""
    page = try_to_log_in(deployment.visitor(), demo(deployment))
    assert (page.status, path_of(page)) == (303, "/")
