"""Pages of all kinds that a project shows: to strangers, members and staff, in two languages.

Also those that no link leads to: errors, forms that were filled in wrongly, what mails lead to.
"""

import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlsplit

from headstart.proof.browser import Browser
from headstart.proof.page import Page
from headstart.proof.server import free_port

from ..contract.admin import PANELS, ask, own_forms, target_of
from ..contract.crawling import crawl, kind_of
from ..contract.databases import broken_table
from ..contract.deployments import Deployment, Stranger
from ..contract.people import (
    add_product,
    admin,
    ask_for_reset,
    ask_to_register,
    demo,
    log_in,
    path_of,
    product,
    somebody,
    try_to_log_in,
)
from ..contract.test_imports import upload

LANGUAGES = ("en", "de")
FOR_ALL = ("/", "/login", "/password-reset/sent", "/register/sent", "/products?q=nothing", "/live")
FOR_PROGRAMS = ("/api/docs", "/api/redoc")
SHEET = re.compile(r'<link [^>]*\bhref="(/[^"]+\.css\b[^"]*)"')
WRONG = {"name": "", "price": "-1", "stock": "-1"}
TOKEN = re.compile(r"(?<=/)[\w-]{40,}")


@dataclass
class Pages:
    """What was seen.

    Args:
        deployment: the project.
        language: what its visitors prefer.
        seen: the pages, by who saw which, and with what status.
    """

    deployment: Deployment
    language: str
    seen: dict[str, Page] = field(default_factory=dict)

    def keep(self, who: str, *pages: Page) -> None:
        """Keep pages, one of each kind."""
        for page in pages:
            if page.headers.get_content_type() == "text/html" and not page.location:
                where = f"{TOKEN.sub('*', kind_of(page.url))} {page.method} {page.status}"
                self.seen.setdefault(f"{who} {self.language} {where}", page)

    def visitor(self, cookies: Mapping[str, str] | None = None) -> Stranger:
        """Return somebody who prefers the language."""
        return self.deployment.visitor(cookies=dict(cookies or {}) | {"language": self.language})

    def of_strangers(self) -> None:
        """Look at what everybody sees."""
        visitor, deployment = self.visitor(), self.deployment
        nobody = somebody()
        self.keep("stranger", *crawl(visitor, *FOR_ALL, *FOR_PROGRAMS).values())
        self.keep("stranger", visitor.get("/nothing"), visitor.get("/products?page=999"))
        self.keep("stranger", visitor.get("/products?q=%00"), visitor.get("/logout"))
        self.keep("stranger", visitor.post("/login", {"email": "a", "password": "b"}))
        self.keep("stranger", visitor.post("/login", {"email": "x" * 2_000_000}))
        self.keep("stranger", try_to_log_in(visitor, nobody))
        self.keep("stranger", ask_to_register(visitor, somebody(email="no", password="short")))
        self.keep("stranger", visitor.submit(visitor.get("/password-reset"), {"email": "no"}))
        ask_to_register(visitor, nobody)
        confirmed = visitor.get(deployment.mail(nobody.email, "").link)
        self.keep("stranger", visitor.follow(confirmed), visitor.get(confirmed.url))
        ask_for_reset(self.visitor(), nobody.email)
        link = deployment.mail(nobody.email, "", 2).link
        form = self.visitor()
        self.keep("link", form.get(link))
        self.keep("link", form.submit(form.get(link), {"password": "short"}))
        self.keep("link", form.get("/password-reset/no-such-token-as-this-one-here"))
        for _ in range(11):
            self.keep("many tries", try_to_log_in(visitor, somebody(email="a@example.com")))

    def of_members(self) -> None:
        """Look at what somebody with an account sees."""
        member = self.visitor(log_in(self.deployment, demo(self.deployment)).cookies)
        self.keep("member", *crawl(member).values())
        self.keep("member", member.submit(member.get("/products/new"), product() | WRONG))
        made = member.submit(member.get("/products/new"), product(name="<b>Wide</b>" * 9))
        self.keep("new product", member.get(made.location))
        edit = member.get(f"{path_of(made)}/edit")
        member.submit(edit, product())
        self.keep("conflict", member.submit(edit, product()))
        target = f"{path_of(made)}/delete"
        question = member.get(target)
        self.keep("member", edit, question)
        self.keep("gone", member.follow(member.submit(question, {}, target)))
        sold = "/products?q=Wide"
        self.keep("member", member.get(sold), member.get("/admin"))
        others = add_product(log_in(self.deployment, admin(self.deployment)))
        self.keep("member", member.get(f"{others}/edit"), member.get("/products/import"))
        for path in ("/account/password", "/account/email"):
            form = member.get("/account").form((), path)
            sent = dict.fromkeys(form.fields, "no") | _tokens(form.fields)
            self.keep("member", member.post(path, sent))
        form = member.get("/predict").form()
        sent = dict.fromkeys(form.fields, "A lamp of brass") | _tokens(form.fields)
        self.keep("member", member.post("/predict", sent))

    def of_staff(self) -> None:
        """Look at what the staff sees: the panel, and products from a file."""
        staff = self.visitor(log_in(self.deployment, admin(self.deployment)).cookies)
        panel = PANELS[self.deployment.framework]
        table = panel.products
        self.keep("staff", *crawl(staff, panel.start, "/products/import").values())
        self.keep("staff", staff.get("/admin/nothing"), staff.get(table.found("nothing")))
        self.keep("filtered", staff.get(table.found("lamp", table.filters["in stock"])))
        self.keep("staff", staff.get(f"{table.index}?{panel.pages}=999"))
        self.keep("several", ask(staff, table, *table.rows(staff.get(table.index))[:2]))
        form = staff.get(table.add)
        (fields,) = [one.fields for one in own_forms(form)]
        self.keep("wrong", staff.post(target_of(form), fields | WRONG))
        row = table.rows(staff.get(table.index))[0]
        edit = staff.get(table.edit.format(row))
        (fields,) = [one.fields for one in own_forms(edit)]
        staff.post(target_of(edit), fields)
        self.keep("saved", staff.get(table.index))
        self.keep("conflict", staff.post(target_of(edit), fields))
        self.keep("staff", upload(staff, b"what,is\nthis,then\n"), upload(staff, b""))
        self.keep("import", staff.follow(upload(staff, b"name,price\nFrom a file,1\nBad,x\n")))

    def of_developers(self) -> None:
        """Look at the mails, which only a developer's own machine shows."""
        port = free_port()
        site = f"http://127.0.0.1:{port}"
        log = self.deployment.scratch / "development.log"
        with (
            self.deployment.serving(port, log, DEBUG="true", SITE_URL=site, ALLOWED_HOSTS=""),
            closing(Browser(port, site, timeout=10)) as developer,
        ):
            developer.cookies["language"] = self.language
            self.keep("developer", *map(developer.get, ("/dev/mail", "/register/sent")))

    def of_an_error(self) -> None:
        """Look at what everybody sees when the database fails."""
        self.deployment.may_fail = True
        with broken_table(self.deployment.database, "slug"):
            self.keep("error", self.visitor().get("/products"))
        self.deployment.check_log()
        self.deployment.may_fail = False


def pages_of(deployment: Deployment) -> dict[str, Page]:
    """Return pages of all kinds, by who saw which."""
    seen: dict[str, Page] = {}
    for language in LANGUAGES:
        pages = Pages(deployment, language, seen)
        pages.of_strangers()
        pages.of_members()
        pages.of_staff()
        pages.of_developers()
        pages.of_an_error()
    return seen


def sheets_of(deployment: Deployment, pages: Mapping[str, Page]) -> dict[str, Page]:
    """Return the style sheets that pages ask for, by their paths."""
    staff = log_in(deployment, admin(deployment))
    sheets: dict[str, Page] = {}
    for page in pages.values():
        for link in SHEET.findall(page.text):
            path = urlsplit(link).path
            if path not in sheets:
                sheets[path] = staff.get(unescape(link))
                assert sheets[path].headers.get_content_type() == "text/css", link
    return sheets


def _tokens(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if "csrf" in name.lower()}
