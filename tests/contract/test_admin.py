"""G. The admin panel: who may in, what the staff finds there, and what it can do.

That its headers are right is said in `test_headers.py`, with those of all other pages.
"""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from headstart.proof.page import Page

from .admin import (
    ROWS,
    Panel,
    Table,
    ask,
    complaint,
    confirm,
    delete,
    number_of,
    own_form,
    own_forms,
    save,
)
from .api import Client, add, client_of, value_of
from .crawling import links_of
from .deployments import Deployment, Stranger
from .people import (
    FORM_AGAIN,
    GONE,
    Account,
    add_product,
    admin,
    at_once,
    demo,
    is_logged_in,
    path_of,
    product,
    try_to_log_in,
)

BELOW = ("/admin/nothing", "/admin/nothing/here/", "/admin/login", "/admin/login/", "/admin/.env")
OTHER_WAYS = (
    "/%61dmin",
    "/admin%2f",
    "/admin//",
    "/admin/./",
    "//admin/",
    "/admin/%2e%2e/admin",
    "/products/../admin",
    "/admin;x",
    "/admin/%00",
    "/ADMIN",
)
METHODS = ("POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
CONFLICT = "Somebody changed this product while you were editing it. Nothing of yours is saved"
PARALLEL = 8


def addresses(panel: Panel) -> list[str]:
    """Return addresses of all kinds that are below /admin."""
    found = ["/admin", "/admin/"]
    for table in (panel.products, panel.users):
        found += [table.index, table.edit.format(1), table.delete.format(1)]
    return [*found, panel.products.add, *BELOW]


def edit(staff: Stranger, panel: Panel, number: int, **fields: str) -> Page:
    """Change a product."""
    return save(staff, staff.get(panel.products.edit.format(number)), fields)


def owner_for(staff: Stranger, panel: Panel, account: Account) -> str:
    """Return what is written into the form of a product that belongs to an account."""
    if panel.owner_by == "email":
        return account.email
    return str(number_of(staff, panel, account.email))


def now(client: Client, number: int) -> dict[str, object]:
    """Return what a product is, as everybody sees it; nothing when it is gone."""
    page = client.get(f"/api/products/{number}")
    return value_of(page) if page.status == 200 else {}


# Who may in


def test_a_stranger_is_sent_to_log_in(visitor: Stranger, panel: Panel) -> None:
    """G1."""
    for path in addresses(panel):
        page = visitor.get(path)
        assert page.status in GONE, path
        assert path_of(page) == "/login", path
        (back,) = parse_qs(urlsplit(page.location).query)["next"]
        assert back.rstrip("/") == path.rstrip("/")
        for method in METHODS:
            answer = visitor.request(method, path)
            assert answer.status in (*GONE, 403), f"{method} {path}: {answer.status}"
            assert not answer.location or path_of(answer) == "/login"


def test_after_logging_in_the_staff_is_where_it_wanted(
    deployment: Deployment, panel: Panel
) -> None:
    """G1."""
    wanted = panel.products.found("lamp & jug")
    visitor = deployment.visitor()
    account = admin(deployment)
    login = visitor.follow(visitor.get(wanted))
    fields = {"email": account.email, "password": account.password}
    landed = visitor.submit(login, fields)
    assert landed.status == 303
    assert landed.location == deployment.site + wanted
    assert own_search(visitor.get(landed.location), panel.products) == "lamp & jug"


def own_search(page: Page, table: Table) -> str:
    """Return what a list says it was searched for."""
    assert page.status == 200
    (form,) = (form for form in page.forms if table.search in form.fields)
    return form.fields[table.search]


def test_an_ordinary_user_may_not_in_anywhere(
    deployment: Deployment, owner: Stranger, panel: Panel
) -> None:
    """G1."""
    token = owner.get("/account").form(action="/logout").fields
    for path in addresses(panel):
        page = owner.get(path)
        assert page.status == 403, path
        assert len(page.document.headings) == 1
        assert owner.post(path, token).status == 403, path
        for method in METHODS:
            status = owner.request(method, path, headers={"Origin": owner.site}).status
            assert status == 403, f"{method} {path}: {status}"
    assert not any(link.startswith("/admin") for link in links_of(owner.get("/"), owner.site))


def test_no_way_of_writing_an_address_leads_past_the_door(
    visitor: Stranger, owner: Stranger
) -> None:
    """G1."""
    for path in OTHER_WAYS:
        for who in (visitor, owner):
            page = who.get(path)
            assert page.status in (*GONE, 301, 307, 308, 400, 403, 404), f"{path}: {page.status}"
            if page.location:
                assert path_of(page) in ("/login", "/admin", "/admin/"), page.location


def test_there_is_no_second_way_to_log_in(deployment: Deployment, panel: Panel) -> None:
    """G1, A5. So the limits of the one there is hold for the panel."""
    account = admin(deployment)
    for path in ("/admin/login", "/admin/login/", "/admin", panel.start):
        visitor = deployment.visitor()
        fields = visitor.get("/login").form(["email"]).fields
        typed = {"email": account.email, "username": account.email, "password": account.password}
        page = visitor.post(path, fields | typed)
        assert page.status in (*GONE, 308, 403, 404), path
        assert not is_logged_in(visitor)


def test_the_staff_finds_the_way_in_and_back(staff: Stranger, panel: Panel) -> None:
    """G1."""
    assert panel.start in links_of(staff.get("/"), staff.site)
    page = staff.follow(staff.get("/admin"))
    assert page.status == staff.follow(staff.get("/admin/")).status == 200
    links = set(links_of(page, staff.site))
    assert {"/", panel.products.index, panel.users.index} <= links
    for path in BELOW:
        assert staff.follow(staff.get(path)).status == 404, path
    for path in links_of(page, staff.site):
        if path.startswith("/admin"):
            known = "|".join((panel.products.index, panel.users.index, "/admin/?$"))
            parents = {"/admin/catalogue/", "/admin/accounts/"}
            assert re.match(known, path) or path in parents, f"G1. shows {path}"


def test_who_is_no_longer_staff_or_logged_out_is_out_at_once(
    deployment: Deployment, staff: Stranger, panel: Panel, member: tuple[Stranger, Account]
) -> None:
    """G1. And who becomes staff is in."""
    visitor, account = member
    form = panel.users.edit.format(number_of(staff, panel, account.email))
    assert visitor.get(panel.products.index).status == 403
    assert save(staff, staff.get(form), {"is_staff": "on"}).status in GONE
    assert visitor.get(panel.products.index).status == 200
    assert visitor.get(panel.products.add).status == 200
    old = deployment.visitor(cookies=visitor.cookies)
    page = visitor.get(panel.products.add)
    assert save(staff, staff.get(form), {}, "is_staff").status in GONE
    assert visitor.get(panel.products.index).status == 403
    assert save(visitor, page, product()).status == 403
    visitor.submit(visitor.get("/account"), {}, "/logout")
    assert old.get(panel.products.index).status in GONE


# Products: looking


def test_a_list_shows_what_there_is_to_know(
    staff: Stranger, panel: Panel, seller: Client, deployment: Deployment
) -> None:
    """G1."""
    _, made = add(seller, price="1234.50", stock=4711)
    page = staff.get(panel.products.index)
    assert panel.products.rows(page)[0] == made["id"]
    text = page.document.text
    for shown in (made["name"], "1234.50", "4711", made["owner"]):
        assert shown in text.replace(",", "")
    page = staff.get(panel.users.index)
    for account in (demo(deployment), admin(deployment)):
        page = staff.get(panel.users.found(account.email))
        assert account.email in page.document.text
    assert made["owner"] in staff.get(panel.users.found(demo(deployment).email)).document.text


def test_twenty_five_come_to_a_page(staff: Stranger, panel: Panel, seller: Client) -> None:
    """G1."""
    table = panel.products
    for _ in range(3):
        add(seller)
    first = table.rows(staff.get(table.index))
    assert len(first) == ROWS
    second = f"{table.index}?{panel.pages}={panel.second}"
    assert any(
        f"{panel.pages}={panel.second}" in link for link in staff.get(table.index).document.links
    )
    rest = table.rows(staff.get(second))
    assert rest
    assert not set(first) & set(rest)
    assert staff.get(f"{table.index}?{panel.pages}=999999").status in (404, 422)


def test_a_search_finds_words_as_they_are(staff: Stranger, panel: Panel, seller: Client) -> None:
    """G1."""
    table = panel.products
    by_name = add(seller, name="Perspicuous tray 50%_")[1]["id"]
    by_words = add(seller, description="Some call it PERSPICUOUS in the dark.")[1]["id"]
    assert set(table.rows(staff.get(table.found("perspicuous")))) == {by_name, by_words}
    assert table.rows(staff.get(table.found("tray 50%_"))) == [by_name]
    page = staff.get(table.found("perspicuous tray"))
    assert table.rows(page) == [by_name]
    assert own_search(page, table) == "perspicuous tray"
    for words in (
        "persp_cuous",
        "nothing-is-called-this",
        "perspicuous%tray",
        "perspicuous' OR '1'='1",
    ):
        page = staff.get(table.found(words))
        assert page.status == 200
        assert table.rows(page) == [], words


def test_filters_and_orders_go_with_a_search(staff: Stranger, panel: Panel, seller: Client) -> None:
    """G1."""
    table = panel.products
    cheap, dear, gone = (
        add(seller, name=f"Gallimaufry {name}", price=price, stock=stock)[1]["id"]
        for name, price, stock in (("b", "2.00", 3), ("a", "10.00", 1), ("c", "3.00", 0))
    )

    def found(*more: str) -> list[int]:
        return table.rows(staff.get(table.found("gallimaufry", *more)))

    assert set(found()) == {cheap, dear, gone}
    assert set(found(table.filters["in stock"])) == {cheap, dear}
    assert found(table.filters["sold out"]) == [gone]
    upwards, downwards = table.sorts
    assert found(upwards) == [cheap, gone, dear]
    assert found(downwards) == [dear, gone, cheap]
    assert found(table.filters["in stock"], upwards) == [cheap, dear]


# Products: changing


def test_a_product_is_added(
    deployment: Deployment, staff: Stranger, panel: Panel, seller: Client
) -> None:
    """G1, A13."""
    fields = product(name="Added by the staff")
    fields |= {panel.owner: owner_for(staff, panel, demo(deployment))}
    more = {"id": "1", "slug": "mine", "version": "7", "created_at": "2000-01-01"}
    made = save(staff, staff.get(panel.products.add), fields | more)
    assert made.status in GONE, made.document.text
    assert staff.follow(made).status == 200
    (number,) = panel.products.rows(staff.get(panel.products.found(fields["name"])))
    said = now(seller, number)
    assert {name: str(said[name]) for name in product()} == {n: fields[n] for n in product()}
    assert said["owner"] == value_of(seller.get("/api/me"))["display_name"]
    assert said["version"] == 1
    assert said["slug"] not in ("", "mine")
    assert fields["name"] in deployment.visitor().get(f"/products/{said['slug']}").document.text


def test_a_product_is_changed(
    deployment: Deployment, staff: Stranger, panel: Panel, seller: Client
) -> None:
    """G1. Its version counts up, its address stays."""
    path, before = add(seller)
    fields = {"name": "Renamed by the staff", "description": "a\r\nb", "price": "0", "stock": "0"}
    fields |= {panel.owner: owner_for(staff, panel, admin(deployment))}
    saved = edit(staff, panel, before["id"], **fields, slug="mine", id="1")
    assert saved.status in GONE, saved.document.text
    assert path_of(saved).startswith("/admin/")
    after = value_of(seller.get(path))
    assert after["name"] == fields["name"]
    assert after["description"].split() == ["a", "b"]
    assert (after["price"], after["stock"]) == ("0.00", 0)
    assert after["owner"] != before["owner"]
    assert (after["slug"], after["created_at"]) == (before["slug"], before["created_at"])
    assert after["version"] == before["version"] + 1
    assert after["updated_at"] > before["updated_at"]
    page = deployment.visitor().get(f"/products/{after['slug']}")
    assert fields["name"] in page.document.text
    assert seller.patch(path, {"stock": 1}).status == 403


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", ("", "   ", "x" * 121, "a\x01b", "\x85")),
        ("description", ("x" * 5001,)),
        ("price", ("", "x", "-1", "1.234", "1000000", "NaN", "Infinity", "1e400", "9" * 40)),
        ("stock", ("", "x", "-1", "1.5", "1000001", "9" * 40, str(2**63))),
        ("owner", ("", "x", "nobody@example.com", "0", "9" * 18, "9" * 40, "-1")),
    ],
)
def test_a_wrong_value_gives_the_form_again_and_nothing_is_stored(
    staff: Stranger, panel: Panel, seller: Client, field: str, values: tuple[str, ...]
) -> None:
    """G1, I7."""
    path, before = add(seller)
    name = panel.owner if field == "owner" else field
    new = product(name="Not to be stored")
    for value in values:
        for address in (panel.products.edit.format(before["id"]), panel.products.add):
            asked = staff.get(address)
            page = save(staff, asked, new | {name: value})
            assert page.status in FORM_AGAIN, f"{address} {value!r}: {page.status}"
            assert complaint(page, name), f"{address} {value!r}: no message beside {name}"
            if field not in ("name", "owner"):
                assert own_form(page).fields["name"] == "Not to be stored"
    assert value_of(seller.get(path)) == before
    assert value_of(seller.get("/api/products?q=not+to+be+stored"))["total"] == 0


