"""The pages on which products are imported."""

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.types import Message

from app.accounts.models import User
from app.imports.models import ProductImport
from tests.browser import Browser, text_of
from tests.conftest import PASSWORD, MakeUser
from tests.fixtures_imports import ROWS, Upload, do_work

PATH = "/products/import"


@pytest.fixture
async def staff(browser: Browser, make_user: MakeUser) -> User:
    """A member of the staff who is logged in, in `browser`."""
    user = await make_user("sue@example.com", is_staff=True)
    await browser.log_in(user.email, PASSWORD)
    return user


async def send(
    browser: Browser, content: bytes = ROWS.encode(), name: str = "shop.csv"
) -> httpx2.Response:
    return await browser.post(
        PATH,
        data={"csrf_token": await browser.token("/account")},
        files={"file": (name, content)},
    )


async def test_staff_uploads_a_file_and_watches_its_import(
    browser: Browser, staff: User, session: AsyncSession
) -> None:
    assert 'type="file"' in (await browser.get(PATH)).text
    response = await send(browser)
    waiting = await session.scalar(select(ProductImport))
    assert waiting
    assert response.status_code == 303
    assert response.headers["Location"] == f"{PATH}/{waiting.id}"
    assert waiting.owner_id == staff.id

    page = (await browser.get(f"{PATH}/{waiting.id}")).text
    assert "<h1>Import of shop.csv</h1>" in page
    for text in ('data-state="waiting"', "Waiting", "0 of 3 rows", "Show the latest"):
        assert text in page
    # Only this line is read out when something changes.
    assert '<p class="lead" id="state" role="status">Waiting' in page

    await do_work()
    page = (await browser.get(f"{PATH}/{waiting.id}")).text
    assert 'data-state="finished"' in page
    for text in ("Finished", "3 of 3 rows", "Imported: 2", "Refused: 1"):
        assert text in page
    assert "<td>3</td><td>A price is a number" in page
    assert "Show the latest" not in page


async def test_who_hangs_up_in_the_middle_leaves_no_traceback(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    said: list[Message] = [
        {"type": "http.request", "more_body": True},
        {"type": "http.disconnect"},
    ]
    heard: list[Message] = []

    async def receive() -> Message:
        return said.pop(0)

    async def send(message: Message) -> None:
        heard.append(message)

    headers = {
        "host": "example.test",
        "origin": "https://example.test",
        "content-type": "multipart/form-data; boundary=x",
    }
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "https",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("203.0.113.7", 50000),
    }
    await app(scope, receive, send)
    assert heard[0]["status"] == 400
    assert not caplog.records


async def test_an_import_that_was_stopped_by_an_error_says_so(
    browser: Browser, staff: User, session: AsyncSession, upload: Upload
) -> None:
    stopped = await upload(staff)
    stopped.end("failed")
    await session.commit()
    page = await browser.get(f"{PATH}/{stopped.id}")
    assert "Stopped by an error" in page.text


async def test_only_staff_imports(
    browser: Browser, other_browser: Browser, ada: User, upload: Upload
) -> None:
    for path in (PATH, f"{PATH}/{(await upload(ada)).id}"):
        stranger = await other_browser.get(path)
        assert stranger.status_code == 303
        assert stranger.headers["Location"] == f"/login?next={path}"
        assert (await browser.get(path)).status_code == 403
    assert (await send(browser)).status_code == 403
    assert (await other_browser.post(PATH)).status_code == 403


async def test_staff_finds_the_page_beside_the_products(
    browser: Browser, other_browser: Browser, staff: User
) -> None:
    link = f'<a href="{PATH}">Import products</a>'
    assert link in (await browser.get("/products")).text
    assert link not in (await other_browser.get("/products")).text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "The first line has to name the columns"),
        (b"name,price,<b>\nLamp,1,1", "There is no column “<b>”"),
        (b"name,price\n", "There are no rows"),
        (b"name,price\nT\xfcr,1", "This is not a text file in UTF-8."),
        (b"name,price\nT\0r,1", "This is not a text file in UTF-8."),
    ],
)
async def test_a_file_that_is_refused_brings_the_form_again(
    browser: Browser, staff: User, session: AsyncSession, content: bytes, expected: str
) -> None:
    response = await send(browser, content)
    assert response.status_code == 422
    assert 'id="file-error"' in response.text
    assert expected in text_of(response)
    assert await session.scalar(select(func.count(ProductImport.id))) == 0


async def test_percent_signs_and_other_bytes_are_read_as_they_are(
    browser: Browser, staff: User
) -> None:
    assert (await send(browser, b"name,price\n100%FF%00 wool,1")).status_code == 303


async def test_a_form_without_a_file_comes_again(browser: Browser, staff: User) -> None:
    response = await browser.submit(PATH)
    assert response.status_code == 422
    assert "Choose a file." in response.text


async def test_a_file_that_is_too_large_is_refused(
    browser: Browser, staff: User
) -> None:
    assert (await send(browser, b"x" * 2**20)).status_code == 413


async def test_a_file_needs_the_token_of_the_form(
    browser: Browser, staff: User
) -> None:
    response = await browser.post(PATH, files={"file": ("shop.csv", ROWS)})
    assert response.status_code == 403


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("shop/", "shop"),
        ("<script>alert(1)<\u2044script>.csv", "<script>alert(1)<"),
        ("x" * 3000, "x" * 150),
        ("\u202egpj.exe", "exe"),
        ("{{ 7 * 7 }}.csv", "{{ 7 * 7 }}.csv"),
    ],
)
async def test_a_filename_is_shown_as_text_and_shortened(
    browser: Browser, staff: User, session: AsyncSession, name: str, shown: str
) -> None:
    response = await send(browser, name=name)
    page = await browser.get(response.headers["Location"])
    assert shown in text_of(page) or "<" in shown
    assert "<script>alert" not in page.text
    stored = await session.scalar(select(ProductImport.filename))
    assert stored is not None
    assert len(stored) <= 200
    assert "/" not in stored


@pytest.mark.parametrize("number", ["0", "-1", "abc", "4711", str(2**63), "9" * 5000])
async def test_an_import_that_does_not_exist_is_not_found(
    browser: Browser, staff: User, number: str
) -> None:
    assert (await browser.get(f"{PATH}/{number}")).status_code == 404
