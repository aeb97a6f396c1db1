"""The pages on which products are imported."""

import re
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.imports.models import ProductImport
from app.queue import huey
from app.settings import Settings
from tests.browser import Browser
from tests.conftest import PASSWORD, MakeUser
from tests.imports import ROWS, upload, work_off

PATH = "/products/import"


@pytest.fixture(autouse=True)
def _empty_queue(app: Flask, settings: Settings) -> Iterator[None]:
    huey.init_app(app, settings)
    huey.prepare()
    yield
    huey.flush()
    huey.storage.close()


@pytest.fixture
def staff(browser: Browser, make_user: MakeUser) -> Browser:
    make_user("sue@example.com", is_staff=True)
    browser.log_in("sue@example.com", PASSWORD)
    return browser


@pytest.fixture
def bob(other_browser: Browser, make_user: MakeUser) -> Browser:
    make_user("bob@example.com")
    other_browser.log_in("bob@example.com", PASSWORD)
    return other_browser


def send(
    browser: Browser, content: str = ROWS, name: str = "shop.csv", form: str = PATH
) -> TestResponse:
    fields = {
        "csrf_token": browser.token(form),
        "file": (BytesIO(content.encode()), name),
    }
    return browser.post(PATH, data=fields)


def test_staff_uploads_a_file_and_watches_its_import(
    staff: Browser, session: Session
) -> None:
    assert 'type="file"' in staff.get(PATH).text
    response = send(staff)
    waiting = session.scalars(select(ProductImport)).one()
    assert response.status_code == 303
    assert response.headers["Location"] == f"{PATH}/{waiting.id}"

    page = staff.get(response.headers["Location"]).text
    assert "<h1>Import of shop.csv</h1>" in page
    assert 'data-state="waiting"' in page
    # Only this line is read out when something changes.
    assert '<p class="lead" id="state" role="status">Waiting' in page
    assert "Waiting" in page
    assert "0 of 3 rows" in page
    assert "Show the latest" in page
    script = re.search(r'<script src="([^"]+)" defer></script>', page)
    assert script
    assert staff.get(script[1]).status_code == 200

    work_off()
    page = staff.get(response.headers["Location"]).text
    assert 'data-state="finished"' in page
    for text in ("Finished", "3 of 3 rows", "Imported: 2", "Refused: 1"):
        assert text in page
    assert "<td>3</td><td>A price is a number" in page
    assert "Show the latest" not in page


def test_an_import_that_was_stopped_by_an_error_says_so(
    app: Flask, staff: Browser, make_user: MakeUser, session: Session
) -> None:
    number = upload(app, make_user())
    stopped = session.get_one(ProductImport, number)
    stopped.end("failed")
    session.commit()
    assert "Stopped by an error" in staff.get(f"{PATH}/{number}").text


def test_only_staff_imports(
    app: Flask, browser: Browser, bob: Browser, make_user: MakeUser, session: Session
) -> None:
    for path in (PATH, f"{PATH}/{upload(app, make_user())}"):
        response = browser.get(path)
        assert unquote(response.headers["Location"]) == f"/login?next={path}"
        assert bob.get(path).status_code == 403
    response = send(browser, form="/login")
    assert response.headers["Location"].startswith("/login")
    assert send(bob, form="/products/new").status_code == 403
    assert len(session.scalars(select(ProductImport)).all()) == 1


def test_staff_finds_the_page_beside_the_products(staff: Browser, bob: Browser) -> None:
    link = f'<a href="{PATH}">Import products</a>'
    assert link in staff.get("/products").text
    assert link not in bob.get("/products").text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "The first line has to name the columns"),
        ("name,price,<b>\nLamp,1,1", "There is no column “&lt;b&gt;”"),
        ("name,price\n", "There are no rows"),
    ],
)
def test_a_file_that_is_refused_brings_the_form_again(
    staff: Browser, session: Session, content: str, expected: str
) -> None:
    response = send(staff, content)
    assert response.status_code == 422
    assert 'id="file-error"' in response.text
    assert expected in response.text
    assert session.scalars(select(ProductImport)).all() == []


def test_a_form_without_a_file_comes_again(staff: Browser) -> None:
    response = staff.post(PATH, data={"csrf_token": staff.token(PATH)})
    assert response.status_code == 422
    assert "Choose a file." in response.text


def test_a_form_of_another_site_imports_nothing(staff: Browser) -> None:
    file = (BytesIO(ROWS.encode()), "shop.csv")
    assert staff.post(PATH, data={"file": file}).status_code == 403


def test_a_file_that_is_too_large_is_refused(staff: Browser) -> None:
    form = "multipart/form-data; boundary=x"
    response = staff.post(PATH, data=b"x" * (2**20 + 1), content_type=form)
    assert response.status_code == 413


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("<script>alert(1)<\u2044script>.csv", "&lt;script&gt;alert(1)&lt;"),
        ("x" * 10_000, "x" * 150),
        ("\u202egpj.exe", "exe"),
        ("{{ 7 * 7 }}.csv", "{{ 7 * 7 }}.csv"),
    ],
)
def test_a_filename_is_shown_as_text_and_shortened(
    staff: Browser, session: Session, name: str, shown: str
) -> None:
    page = staff.get(send(staff, name=name).headers["Location"]).text
    assert shown in page
    assert "<script>alert" not in page
    assert len(session.scalars(select(ProductImport)).one().filename) <= 200


@pytest.mark.parametrize("id", ["0", "-1", "abc", "4711", str(2**63), "9" * 5000])
def test_an_import_that_does_not_exist_is_not_found(staff: Browser, id: str) -> None:
    assert staff.get(f"{PATH}/{id}").status_code == 404


def test_no_product_hides_the_page(staff: Browser) -> None:
    fields = {"name": "Import", "price": "1", "stock": "1"}
    added = staff.submit("/products/new", **fields)
    assert added.headers["Location"] == "/products/import-2"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("name", value) for value in (" ", "x" * 121, "a\x07b")),
        ("description", "x" * 5001),
        *(("price", value) for value in ("", "-1", "nan", "1e2", "1000000", "1.234")),
        *(("stock", value) for value in ("-1", "1.0", "1000001", "many")),
    ],
)
def test_a_row_is_refused_with_the_words_of_the_form(
    staff: Browser, session: Session, field: str, value: str
) -> None:
    answer = {"name": "Lamp", "description": "", "price": "1", "stock": "1"}
    answer |= {field: value}
    form = staff.submit("/products/new", **answer).text
    [reason] = re.findall(rf'id="{field}-error">([^<]+)<', form)
    send(staff, ",".join(answer) + "\n" + ",".join(answer.values()))
    work_off()
    done = session.scalars(select(ProductImport)).one()
    assert [problem["reason"] for problem in done.problems] == [reason]
