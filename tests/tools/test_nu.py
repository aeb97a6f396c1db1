"""P11: every page is valid HTML, and every style sheet valid CSS."""

from contextlib import closing

import pytest

from headstart.proof.browser import Browser

from . import nu
from .conftest import Site
from .findings import Severity, hold
from .pages import pages_of, sheets_of
from .vulnerable import Vulnerable

pytestmark = pytest.mark.tools


def test_nu_finds_what_is_invalid(sins: Vulnerable) -> None:
    with closing(Browser(sins.server_port, sins.url)) as browser:
        page = browser.get("/")
    found = {f.rule: f.severity for f in nu.look({"/": page})}
    for rule in (
        "Duplicate ID “a”.",
        "End tag “b” violates nesting rules.",
        "Attribute “wrong” not allowed on element “p” at this point.",
    ):
        assert found[rule] == Severity.MEDIUM, found


def test_every_page_and_style_sheet_is_valid(site: Site) -> None:
    """P11."""
    pages = pages_of(site.deployment)
    statuses = {page.status for page in pages.values()}
    assert {200, 400, 403, 404, 405, 409, 413, 422, 429, 500} <= statuses
    assert len(pages) > 100
    sheets = sheets_of(site.deployment, pages)
    assert "/api/static/swagger-ui.css" in sheets
    hold("nu", [*nu.look(pages), *nu.look(sheets)], site.deployment.framework)
