"""G2 in a real browser: the panel works under the site's policy, for whoever looks at it."""

from urllib.parse import parse_qsl, quote

import pytest
from playwright.sync_api import Page

from .admin import Panel, Table
from .browsers import Chromium, log_in_by_keyboard
from .crawling import crawl, kind_of
from .deployments import Deployment
from .people import add_product, admin, demo, log_in, product
from .test_cross_site import evil_site
from .test_in_a_browser import both_ways

pytestmark = pytest.mark.browser

WIDE = 1600
# The button of the one form that changes something, but for the one that logs out.
EVERYWHERE = "[action='/logout'], [action='/language']"
SEND = f"form[method=post]:not({EVERYWHERE}) :is(button, input[type=submit])"


def as_staff(chromium: Chromium, deployment: Deployment) -> Page:
    """Open a window in which the staff is logged in."""
    page = chromium.page(viewport={"width": WIDE, "height": 900})
    log_in_by_keyboard(page, deployment, admin(deployment))
    return page


def names(page: Page) -> list[str]:
    """Return the names of the products that a list shows."""
    shown = page.locator("tbody tr:has(input[type=checkbox]) th")
    return [name.strip() for name in shown.all_inner_texts()]


def search(page: Page, table: Table, words: str) -> None:
    """Look for words with the form of a list."""
    page.fill(f"input[name={table.search}]", words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def narrow_down(page: Page, choice: str) -> None:
    """Choose what a filter leaves: from a box, or with a link."""
    ((name, value),) = parse_qsl(choice)
    box = page.locator(f"select[name='{name}']")
    link = page.locator(f"a[href*='{choice}']")
    with page.expect_navigation():
        if box.count():
            box.select_option(value)
            page.locator(f"form:has(select[name='{name}']) button").first.click()
        else:
            link.first.click()


def test_everybody_of_the_staff_can_use_the_panel(
    open_deployment: Deployment, chromium: Chromium, panel: Panel
) -> None:
    """G2, H2, P11."""
    owner = log_in(open_deployment, demo(open_deployment))
    add_product(owner, name="Wide" * 30, description="Unbroken" * 500)
    add_product(owner, name="<script>alert(1)</script>", description="<img src=x onerror=alert(1)>")
    found = crawl(log_in(open_deployment, admin(open_deployment)), panel.start)
    kinds = {kind_of(path): path for path in found if path.startswith("/admin")}
    empty = panel.products.found("nothing-is-called-this", panel.products.filters["sold out"])
    page = as_staff(chromium, open_deployment)
    said: list[str] = []
    for path in [*kinds.values(), empty, "/admin/nothing"]:
        page.goto(open_deployment.site + path)
        said += both_ways(page, WIDE)
    page.goto(open_deployment.site + panel.products.add)
    page.eval_on_selector_all("form", "forms => forms.forEach(form => form.noValidate = true)")
    page.fill("input[name=price]", "-1")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("[id$=error]").count() > 1
    said += both_ways(page, WIDE)
    assert said == []
    assert chromium.wrong == []


def test_an_ordinary_user_sees_the_sites_own_refusal(
    open_deployment: Deployment, chromium: Chromium
) -> None:
    """G1, P11."""
    page = chromium.page()
    log_in_by_keyboard(page, open_deployment, demo(open_deployment))
    assert page.locator("a[href^='/admin']").count() == 0
    page.goto(f"{open_deployment.site}/admin")
    assert both_ways(page, WIDE) == []
    assert chromium.wrong == []


def test_a_day_at_the_panel(open_deployment: Deployment, chromium: Chromium, panel: Panel) -> None:
    """G1, H2. Searching, filtering, sorting, paging, adding, editing, deleting: by hand."""
    owner = log_in(open_deployment, demo(open_deployment))
    for number, letter in enumerate("abc"):
        add_product(owner, name=f"Zeugma {letter}", price=f"{9 - number}", stock=str(number))
    table, site = panel.products, open_deployment.site
    page = as_staff(chromium, open_deployment)
    page.click("a[href^='/admin']")
    with page.expect_navigation():
        page.locator(f":is(main, #content) a[href='{table.index}']").first.click()
    assert len(names(page)) == 25
    with page.expect_navigation():
        page.locator(f"a[href*='{panel.pages}={panel.second}']").first.click()
    assert 0 < len(names(page)) < 25

    search(page, table, "zeugma")
    assert set(names(page)) == {"Zeugma a", "Zeugma b", "Zeugma c"}
    with page.expect_navigation():
        page.locator("thead a", has_text="Price").first.click()
    assert names(page) == ["Zeugma c", "Zeugma b", "Zeugma a"]
    narrow_down(page, table.filters["in stock"])
    assert names(page) == ["Zeugma c", "Zeugma b"]

    page.click("text=Zeugma c")
    page.fill("input[name=name]", "Zeugma d")
    choose_owner(page, panel, admin(open_deployment).email)
    page.focus("input[name=name]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(site + table.found("zeugma"))
    assert "Zeugma d" in names(page)
    row = page.locator("tbody tr", has_text="Zeugma d")
    assert page.locator("tbody tr", has_text="Zeugma a").inner_text() != row.inner_text()

    page.click("text=Zeugma d")
    with page.expect_navigation():
        page.locator("a", has_text="Delete").first.click()
    assert "Zeugma d" in page.inner_text("body")
    with page.expect_navigation():
        page.click(SEND)
    page.goto(site + table.found("zeugma"))
    assert set(names(page)) == {"Zeugma a", "Zeugma b"}

    page.locator("thead input[type=checkbox]").check()
    assert page.locator("tbody input[type=checkbox]:checked").count() == 2
    if table.ask:
        page.select_option("select[name=action]", table.ask["action"])
    with page.expect_navigation():
        page.click(f"form:has(tbody input[name={table.row}]) button")
    question = page.inner_text("body")
    assert "Zeugma a" in question
    assert "Zeugma b" in question
    with page.expect_navigation():
        page.click(SEND)
    page.goto(site + table.found("zeugma"))
    assert names(page) == []
    assert chromium.wrong == []


def choose_owner(page: Page, panel: Panel, email: str) -> None:
    """Say whose a product is: by writing it, or with a box that looks for it."""
    if panel.owner_by == "email":
        page.fill(f"input[name={panel.owner}]", email)
        return
    page.click(".select2-selection")
    page.keyboard.type(email.partition("@")[0])
    page.locator(".select2-results__option--highlighted").wait_for()
    page.keyboard.press("Enter")


def test_without_scripts_nothing_is_deleted_unasked(
    open_deployment: Deployment, chromium: Chromium, panel: Panel
) -> None:
    """G1."""
    path = add_product(log_in(open_deployment, demo(open_deployment)), name="Kept without scripts")
    page = chromium.page(java_script_enabled=False)
    page.goto(f"{open_deployment.site}/login?next={quote(panel.start)}")
    account = admin(open_deployment)
    page.fill("main input[name=email]", account.email)
    page.fill("main input[name=password]", account.password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    table = panel.products
    page.goto(open_deployment.site + table.found("kept without"))
    page.check(f"tbody input[name={table.row}]")
    if table.ask:
        page.select_option("select[name=action]", table.ask["action"])
    with page.expect_navigation():
        page.click(f"form:has(tbody input[name={table.row}]) button")
    assert "Kept without scripts" in page.inner_text("body")
    assert open_deployment.visitor().get(path).status == 200
    with page.expect_navigation():
        page.click(SEND)
    assert open_deployment.visitor().get(path).status == 404
    assert chromium.wrong == []


def test_a_form_that_another_site_sends_changes_nothing_in_the_panel(
    open_deployment: Deployment, chromium: Chromium, panel: Panel
) -> None:
    """C5."""
    table, site = panel.products, open_deployment.site
    path = add_product(
        log_in(open_deployment, demo(open_deployment)), name="Kept from another site"
    )
    page = as_staff(chromium, open_deployment)
    page.goto(site + table.found("kept from another"))
    number = page.locator(f"tbody input[name={table.row}]").get_attribute("value") or ""
    planted = product(name="Planted by another site")
    owner = number if panel.owner_by == "id" else demo(open_deployment).email
    forms = [
        (site + table.add, planted | {panel.owner: owner}),
        (site + table.edit.format(number), planted | {panel.owner: owner, "version": "1"}),
        (site + table.delete.format(number), {"post": "yes", table.row: number}),
        (site + table.index, {"post": "yes", table.row: number, "action": "delete_selected"}),
    ]
    with evil_site(*forms) as evil:
        for one, (action, _) in enumerate(forms):
            with page.expect_response(action) as caught:
                page.goto(f"{evil}/{one}")
            assert caught.value.status in (302, 303, 403, 404, 405)
    page.goto(site + table.index)
    assert "/login" not in page.url
    visitor = open_deployment.visitor()
    assert "Kept from another site" in visitor.get(path).document.text
    assert "Planted by another site" not in visitor.get("/products").document.text