def test_nobody_overwrites_what_they_have_not_seen(
    staff: Stranger, owner: Stranger, panel: Panel, seller: Client
) -> None:
    """G1, P9. Whether the other change came from the panel, from a page, or from a program."""
    path, made = add(seller)
    form = panel.products.edit.format(made["id"])
    mine = {"name": "Mine"}

    def by_program() -> None:
        assert seller.patch(path, {"name": "A program's"}).status == 200

    def by_page() -> None:
        page = owner.get(f"/products/{made['slug']}/edit")
        assert owner.submit(page, {"name": "A person's"}).status == 303

    def by_staff() -> None:
        assert edit(staff, panel, made["id"], name="The staff's").status in GONE

    for change in (by_program, by_page, by_staff):
        seen = staff.get(form)
        change()
        stored = value_of(seller.get(path))
        page = save(staff, seen, mine)
        assert page.status in (*FORM_AGAIN, 409)
        assert CONFLICT in page.document.text
        assert own_form(page).fields["name"] == "Mine"
        # The form that came back is as old as the one before.
        assert CONFLICT in save(staff, page, mine).document.text
        assert value_of(seller.get(path)) == stored
    for version in ("", "x", "0", "-1", "9" * 40, "1.0"):
        page = save(staff, staff.get(form), mine | {"version": version})
        assert page.status in (*FORM_AGAIN, 409), version
    assert save(staff, staff.get(form), mine, "version").status in (*FORM_AGAIN, 409)
    assert value_of(seller.get(path)) == stored
    assert edit(staff, panel, made["id"], **mine).status in GONE


