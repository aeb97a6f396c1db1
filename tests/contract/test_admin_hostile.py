"""G2. The admin panel under C and I: what others make its staff send, and what is no sense."""

from urllib.parse import quote, urlsplit

import pytest

from headstart.proof.page import Page

from .admin import PANELS, Panel, ask, number_of, own_form, save, target_of
from .api import Client, add, value_of
from .crawling import Change, changes, crawl
from .deployments import Deployment, Stranger
from .people import GONE, admin, product, register, somebody
from .test_cross_site import EVIL
from .test_hostile import MARKUP, REFUSED, send_bytes

NO_TEXT = ("a%00b", "%FF", "a%C3", "%ED%A0%80", "%C0%80", "%80")
NO_NUMBERS = (
    *("0", "-1", "abc", "1.5", "1e3", "0x1", "99999999", "1'--", "1%20OR%201=1", "..%2f1", "_"),
    *(str(2**31), str(2**63), "9" * 100, "", *NO_TEXT),
)
NO_PAGES = ("-1", "abc", "1e3", "1.5", str(10**18), "9" * 100, "0x1", *NO_TEXT)
NONSENSE = (
    *("", "-1", "99", "1.1.1.1", "9" * 40, "sNaN", "2000-99-99", "a" * 1500),
    *("%27", "id;--", "password_hash", "__class__", "owner.password"),
)
# What the libraries take from an address, or once did.
PARAMETERS = (
    *("url", "next", "page_size", "pageSize", "endpoint", "_method", "_scheme", "_external"),
    *("_changelist_filters", "_popup", "_to_field", "_facets", "all", "e", "lang", "rowid"),
    *("action", "post", "confirm", "return_url"),
    *("flt_", "flt0_", "flt9_x", "created_at__gte", "sessions__id", "id__in", "pks", "id"),
)
REFUSED_OR_SHOWN = (200, *GONE, 308, 400, 404, 422)


class Everything:
    """Every form of the panel that changes something, and what it could change."""

    def __init__(self, deployment: Deployment, staff: Stranger, panel: Panel, seller: Client):
        self.staff, self.panel, self.seller = staff, panel, seller
        self.products = [add(seller) for _ in range(4)]
        self.user, self.account = register(deployment)
        number = number_of(staff, panel, self.account.email)
        one, two, *several = (made["id"] for _, made in self.products)
        products, users = panel.products, panel.users
        self.form = users.edit.format(number)
        self.pages = [
            staff.get(products.add),
            staff.get(products.edit.format(one)),
            staff.get(products.delete.format(two)),
            ask(staff, products, *several),
            staff.get(self.form),
            staff.get(users.delete.format(number)),
        ]
        if products.ask:
            self.pages.append(staff.get(products.index))
        self.changes = [Change(staff, path_of(page), own_form(page)) for page in self.pages]
        self.values = product(name="Planted by another") | {"display_name": "Planted"}
        self.values[panel.owner] = admin(deployment).email
        if panel.owner_by == "id":
            self.values[panel.owner] = str(number_of(staff, panel, admin(deployment).email))

    def state(self) -> tuple[object, ...]:
        """Return all that one of the forms could have changed."""
        fields = own_form(self.staff.get(self.form)).fields
        return (
            [value_of(self.seller.get(path)) for path, _ in self.products],
            value_of(self.seller.get("/api/products?q=planted+by+another"))["total"],
            {name: value for name, value in fields.items() if "csrf" not in name},
        )


def path_of(page: Page) -> str:
    """Return the path, with its query, to which the form of a page is sent."""
    return target_of(page).removeprefix("https://shop.test")


def joined(path: str, more: str) -> str:
    """Return an address with more in its query."""
    return f"{path}{'&' if '?' in path else '?'}{more}"


@pytest.fixture(scope="module")
def everything(
    running_deployment: Deployment, staff: Stranger, framework: str, seller: Client
) -> Everything:
    return Everything(running_deployment, staff, PANELS[framework], seller)


# Cross-site requests


