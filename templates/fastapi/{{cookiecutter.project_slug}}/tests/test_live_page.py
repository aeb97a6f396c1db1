"""The page that shows changes as they come."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.catalogue import services
from tests.browser import Browser, text_of
from tests.test_live import LAMP


async def test_the_page_lists_the_latest_changes(
    browser: Browser, ada: User, session: AsyncSession
) -> None:
    products = [
        await services.add_product(session, ada, {**LAMP, "name": f"Lamp {number}"})
        for number in range(11)
    ]
    await services.change_product(session, products[3], 1, {"name": "<b>Torch"})
    page = await browser.get("/live")
    names = re.findall(r'data-field="name">([^<]+)</a>', page.text)
    assert names == [
        "&lt;b&gt;Torch",
        *(f"Lamp {number}" for number in (10, 9, 8, 7, 6, 5, 4, 2, 1)),
    ]
    assert f'data-change="{products[3].id}-2"' in page.text
    assert text_of(page).count("Changed") == 2  # it, and what the script copies


async def test_the_page_says_what_happens_without_a_script(browser: Browser) -> None:
    page = (await browser.get("/live")).text
    assert "load it again" in page[page.index("<noscript>") : page.index("</noscript>")]
    for place in ("created", "updated", "deleted"):
        assert f'<template id="{place}">' in page
    assert 'role="status"' in page
    script = re.search(r'src="(/live/static/live\.js\?v=\d+)"', page)
    assert script
    assert (await browser.get(script[1])).status_code == 200


async def test_the_navigation_leads_to_the_page(browser: Browser) -> None:
    assert '<a href="/live">' in (await browser.get("/")).text