def test_of_changes_at_the_same_time_one_counts(
    deployment: Deployment, staff: Stranger, panel: Panel, seller: Client
) -> None:
    """G1, P9."""
    path, made = add(seller)
    seen = staff.get(panel.products.edit.format(made["id"]))
    browsers = [deployment.visitor(cookies=staff.cookies) for _ in range(PARALLEL)]
    saved = at_once(
        lambda one: save(one[1], seen, {"stock": str(one[0])}), list(enumerate(browsers, 100))
    )
    assert sum(page.status in GONE for page in saved) == 1
    assert value_of(seller.get(path))["version"] == made["version"] + 1


def test_a_product_is_deleted_after_a_question(
    deployment: Deployment, staff: Stranger, panel: Panel, seller: Client
) -> None:
    """G1."""
    path, made = add(seller)
    address = panel.products.delete.format(made["id"])
    question = staff.get(address)
    assert made["name"] in question.document.text
    assert seller.get(path).status == 200
    deleted = confirm(staff, panel.products, question)
    assert deleted.status in GONE
    assert staff.follow(deleted).status == 200
    assert seller.get(path).status == 404
    assert deployment.visitor().get(f"/products/{made['slug']}").status == 404
    assert confirm(staff, panel.products, question).status in (404, 422)
    for gone in (address, panel.products.edit.format(made["id"])):
        assert staff.get(gone).status == 404


