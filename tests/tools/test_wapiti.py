"""Everything that Wapiti has heard of, tried on every page as a stranger, a user and the staff."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ..contract.admin import PANELS, Panel, Table
from ..contract.crawling import kind_of
from ..contract.databases import Database, SQLite
from ..contract.deployments import Deployment
from ..contract.people import Account, admin, demo, is_logged_in
from . import wapiti
from .conftest import Deploy
from .findings import Finding, Severity, hold
from .front import NAMES, Exchange
from .targets import Target

pytestmark = pytest.mark.tools

# Everything for everybody, which takes hours.
THOROUGH = "TOOLS_THOROUGH" in os.environ
LOOKS = [name for name in wapiti.LOOKS if name != "buster"]
ALL = [*LOOKS, *wapiti.INJECTIONS, *wapiti.LONG_SHOTS]
MEMBERS = ALL if THOROUGH else ["cookieflags", "csrf", *wapiti.INJECTIONS]
# Wapiti's own store of cookies knows a machine by its number only.
NAME = NAMES[1]
# What would end the visit: logging out, and taking away what is being attacked.
KEPT_BACK = r"^POST \S*\b(logout|delete)\b|^DELETE |post=yes|action=delete"
LEFT_ALONE = ("/logout*", "*delete*", "*/static/*")
FEW = 3
# What lists can be told, besides what the panels have in common.
MORE = (
    "_changelist_filters",
    "_facets",
    "created_at__gte",
    "created_at__lt",
    "flt1_added_is",
    "is_active__exact",
    "pageSize",
    "page_size",
    "url",
)
# What has nothing to find in the vulnerable application: other people's products, and XML.
OTHERS = {"cms", "network_device", "spring4shell", "wp_enum", "xxe"}


@dataclass(frozen=True)
class Scan:
    """One visit.

    Args:
        who: the account that is logged in; nobody's, if there is none.
        modules: what is tried.
        starts: where it begins; the first is the one that counts for where it ends.
        left_alone: what others are for.
        ignored: the parameters without which links are followed.
        attacked: the forms that have to be sent and not refused at the door.
    """

    who: Callable[[Deployment], Account] | None
    modules: Iterable[str]
    starts: tuple[str, ...]
    left_alone: tuple[str, ...]
    ignored: Iterable[str]
    attacked: set[str]


def whole(panel: Panel, table: Table) -> str:
    """Return a list with everything that it can be told at once."""
    narrow = next(iter(table.filters.values()))
    return table.found("a", narrow, table.sorts[1], f"{panel.pages}={panel.second}")


def scans(panel: Panel) -> dict[str, Scan]:
    """Return the three visits."""
    asked = {panel.pages, *panel.sort, *panel.products.asked, *panel.users.asked, *MORE}
    return {
        "stranger": Scan(
            who=None,
            modules=ALL,
            starts=("/", "/products?q=a&page=1"),
            left_alone=(),
            ignored=("q", "page"),
            attacked={"/language", "/login", "/password-reset", "/predict", "/register"},
        ),
        "user": Scan(
            who=demo,
            modules=MEMBERS,
            starts=("/", "/products?q=a&page=1"),
            left_alone=("/language*",),
            ignored=("q", "page"),
            attacked={"/account/email", "/account/password", "/products/*/edit", "/products/new"},
        ),
        "staff": Scan(
            who=admin,
            modules=MEMBERS,
            starts=(
                panel.start,
                "/products/import",
                whole(panel, panel.products),
                whole(panel, panel.users),
            ),
            left_alone=(
                "/language*",
                "/account*",
                "/predict*",
                "/products/*/edit",
                "/products/new",
            ),
            ignored=asked,
            # Not what edits: Wapiti leaves alone what sends it back to the same address, as
            # Django's panel does. A new product has the same fields.
            attacked={kind_of("/products/import"), panel.products.add},
        ),
    }


def keep_still(database: Database) -> None:
    """Leave a few products, and let forms never be outdated by what was sent before.

    To attack each product would tell nothing new; and an edit that is refused because of
    another one is never stored.
    """
    products = database.table_with("stock")
    database.execute(f'DELETE FROM "{products}" WHERE id > {FEW}')  # noqa: S608
    database.execute(
        f'CREATE TRIGGER stands_still AFTER UPDATE ON "{products}"'  # noqa: S608
        f' BEGIN UPDATE "{products}" SET version = 1 WHERE id = NEW.id; END'
    )


def accepted(exchanges: Iterable[Exchange]) -> Counter[str]:
    """Count the forms that were sent and not refused at the door, by their kind."""
    at_the_door = (403, 404, 405, 429)
    sent = (e for e in exchanges if e.method == "POST" and e.status not in at_the_door)
    return Counter(kind_of(e.path) for e in sent)


def test_all_that_wapiti_knows_is_run_or_there_is_a_reason() -> None:
    run = {*wapiti.LOOKS, *wapiti.INJECTIONS, *wapiti.LONG_SHOTS}
    assert run.isdisjoint(wapiti.NOT_RUN)
    assert wapiti.modules() == run | wapiti.NOT_RUN.keys()


def test_wapiti_finds_what_is_broken(sinful: Target, tmp_path: Path) -> None:
    found = wapiti.look(sinful, ALL, tmp_path)
    by_module = {finding.rule.partition(":")[0] for finding in found}
    assert set(ALL) - by_module == OTHERS
    bad = {finding.rule for finding in found if finding.severity >= Severity.MEDIUM}
    assert {"csrf: Cross Site Request Forgery", "redirect: Open Redirect"} <= bad


def test_wapiti_breaks_nothing(framework: str, deploy: Deploy, tmp_path: Path) -> None:
    """I1, I2, H1, H3, C1: in all fields of all pages, for a stranger, a user and the staff."""
    found: list[Finding] = []
    for who, scan in scans(PANELS[framework]).items():
        scratch = tmp_path / who
        scratch.mkdir()
        database = SQLite(scratch / "db.sqlite3")
        with deploy(database, name=NAME, kept_back=KEPT_BACK) as site:
            keep_still(database)
            deployment = site.deployment
            visitor = site.visitor(scan.who and scan.who(deployment))
            # Whose first requests come all at once would get a new token with each.
            visitor.get("/products/new")
            visitor.get("/login")
            start, *more = scan.starts
            found += wapiti.look(
                site.target(visitor, start),
                scan.modules,
                scratch,
                starts=more,
                excluded=LEFT_ALONE + scan.left_alone,
                ignored=scan.ignored,
            )
            forms = accepted(site.front.exchanges)
            assert not {path for path in scan.attacked if forms[path] < 5}, forms
            assert is_logged_in(visitor) is (scan.who is not None)
    hold(wapiti.TOOL, found, framework)


@pytest.mark.skipif(not THOROUGH, reason="31,000 requests: only with TOOLS_THOROUGH")
def test_nothing_lies_about(deploy: Deploy, framework: str, tmp_path: Path) -> None:
    """U2: of 31,000 names that something had somewhere, none leads to what no page links to."""
    with deploy(SQLite(tmp_path / "db.sqlite3")) as site:
        found = wapiti.look(site.target(), ["buster"], tmp_path)
        assert len(site.front.exchanges) > 30_000
    pages = "account|admin|favicon.ico|healthz|live|login|predict|products|readyz|register"
    known = re.compile(f"GET /({pages}|robots.txt)?/?")
    assert [finding for finding in found if not known.fullmatch(finding.where)] == []
    assert any(finding.where == "GET /login" for finding in found)
