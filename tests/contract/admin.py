"""The admin panel: where its pages are in each framework, and how the staff goes about there.

What is different stands in `PANELS`, as data. Nothing else asks for the framework.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote_plus, urlencode, urljoin, urlsplit

from headstart.proof.document import Form
from headstart.proof.page import Page

from .deployments import Stranger
from .people import FORM_AGAIN

ROWS = 25
EVERYWHERE = ("/logout", "/language")


@dataclass(frozen=True)
class Table:
    """The pages about one kind of thing; `{}` stands for the number of a row.

    Args:
        index: the list of all rows, a page of them at a time.
        edit: the form of one row.
        delete: the page that asks whether one row is to be deleted.
        add: the form of a new row, if there is one.
        search: the parameter of the list that looks for words.
        filters: what narrows the list down, by what it leaves.
        sorts: the list by its second column, upwards and downwards.
        row: the field that names a row, where several can be selected.
        ask: the fields that ask to delete what is selected; a form is sent with
            them, or else it is a link with nothing but the rows.
    """

    index: str
    edit: str
    delete: str
    search: str
    filters: Mapping[str, str]
    sorts: tuple[str, str]
    row: str = ""
    add: str = ""
    ask: Mapping[str, str] | None = None

    @property
    def asked(self) -> set[str]:
        """The parameters of the list that look for words, and that narrow it down."""
        return {self.search, *(pair.partition("=")[0] for pair in self.filters.values())}

    def found(self, words: str, *more: str) -> str:
        """Return the address of what is found."""
        return f"{self.index}?{'&'.join([f'{self.search}={quote_plus(words)}', *more])}"

    def rows(self, page: Page) -> list[int]:
        """Return the numbers of the rows that a list shows, in order."""
        # Not all links that lead there: a message may have one too.
        first = re.findall(r'<th\b[^>]*>\s*<a href="([^"]+)"', page.text)
        pattern = re.escape(self.edit).replace(r"\{\}", r"(\d+)")
        found = (re.match(pattern, unescape(link)) for link in first)
        return [int(match.group(1)) for match in found if match]


@dataclass(frozen=True)
class Panel:
    """An admin panel.

    Args:
        start: the first page.
        products: the pages about products.
        users: the pages about users.
        owner: the field of a product that says whose it is.
        owner_by: what is written there, the `id` or the `email` of an account.
        pages: the parameter of all lists that turns the page.
        second: the number of the second page.
        sort: the parameters of all lists that sort.
        files: some of the files that its pages need.
    """

    start: str
    products: Table
    users: Table
    owner: str
    owner_by: str
    pages: str
    second: int
    sort: tuple[str, ...]
    files: str


PANELS = {
    "django": Panel(
        start="/admin/",
        products=Table(
            index="/admin/catalogue/product/",
            edit="/admin/catalogue/product/{}/change/",
            delete="/admin/catalogue/product/{}/delete/",
            add="/admin/catalogue/product/add/",
            search="q",
            filters={"in stock": "stock=in", "sold out": "stock=out"},
            sorts=("o=2", "o=-2"),
            row="_selected_action",
            ask={"action": "delete_selected"},
        ),
        users=Table(
            index="/admin/accounts/user/",
            edit="/admin/accounts/user/{}/change/",
            delete="/admin/accounts/user/{}/delete/",
            search="q",
            filters={"staff": "is_staff__exact=1", "not staff": "is_staff__exact=0"},
            sorts=("o=2", "o=-2"),
        ),
        owner="owner",
        owner_by="id",
        pages="p",
        second=2,
        sort=("o",),
        files="/static/",
    ),
    "flask": Panel(
        start="/admin/",
        products=Table(
            index="/admin/products/",
            edit="/admin/products/edit/?id={}",
            delete="/admin/products/delete/?id={}",
            add="/admin/products/new/",
            search="search",
            filters={"in stock": "flt0_stock_is=In+stock", "sold out": "flt0_stock_is=Sold+out"},
            sorts=("sort=1", "sort=1&desc=1"),
            row="id",
        ),
        users=Table(
            index="/admin/users/",
            edit="/admin/users/edit/?id={}",
            delete="/admin/users/delete/?id={}",
            search="search",
            filters={"staff": "flt0_staff_is=Yes", "not staff": "flt0_staff_is=No"},
            sorts=("sort=1", "sort=1&desc=1"),
            row="id",
        ),
        owner="owner_email",
        owner_by="email",
        pages="page",
        second=1,
        sort=("sort", "desc"),
        files="/admin/static/",
    ),
    "fastapi": Panel(
        start="/admin",
        products=Table(
            index="/admin/product/list",
            edit="/admin/product/edit/{}",
            delete="/admin/product/delete?pks={}",
            add="/admin/product/create",
            search="search",
            filters={"in stock": "stock=in", "sold out": "stock=out"},
            sorts=("sortBy=price&sort=asc", "sortBy=price&sort=desc"),
            row="pks",
        ),
        users=Table(
            index="/admin/user/list",
            edit="/admin/user/edit/{}",
            delete="/admin/user/delete?pks={}",
            search="search",
            filters={"staff": "staff=yes", "not staff": "staff=no"},
            sorts=("sortBy=display_name&sort=asc", "sortBy=display_name&sort=desc"),
            row="pks",
        ),
        owner="owner",
        owner_by="email",
        pages="page",
        second=2,
        sort=("sortBy", "sort"),
        files="/admin/static/",
    ),
}


def own_forms(page: Page) -> list[Form]:
    """Return the forms of a page that change something, but for those that every page has."""
    posting = (form for form in page.forms if form.method == "post")
    return [form for form in posting if not form.action.endswith(EVERYWHERE)]


def own_form(page: Page) -> Form:
    """Return the one form of a page that changes something."""
    assert page.status in (*FORM_AGAIN, 409), f"G1. {page.url}: {page.status}"
    (form,) = own_forms(page)
    return form


def target_of(page: Page) -> str:
    """Return where the form of a page is sent."""
    return urljoin(page.url, own_form(page).action)


def save(staff: Stranger, page: Page, fields: Mapping[str, str], *absent: str) -> Page:
    """Fill in the form of a page and send it, without the boxes that are not ticked."""
    filled = own_form(page).fields | dict(fields)
    sent = {name: value for name, value in filled.items() if name not in absent}
    return staff.post(target_of(page), sent)


def number_of(staff: Stranger, panel: Panel, email: str) -> int:
    """Return the number of the user with an address."""
    (number,) = panel.users.rows(staff.get(panel.users.found(email)))
    return number


def delete(staff: Stranger, table: Table, number: int) -> Page:
    """Delete one row, after the question."""
    return confirm(staff, table, staff.get(table.delete.format(number)))


def ask(staff: Stranger, table: Table, *numbers: int) -> Page:
    """Select rows, and ask to delete them."""
    rows = [(table.row, str(number)) for number in numbers]
    if table.ask is None:
        return staff.get(f"{urlsplit(table.delete).path}?{urlencode(rows)}")
    fields = own_form(staff.get(table.index)).fields | dict(table.ask)
    return staff.post(table.index, [*fields.items(), *rows])


def confirm(staff: Stranger, table: Table, page: Page, numbers: Iterable[int] = ()) -> Page:
    """Say yes to the question whether rows are to be deleted."""
    fields = own_form(page).fields
    if not table.row or table.row not in fields:
        return staff.post(target_of(page), fields)
    # A form that names several rows has a field of that name for each.
    rows = [(table.row, str(number)) for number in numbers] or [(table.row, fields[table.row])]
    others = [pair for pair in fields.items() if pair[0] != table.row]
    return staff.post(target_of(page), [*others, *rows])


def complaint(page: Page, field: str) -> str:
    """Return the message that stands beside a field of a form; nothing when there is none."""
    found = re.search(
        rf'<(\w+)[^>]*\bid="(?:{field}-|id_{field}_)error"[^>]*>(.*?)</\1>', page.text, re.DOTALL
    )
    return "" if found is None else unescape(re.sub("<[^>]+>", " ", found.group(2))).strip()