def test_several_products_are_deleted_after_one_question(
    staff: Stranger, panel: Panel, seller: Client
) -> None:
    """G1."""
    made = [add(seller)[1] for _ in range(4)]
    numbers = [one["id"] for one in made[:3]]
    question = ask(staff, panel.products, *numbers)
    shown = [one["name"] in question.document.text for one in made]
    assert shown == [True, True, True, False]
    assert all(now(seller, one["id"]) for one in made)
    # One of them goes while the staff is thinking.
    assert delete(staff, panel.products, numbers[0]).status in GONE
    assert confirm(staff, panel.products, question, numbers).status in GONE
    assert [bool(now(seller, one["id"])) for one in made] == [False, False, False, True]


def test_who_deletes_at_the_same_time_disturbs_nobody(
    deployment: Deployment, staff: Stranger, panel: Panel, seller: Client
) -> None:
    """G1."""
    made = add(seller)[1]
    question = staff.get(panel.products.delete.format(made["id"]))
    browsers = [deployment.visitor(cookies=staff.cookies) for _ in range(PARALLEL)]
    done = at_once(lambda one: confirm(one, panel.products, question), browsers)
    assert all(page.status in (*GONE, 404) for page in done)
    assert not now(seller, made["id"])


def test_nothing_is_deleted_without_a_selection(
    staff: Stranger, panel: Panel, seller: Client
) -> None:
    """G1."""
    before = value_of(seller.get("/api/products"))["total"]
    page = staff.follow(ask(staff, panel.products))
    assert page.status in (200, 400, 404, 422)
    assert value_of(seller.get("/api/products"))["total"] == before