def test_without_the_right_token_nothing_changes(everything: Everything, owner: Stranger) -> None:
    """C1."""
    foreign = changes(owner, "/products/new")[0]
    before = everything.state()
    for change in everything.changes:
        sent = change.filled_in(everything.values)
        without = {name: value for name, value in sent.items() if name != change.token}
        tokens = ("", "garbage", "ßöö 😀", "x" * 10_000, foreign.form.fields[foreign.token])
        for fields in (without, *(sent | {change.token: token} for token in tokens)):
            page = change.visitor.post(change.path, fields)
            assert page.status == 403, f"{change.path} with {fields.get(change.token)!r}"
    assert everything.state() == before


def test_a_token_in_the_address_does_not_count(everything: Everything) -> None:
    """C2."""
    before = everything.state()
    for change in everything.changes:
        sent = change.filled_in(everything.values)
        token = sent.pop(change.token)
        address = joined(change.path, f"{change.token}={quote(token)}")
        assert change.visitor.post(address, sent).status == 403, change.path
    assert everything.state() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Origin": "http://shop.test"},
        {"Origin": EVIL, "Referer": "https://shop.test/admin"},
        {"Sec-Fetch-Site": "cross-site", "Origin": EVIL},
    ],
    ids=str,
)
def test_a_form_sent_from_another_site_changes_nothing(
    everything: Everything, headers: dict[str, str]
) -> None:
    """C3."""
    before = everything.state()
    for change in everything.changes:
        page = change.visitor.post(change.path, change.filled_in(everything.values), headers)
        assert page.status == 403, f"{change.path} with {headers}"
    assert everything.state() == before


def test_nothing_is_changed_by_looking(everything: Everything) -> None:
    """C4."""
    before = everything.state()
    staff = everything.staff
    for change in everything.changes:
        sent = "&".join(
            f"{name}={quote(value)}" for name, value in change.filled_in(everything.values).items()
        )
        more = f"{sent}&post=yes&action=delete_selected&_method=POST&confirm=1&save=1"
        for method in ("GET", "HEAD", "OPTIONS"):
            staff.request(method, joined(change.path, more))
        for method in ("PUT", "PATCH", "DELETE", "TRACE"):
            page = staff.request(method, change.path, headers={"Origin": staff.site})
            assert page.status in (200, 403, 404, 405, 501), (
                f"{method} {change.path}: {page.status}"
            )
        staff.get(change.path, {"X-HTTP-Method-Override": "POST"})
    for page in crawl(staff, everything.panel.start).values():
        assert page.status == 200, page.url
    assert everything.state() == before


def test_with_the_right_token_each_of_them_changes_something(
    deployment: Deployment, staff: Stranger, panel: Panel, seller: Client
) -> None:
    """C1. So what was refused above was refused for its token."""
    everything = Everything(deployment, staff, panel, seller)
    for change in everything.changes[:6]:
        page = change.visitor.post(change.path, change.filled_in(everything.values))
        assert page.status in GONE, f"{change.path}: {page.status}"
    assert value_of(seller.get("/api/products?q=planted+by+another"))["total"] >= 1
    assert [seller.get(path).status for path, _ in everything.products][:2] == [200, 404]
    assert staff.get(everything.form).status == 404


# Hostile input


@pytest.mark.parametrize("payload", MARKUP)
def test_markup_comes_back_as_text(
    staff: Stranger, panel: Panel, seller: Client, payload: str
) -> None:
    """I1."""
    table = panel.products
    new = staff.get(table.add)
    owner = {} if panel.owner_by == "id" else {panel.owner: "demo@example.com"}
    again = save(staff, new, product(name=payload, description=payload, price=payload) | owner)
    saved = save(staff, new, product(name=payload, description=payload) | owner)
    assert saved.status in GONE, saved.document.text
    # The first look has a message, which may say what was added.
    shown = staff.follow(saved)
    number, *_ = table.rows(staff.get(table.index))
    other = add(seller, name=payload)[1]["id"]
    form = staff.get(table.edit.format(number))
    assert own_form(form).fields["name"] == own_form(again).fields["name"] == payload
    assert own_form(form).fields["description"] == payload
    told = [
        staff.get(table.index),
        staff.get(table.delete.format(number)),
        ask(staff, table, number, other),
    ]
    for page in told:
        assert payload in page.document.text, page.url
    typed = quote(payload, safe="")
    searched = [
        staff.get(f"{table.index}?{name}={typed}")
        for name in (*table.asked, panel.pages, *panel.sort, "url", "x")
    ]
    stale = save(staff, form, {"version": "0", "name": payload})
    pages = [again, shown, form, *told, *searched, stale]
    for page in pages:
        assert page.status in (200, 400, 404, 409, 422), page.url
        if "<" in payload:
            assert payload not in page.text, page.url
        assert not any(link.startswith("javascript") for link in page.document.links)


