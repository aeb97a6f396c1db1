"""P11: everybody can use every page, in looks that the contract's own tests do not try."""

from collections.abc import Iterable, Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page

from ..contract.admin import PANELS
from ..contract.crawling import crawl, kind_of
from ..contract.deployments import Deployment
from ..contract.people import admin, demo, log_in
from ..contract.test_in_a_browser import SETTLED
from . import axe
from .findings import Finding, Severity, hold
from .pages import FOR_ALL, LANGUAGES
from .vulnerable import Vulnerable

pytestmark = [pytest.mark.tools, pytest.mark.browser]

LOOKS = ((1600, "dark"), (360, "light"))
ALL_LOOKS = tuple(product((1600, 360), ("light", "dark")))
DOCUMENTATION = {"/api/docs": ".opblock", "/api/redoc": "h1"}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a window with a cookie jar of its own."""
    context = browser.new_context(reduced_motion="reduce")
    yield context.new_page()
    context.close()


def looked(page: Page, looks: Iterable[tuple[int, str]] = LOOKS) -> list[Finding]:
    """Look at what is shown, in several ways."""
    found = []
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
        # A page's script may notice first, and only then do colours begin to change.
        for _ in range(3):
            page.evaluate(SETTLED)
        found += axe.look(page)
    return found


def test_axe_finds_what_shuts_people_out(sins: Vulnerable, page: Page) -> None:
    found = []
    for path in ("/", "/login"):
        page.goto(sins.url + path)
        found += axe.look(page)
    assert {f.rule: f.severity for f in found} == {
        "color-contrast": Severity.HIGH,
        "document-title": Severity.HIGH,
        "html-has-lang": Severity.HIGH,
        "image-alt": Severity.HIGH,
        "label": Severity.HIGH,
    }


def test_everybody_can_use_every_page(open_deployment: Deployment, page: Page) -> None:
    """P11, R10."""
    found: list[Finding] = []
    seen: set[str] = set()
    panel = PANELS[open_deployment.framework].start
    everybody = (
        (open_deployment.visitor(), FOR_ALL),
        (log_in(open_deployment, demo(open_deployment)), ("/",)),
        (log_in(open_deployment, admin(open_deployment)), ("/", panel)),
    )
    for (visitor, starts), language in product(everybody, LANGUAGES):
        visitor.cookies["language"] = language
        kinds = {kind_of(path): path for path in crawl(visitor, *starts)}
        page.context.clear_cookies()
        cookies = visitor.cookies.items()
        page.context.add_cookies(
            [{"name": name, "value": value, "url": open_deployment.site} for name, value in cookies]
        )
        for path in kinds.values():
            page.goto(open_deployment.site + path)
            assert page.get_attribute("html", "lang") == language, path
            found += looked(page)
        seen |= kinds.keys()
    assert {panel, "/products/*", "/account", "/login"} <= seen
    for path, shown in DOCUMENTATION.items():
        page.goto(open_deployment.site + path)
        page.locator(shown).first.wait_for()
        found += looked(page, ALL_LOOKS)
    hold("axe", found, open_deployment.framework)
