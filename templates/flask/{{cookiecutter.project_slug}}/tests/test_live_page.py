"""The page that shows live updates."""

import re

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.catalogue.models import Product
from tests.browser import Browser, text_of


def add_products(session: Session, owner: User, number: int) -> list[Product]:
    products = [
        Product(slug=f"p{i}", name=f"Thing {i}", price=5, stock=i, owner_id=owner.id)
        for i in range(number)
    ]
    session.add_all(products)
    session.commit()
    return products


def test_the_page_lists_the_latest_changes(
    browser: Browser, session: Session, ada: User
) -> None:
    add_products(session, ada, 12)
    browser.submit(
        "/products/p3/edit", name="Thing 3", price="6.50", stock="1", version="1"
    )
    page = browser.get("/live")
    assert page.status_code == 200
    names = re.findall(r"<h3><a href=\"/products/p\d+\"[^>]*>([^<]+)", page.text)
    assert len(names) == 10
    assert names[0] == "Thing 3"
    assert "Thing 0" not in names
    assert "Changed" in text_of(page)
    assert "6.50" in text_of(page)


def test_the_page_says_how_it_works_without_a_script(browser: Browser) -> None:
    page = browser.get("/live").text
    assert "<title>Live updates · " in page
    assert "<h1>Live updates</h1>" in page
    assert re.search(r"<noscript>.*load it again", page)
    script = re.search(r'<script type="module" src="([^"]+)"></script>', page)
    assert script
    assert browser.get(script[1]).mimetype == "text/javascript"


def test_what_a_user_writes_is_only_text(
    browser: Browser, session: Session, ada: User
) -> None:
    product = add_products(session, ada, 1)[0]
    product.name = "<script>alert(1)</script>"
    session.commit()
    assert "<script>alert" not in browser.get("/live").text


def test_the_navigation_leads_to_the_page(browser: Browser) -> None:
    assert '<a href="/live">Live</a>' in browser.get("/").text