@pytest.mark.parametrize("payload", [MARKUP[0], MARKUP[4], MARKUP[7]])
def test_markup_in_a_persons_name_is_text(
    deployment: Deployment, staff: Stranger, panel: Panel, payload: str
) -> None:
    """I1."""
    visitor, account = register(deployment, somebody(display_name=payload))
    table = panel.users
    number = number_of(staff, panel, account.email)
    made = visitor.submit(visitor.get("/products/new"), product())
    assert made.status == 303
    form = staff.get(table.edit.format(number))
    assert own_form(form).fields["display_name"] == payload
    told = [staff.get(table.found(account.email)), staff.get(panel.products.index)]
    for page in told:
        assert payload in page.document.text, page.url
    pages = [form, *told, staff.get(table.delete.format(number))]
    pages.append(staff.follow(save(staff, form, {"display_name": f"{payload} too"})))
    assert save(staff, staff.get(table.edit.format(number)), {"is_staff": "on"}).status in GONE
    pages.append(visitor.follow(visitor.get("/admin")))
    for page in pages:
        assert page.status == 200
        if "<" in payload:
            assert payload not in page.text, page.url


def test_bytes_that_are_no_text_are_refused_in_every_field(everything: Everything) -> None:
    """I3, I4."""
    before = everything.state()
    for change in everything.changes:
        for field in {*change.form.fields, "is_staff", everything.panel.products.row}:
            for value in NO_TEXT:
                status = send_bytes(change, field, value, everything.values)
                allowed = (*REFUSED, 403) if field == change.token else REFUSED
                assert status in allowed, f"{change.path} {field}={value}: {status}"
    assert everything.state() == before


def test_what_is_no_number_of_a_row_is_refused(everything: Everything) -> None:
    """I2, I3, I4."""
    staff, panel, before = everything.staff, everything.panel, everything.state()
    form = everything.changes[0]
    token = {form.token: form.form.fields[form.token]}
    for table in (panel.products, panel.users):
        for value in NO_NUMBERS:
            for address in (table.edit, table.delete):
                path = address.format(value)
                for page in (staff.get(path), staff.post(path, token)):
                    page = staff.follow(page) if page.location else page
                    shown = page.status == 200 and not table.rows(page)
                    assert page.status in (400, 404, 405, 422) or not shown, (
                        f"{path}: {page.status}"
                    )
        if table.row:
            for value in NO_NUMBERS:
                rows = f"{table.row}={value}"
                staff.get(joined(table.index, rows))
                fields = "&".join(
                    f"{k}={quote(v)}" for k, v in (token | dict(table.ask or {})).items()
                )
                for path in {table.index, table.delete.partition("?")[0].replace("{}", "1")}:
                    headers = {
                        "Content-Type": "application/x-www-form-urlencoded",
                        "Origin": staff.site,
                    }
                    body = f"{fields}&post=yes&{rows}".encode()
                    if path == table.index or "?" in table.delete:
                        page = staff.request("POST", path, body, headers)
                        assert page.status in (*GONE, 200, 308, 400, 404, 405, 422), page.url
    assert everything.state() == before


