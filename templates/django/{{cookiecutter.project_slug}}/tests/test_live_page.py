"""The page that shows live updates."""

import re

import pytest

from accounts.models import User
from catalogue.models import Product
from tests.conftest import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def products(ann: User) -> list[Product]:
    return [
        Product.objects.create(name=f"Thing {number}", price=5, stock=1, owner=ann)
        for number in range(12)
    ]


def test_the_page_lists_the_latest_changes(
    client: Browser, products: list[Product]
) -> None:
    products[3].price, products[3].version = "6.50", 2
    products[3].save()
    response = client.get("/live")
    assert response.status_code == 200
    page = response.content.decode()
    listed, _, templates = page.partition("</ul>\n\n<template")
    names = re.findall(r'<h3><a href="/products/thing-\d+"[^>]*>([^<]+)', listed)
    assert len(names) == 10
    assert names[0] == "Thing 3"
    assert "Thing 0" not in names
    assert f'data-change="{products[3].pk}-2"' in listed
    assert listed.count("Changed ·") == 1
    assert "6.50" in listed
    assert templates.count("data-change") == 0


def test_the_page_says_how_it_works_without_a_script(client: Browser) -> None:
    page = client.get("/live").content.decode()
    assert "<title>Live updates · " in page
    assert "<h1>Live updates</h1>" in page
    assert re.search(r"<noscript>.*load it again", page)
    script = re.search(r'<script type="module" src="([^"]+)"></script>', page)
    assert script
    response = client.get(script[1])
    assert response["Content-Type"].startswith("text/javascript")
    response.close()


def test_what_a_user_writes_is_only_text(client: Browser, lamp: Product) -> None:
    lamp.name = "<script>alert(1)</script>"
    lamp.save()
    assert "<script>alert" not in client.get("/live").content.decode()


def test_the_navigation_leads_to_the_page(client: Browser) -> None:
    assert '<a href="/live">Live</a>' in client.get("/").content.decode()