# Users


def test_nobodys_password_is_shown(
    staff: Stranger, panel: Panel, member: tuple[Stranger, Account]
) -> None:
    """G1."""
    table = panel.users
    number = number_of(staff, panel, member[1].email)
    for path in (table.index, table.edit.format(number), table.delete.format(number)):
        page = staff.get(path)
        assert page.status == 200
        for word in ("password", "argon2", "$m=", "fingerprint", "session_key"):
            assert word not in page.text.lower(), f"{path}: {word}"
        fields = [form.fields for form in own_forms(page)]
        assert not any("password" in name or "hash" in name for form in fields for name in form)


def test_users_are_found_and_filtered(
    staff: Stranger, panel: Panel, member: tuple[Stranger, Account]
) -> None:
    """G1."""
    table, email = panel.users, member[1].email
    number = number_of(staff, panel, email.upper())
    assert table.rows(staff.get(table.found(email, table.filters["not staff"]))) == [number]
    assert table.rows(staff.get(table.found(email, table.filters["staff"]))) == []
    assert table.rows(staff.get(table.found(f"{email}x"))) == []
    assert table.rows(staff.get(table.found(email, table.sorts[1]))) == [number]


def test_a_user_is_changed_in_nothing_but_name_and_right(
    staff: Stranger, panel: Panel, member: tuple[Stranger, Account]
) -> None:
    """G1, A13."""
    visitor, account = member
    form = panel.users.edit.format(number_of(staff, panel, account.email))
    for name in ("", "  ", "x" * 81, "a\x01b"):
        page = save(staff, staff.get(form), {"display_name": name})
        assert page.status in FORM_AGAIN
        assert complaint(page, "display_name"), repr(name)
    planted = {
        "email": "planted@example.com",
        "password": "x" * 20,
        "password_hash": "x",
        "id": "1",
    }
    changed = save(staff, staff.get(form), planted | {"display_name": "Countess", "is_staff": "on"})
    assert changed.status in GONE
    assert own_form(staff.get(form)).fields["display_name"] == "Countess"
    text = visitor.get("/account").document.text + visitor.get("/account").text
    assert "Countess" in text
    assert account.email in text
    assert number_of(staff, panel, account.email)
    assert try_to_log_in(staff.deployment.visitor(), account).status == 303


def test_users_are_not_made_here(staff: Stranger, panel: Panel) -> None:
    """G1."""
    form = own_form(staff.get(panel.users.edit.format(number_of(staff, panel, "demo@example.com"))))
    new = form.fields | {"email": "made@example.com", "display_name": "Made", "password": "x" * 20}
    for end in ("add/", "new/", "create"):
        path = panel.products.add.replace(panel.products.index, panel.users.index)
        for address in (f"{panel.users.index.rpartition('/')[0]}/{end}", path):
            if address != panel.products.add:
                for page in (staff.get(address), staff.post(address, new)):
                    assert page.status in (403, 404, 405) or page.location, address
    assert panel.users.rows(staff.get(panel.users.found("made@example.com"))) == []