def test_a_list_that_makes_no_sense_is_refused_or_shown(staff: Stranger, panel: Panel) -> None:
    """I8."""
    before_the_first = f"{panel.products.index}?{panel.pages}={panel.second - 2}"
    assert staff.get(before_the_first).status in (*REFUSED, 404)
    for table in (panel.products, panel.users):
        for value in NO_PAGES:
            page = staff.get(f"{table.index}?{panel.pages}={value}")
            assert page.status in (*REFUSED, 404), f"{page.url}: {page.status}"
        for name in (*table.asked, *panel.sort):
            for value in (*NONSENSE, *NO_TEXT[:3]):
                page = staff.get(f"{table.index}?{name}={value}")
                allowed = REFUSED_OR_SHOWN if value in NONSENSE else (*REFUSED, 404)
                assert page.status in allowed, f"{page.url}: {page.status}"
    for name in PARAMETERS:
        for value in ("http://[", "%0d%0aX:%20y", "9" * 40):
            page = staff.get(f"{panel.users.found('demo')}&{name}={value}")
            assert page.status in REFUSED_OR_SHOWN, f"{page.url}: {page.status}"
            assert page.headers["X"] is None


def test_a_filter_asks_for_nothing_that_is_secret(staff: Stranger, panel: Panel) -> None:
    """U2. Whether a list is empty or not would tell the start of a password's hash."""
    for name in ("password", "password_hash", "session", "token"):
        for ask_for in ("", "__startswith", "__contains", "__regex"):
            for table, before in ((panel.users, ""), (panel.products, "owner__")):
                full = table.rows(staff.get(table.index))
                page = staff.get(f"{table.index}?{before}{name}{ask_for}=zzz")
                followed = staff.follow(page) if page.location else page
                if followed.status == 200:
                    assert table.rows(followed) == full, page.url


@pytest.mark.parametrize(
    "path",
    [
        *("product/export/csv", "product/export/json", "user/export/csv", "products/export/csv/"),
        *(
            "users/export/csv/",
            "products/action/",
            "products/ajax/lookup/",
            "products/ajax/update/",
        ),
        *("product/ajax/lookup", "user/details/1", "product/details/1", "users/details/?id=1"),
        *("user/create", "users/new/", "accounts/user/add/", "auth/group/", "sessions/session/"),
        *("login", "login/", "logout", "logout/", "password_change/", "doc/", "api_token/list"),
        *("logintoken/list", "link/list", "links/", "attempt/list", "loginsession/list", "jobs/"),
        *("api/apitoken/", "accounts/link/", "accounts/attempt/", "django_tasks_database/"),
        *("r/1/1/", "user/action/make-staff", "product/action/x", "fileadmin/", "static/../.env"),
    ],
)
def test_nothing_else_is_below_the_panel(staff: Stranger, panel: Panel, path: str) -> None:
    """G1. What the libraries bring besides: exports, with formulas in them, tables of secrets."""
    back = {panel.start, panel.products.index, panel.users.index, "/login"}
    for page in (staff.get(f"/admin/{path}"), staff.post(f"/admin/{path}", {"a": "b"})):
        landed = staff.follow(page) if page.location else page
        gone = landed.status in (400, 403, 404, 405)
        assert gone or urlsplit(landed.url).path in back, f"{landed.url} {landed.status}"


def test_a_body_of_another_kind_or_size_is_refused(everything: Everything) -> None:
    """I9, I10."""
    before = everything.state()
    many = "&".join(f"id={number}" for number in range(10_000))
    for change in everything.changes:
        staff = change.visitor
        token = f"{change.token}={quote(change.form.fields[change.token])}"
        bodies = (
            ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="'),
            ("multipart/form-data", b"x"),
            ("application/json", b'{"name": "Planted by another"}'),
            ("text/plain", b"x=y"),
            ("application/x-www-form-urlencoded", f"{token}&{many}".encode()),
            ("application/x-www-form-urlencoded", f"{token}&name={'x' * 2_000_000}".encode()),
            ("application/x-www-form-urlencoded; charset=utf-16", b"\xff\xfe"),
        )
        for kind, body in bodies:
            headers = {"Content-Type": kind, "Origin": staff.site}
            page = staff.request("POST", change.path, body, headers)
            assert page.status in (400, 403, 413, 415, 422), f"{change.path} {kind}: {page.status}"
    assert everything.state() == before
