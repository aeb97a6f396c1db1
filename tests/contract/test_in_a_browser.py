"""P11 in a real browser: whether people can use the pages, however they look at them."""

from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.sync_api import Page

from .browsers import NARROW, WIDE, Chromium, log_in_by_keyboard, press_until
from .deployments import Deployment
from .people import admin, demo, product, somebody
from .projects import FEATURES

pytestmark = pytest.mark.browser

# Without `preload`: it would put style sheets into the page, which the policy forbids.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "preload": False}
# Colours that are on their way from light to dark are neither.
SETTLED = (
    "new Promise(requestAnimationFrame)"
    ".then(() => Promise.allSettled(document.getAnimations().map(one => one.finished)))"
)
FOR_ALL = (
    "/",
    "/products",
    "/products?page=2",
    "/products?q=nothing-is-called-this",
    "/login",
    "/register",
    "/register/sent",
    "/password-reset",
    "/password-reset/sent",
    "/nothing",
)
FOR_MEMBERS = ("/", "/products/new", "/account")
# More pages for everybody, by the feature that brings them.
BROUGHT = {"realtime": "/live", "ml": "/predict"}


def problems(page: Page) -> list[str]:
    """Return what is wrong with the page that is shown."""
    found = Axe().run(page, options=RULES).response["violations"]
    said = [
        f"{page.url}: {one['id']}: {one['nodes'][0]['html'][:200]}: {one['nodes'][0]['failureSummary']}"
        for one in found
    ]
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    if page.evaluate(too_wide) > 0:
        said.append(f"{page.url}: wider than its window")
    return said


def both_ways(page: Page, wide: int = WIDE) -> list[str]:
    """Return what is wrong in a wide light window, and in a narrow dark one."""
    said = []
    looks: tuple[tuple[int, Literal["light", "dark"]], ...] = ((wide, "light"), (NARROW, "dark"))
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(SETTLED)
        said += problems(page)
    return said


def test_anybody_can_use_the_pages(open_deployment: Deployment, chromium: Chromium) -> None:
    """P11."""
    page = chromium.page()
    said: list[str] = []
    for path in (*FOR_ALL, *(BROUGHT[each] for each in BROUGHT if each in FEATURES)):
        page.goto(open_deployment.site + path)
        said += both_ways(page)
    page.goto(f"{open_deployment.site}/products")
    page.locator("main a[href^='/products/']").first.click()
    said += both_ways(page)
    assert said == []
    assert chromium.wrong == []


def test_members_can_use_theirs(open_deployment: Deployment, chromium: Chromium) -> None:
    """P11."""
    page = chromium.page()
    said: list[str] = []
    log_in_by_keyboard(page, open_deployment, demo(open_deployment))
    for path in FOR_MEMBERS:
        page.goto(open_deployment.site + path)
        said += both_ways(page)
    fields = product(name="Wide" * 30, description="Unbroken" * 500)
    page.goto(f"{open_deployment.site}/products/new")
    for name, value in fields.items():
        page.fill(f"main [name={name}]", value)
    page.keyboard.press("Tab")
    page.click("main form button")
    said += both_ways(page)
    shown = page.url
    for path in ("edit", "delete"):
        page.goto(f"{shown}/{path}")
        said += both_ways(page)
    assert said == []
    assert chromium.wrong == []


def test_the_staff_can_bring_a_file(
    open_deployment: Deployment, chromium: Chromium, tmp_path: Path
) -> None:
    """P11, B1."""
    if "tasks" not in FEATURES:
        pytest.skip("the project has no `tasks`")
    table = tmp_path / "products.csv"
    table.write_text("name,price\nFrom a file,1\nToo dear,999999999\n")
    page = chromium.page()
    log_in_by_keyboard(page, open_deployment, admin(open_deployment))
    page.goto(f"{open_deployment.site}/products/import")
    said = both_ways(page)
    page.set_input_files("main [name=file]", table)
    with page.expect_navigation():
        page.click("main form button")
    said += both_ways(page)
    with open_deployment.working(tmp_path / "worker.log"):
        # It comes to the open page by itself.
        page.get_by_text("Finished").wait_for(timeout=20_000)
    said += both_ways(page)
    assert page.get_by_role("row", name="3").is_visible()
    assert said == []
    assert chromium.wrong == []


def test_a_mistake_can_be_read_and_mended(open_deployment: Deployment, chromium: Chromium) -> None:
    """P11."""
    page = chromium.page()
    page.goto(f"{open_deployment.site}/register")
    account = somebody(password="password1234")
    page.fill("main [name=email]", account.email)
    page.fill("main [name=display_name]", account.display_name)
    page.fill("main [name=password]", account.password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    field = page.locator("main [name=password]")
    assert field.get_attribute("aria-invalid") == "true"
    told = (field.get_attribute("aria-describedby") or "").split()
    assert any("error" in name and page.locator(f"#{name}").is_visible() for name in told)
    assert both_ways(page) == []
    assert chromium.wrong == []


def test_everything_is_reached_by_keyboard(open_deployment: Deployment, chromium: Chromium) -> None:
    """P11."""
    page = chromium.page()
    page.goto(f"{open_deployment.site}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    log_in_by_keyboard(page, open_deployment, demo(open_deployment))
    page.goto(f"{open_deployment.site}/products/new")
    fields = product()
    for name, value in fields.items():
        press_until(page, f"main [name={name}]")
        page.keyboard.type(value)
    press_until(page, "main form button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert fields["name"] in page.inner_text("h1")
    page.goto(f"{open_deployment.site}/account")
    press_until(page, "form[action='/logout'] button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(f"{open_deployment.site}/account")
    assert "/login" in page.url
    assert chromium.wrong == []


def test_the_focus_can_be_seen(open_deployment: Deployment, chromium: Chromium) -> None:
    """P11."""
    page = chromium.page()
    page.goto(f"{open_deployment.site}/login")
    outline = (
        "() => { const s = getComputedStyle(document.activeElement);"
        " return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; }"
    )
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate(outline), page.evaluate("document.activeElement.outerHTML")


def test_going_back_after_logging_out_shows_nothing(
    open_deployment: Deployment, chromium: Chromium
) -> None:
    """H5, A7. Whoever sits down at the machine next."""
    page = chromium.page()
    account = demo(open_deployment)
    log_in_by_keyboard(page, open_deployment, account)
    page.goto(f"{open_deployment.site}/account")
    assert account.email in page.content()
    with page.expect_navigation():
        page.click("form[action='/logout'] button")
    page.go_back()
    assert account.email not in page.content()
    assert "/login" in page.url
    kept = "[localStorage.length, sessionStorage.length, document.cookie]"
    assert page.evaluate(kept) == [0, 0, ""]