def test_nobody_deletes_themselves_or_takes_their_own_right_away(
    deployment: Deployment, staff: Stranger, panel: Panel, member: tuple[Stranger, Account]
) -> None:
    """G1."""
    table = panel.users
    me = number_of(staff, panel, admin(deployment).email)
    other = number_of(staff, panel, member[1].email)
    # The question about somebody else has all that it takes.
    question = staff.get(table.delete.format(other))
    fields = own_form(question).fields
    page = staff.post(table.delete.format(me), fields | {table.row: str(me)})
    assert page.status in (*GONE, 403, 409, 422)
    assert not own_forms(staff.follow(staff.get(table.delete.format(me))))[1:]
    if table.row:
        ask(staff, table, me, other)
        for row in ([other, me], [me, other]):
            rows = [(table.row, str(number)) for number in row]
            others = [pair for pair in fields.items() if pair[0] != table.row]
            address = f"{urlsplit(table.delete).path}?{table.row}={me}&{table.row}={other}"
            staff.post(address, [*others, *rows])
    page = save(staff, staff.get(table.edit.format(me)), {"display_name": "Boss"}, "is_staff")
    for value in ("", "0", "false", "off"):
        save(staff, staff.get(table.edit.format(me)), {"is_staff": value}, "is_active")
    assert staff.get(table.index).status == 200
    assert number_of(staff, panel, admin(deployment).email) == me
    assert number_of(staff, panel, member[1].email) == other
    save(staff, staff.get(table.edit.format(me)), {"display_name": "Admin", "is_staff": "on"})


def test_a_user_goes_with_their_products_session_and_tokens(
    deployment: Deployment, staff: Stranger, panel: Panel, member: tuple[Stranger, Account]
) -> None:
    """G1."""
    visitor, account = member
    program = client_of(deployment, account)
    path = add_product(visitor)
    address = panel.users.delete.format(number_of(staff, panel, account.email))
    question = staff.get(address)
    assert account.email in question.document.text
    assert "roducts" in own_text(question)
    assert is_logged_in(visitor)
    assert confirm(staff, panel.users, question).status in GONE
    assert deployment.visitor().get(path).status == 404
    assert not is_logged_in(visitor)
    assert not program.is_somebody()
    assert try_to_log_in(deployment.visitor(), account).status in FORM_AGAIN
    assert confirm(staff, panel.users, question).status in (404, 422)


def own_text(page: Page) -> str:
    """Return the text of a page after its heading."""
    return page.document.text.partition(page.document.headings[0].strip())[2]


# What is left behind


def test_every_change_leaves_a_line_in_the_log_without_what_was_written(
    deployment: Deployment, staff: Stranger, panel: Panel, seller: Client
) -> None:
    """G1, U5."""
    me = number_of(staff, panel, admin(deployment).email)
    number = add(seller)[1]["id"]
    before = len(deployment.log.read_text(encoding="utf-8"))
    edit(staff, panel, number, name="Unspeakable", description="Unspeakable")
    delete(staff, panel.products, number)
    log = deployment.log.read_text(encoding="utf-8")[before:]
    assert "unspeakable" not in log.lower()
    lines = re.findall(rf"user {me} (chang|delet)\w* product {number}\b", log, re.IGNORECASE)
    assert lines == ["chang", "delet"]


def test_no_page_of_the_panel_is_kept_by_a_cache(
    staff: Stranger, panel: Panel, seller: Client
) -> None:
    """H5."""
    number = add(seller)[1]["id"]
    table = panel.products
    paths = [panel.start, table.index, table.add, table.edit.format(number), panel.users.index]
    pages = [staff.get(path) for path in (*paths, table.delete.format(number))]
    pages.append(edit(staff, panel, number, name=""))
    pages.append(staff.follow(edit(staff, panel, number, name="Kept?")))
    for page in pages:
        assert "no-store" in (page.headers["Cache-Control"] or ""), f"{page.method} {page.url}"
        assert "public" not in page.headers["Cache-Control"]


def test_saving_leads_to_no_other_site(staff: Stranger, panel: Panel, seller: Client) -> None:
    """A6."""
    number = add(seller)[1]["id"]
    for evil in ("https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)"):
        for name in ("url", "next", "_changelist_filters", "return_url", "save"):
            address = panel.products.edit.format(number)
            joined = f"{address}{'&' if '?' in address else '?'}{name}={quote(evil)}"
            page = staff.get(joined)
            if page.status == 200:
                assert not any(link.startswith(evil) for link in page.document.links)
                page = save(staff, page, {name: evil})
            if page.location:
                assert page.location.startswith(f"{staff.site}/admin"), page.location
