"""The pages on which products are imported."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from catalogue.forms import ProductForm
from catalogue.models import Product
from imports.models import ProductImport
from tests.conftest import Browser
from tests.imports import ROWS, upload, work

PATH = "/products/import"

pytestmark = pytest.mark.django_db


def send(browser: Browser, content: str = ROWS, name: str = "shop.csv") -> Any:
    return browser.post(PATH, {"file": SimpleUploadedFile(name, content.encode())})


def test_staff_uploads_a_file_and_watches_its_import(as_staff: Browser) -> None:
    assert 'type="file"' in as_staff.get(PATH).content.decode()
    response = send(as_staff)
    waiting = ProductImport.objects.get()
    assert response.status_code == 303
    assert response["Location"] == f"{PATH}/{waiting.pk}"
    assert waiting.owner.email == "sue@example.com"

    page = as_staff.get(response["Location"]).content.decode()
    assert "<h1>Import of shop.csv</h1>" in page
    assert 'data-state="waiting"' in page
    # Only this line is read out when something changes.
    assert '<p class="lead" id="state" role="status">Waiting' in page
    assert "Waiting" in page
    assert "0 of 3 rows" in page
    assert "Show the latest" in page

    work()
    page = as_staff.get(response["Location"]).content.decode()
    assert 'data-state="finished"' in page
    for text in ("Finished", "3 of 3 rows", "Imported: 2", "Refused: 1"):
        assert text in page
    assert "<td>3</td><td>A price is a number" in page
    assert "Show the latest" not in page


def test_an_import_that_was_stopped_by_an_error_says_so(
    as_staff: Browser, ann: User
) -> None:
    stopped = upload(ann)
    stopped.end(ProductImport.State.FAILED)
    stopped.save()
    page = as_staff.get(stopped.get_absolute_url()).content.decode()
    assert "Stopped by an error" in page


def test_only_staff_imports(client: Browser, as_bob: Browser, ann: User) -> None:
    for path in (PATH, upload(ann).get_absolute_url()):
        assert client.get(path)["Location"] == f"/login?next={path}"
        assert as_bob.get(path).status_code == 403
    assert send(client)["Location"] == f"/login?next={PATH}"
    assert send(as_bob).status_code == 403
    assert ProductImport.objects.count() == 1


def test_staff_finds_the_page_beside_the_products(
    as_staff: Browser, as_bob: Browser
) -> None:
    link = f'<a href="{PATH}">Import products</a>'
    assert link in as_staff.get("/products").content.decode()
    assert link not in as_bob.get("/products").content.decode()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "The first line has to name the columns"),
        ("name,price,<b>\nLamp,1,1", "There is no column “&lt;b&gt;”"),
        ("name,price\n", "There are no rows"),
    ],
)
def test_a_file_that_is_refused_brings_the_form_again(
    as_staff: Browser, content: str, expected: str
) -> None:
    response = send(as_staff, content)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="file-error"' in page
    assert expected in page
    assert not ProductImport.objects.exists()


def test_a_form_without_a_file_comes_again(as_staff: Browser) -> None:
    response = as_staff.post(PATH)
    assert response.status_code == 422
    assert "Choose a file." in response.content.decode()


def test_a_file_that_is_too_large_is_refused(as_staff: Browser) -> None:
    assert send(as_staff, "x" * 2**20).status_code == 413


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
    as_staff: Browser, name: str, shown: str
) -> None:
    page = as_staff.get(send(as_staff, name=name)["Location"]).content.decode()
    assert shown in page
    assert "<script>alert" not in page
    assert len(ProductImport.objects.get().filename) <= 200


@pytest.mark.parametrize("pk", ["0", "-1", "abc", "4711", str(2**63), "9" * 5000])
def test_an_import_that_does_not_exist_is_not_found(as_staff: Browser, pk: str) -> None:
    assert as_staff.get(f"{PATH}/{pk}").status_code == 404


def test_no_product_hides_the_page(ann: User) -> None:
    product = Product.objects.create(name="Import", price="1", stock=1, owner=ann)
    assert product.slug == "import-2"


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
    ann: User, field: str, value: str
) -> None:
    answer = {"name": "Lamp", "description": "", "price": "1", "stock": "1"}
    answer |= {field: value}
    [reason] = set(ProductForm(answer).errors[field])
    done = upload(ann, ",".join(answer) + "\n" + ",".join(answer.values()))
    work()
    done.refresh_from_db()
    assert [problem["reason"] for problem in done.problems] == [reason]
