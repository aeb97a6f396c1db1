"""`/predict`: the page on which people try the model."""

import pytest
from fastapi import FastAPI

from app.categories.names import NAMES
from app.categories.serving import current_model
from tests.browser import Browser, text_of

LAMP = "A lamp for the desk, with a warm light"


async def test_a_stranger_may_try_the_model(browser: Browser) -> None:
    assert 'href="/predict"' in (await browser.get("/")).text
    page = await browser.get("/predict")
    assert page.status_code == 200
    for text in ("Try the model", "Find the category", "product-categories"):
        assert text in text_of(page)
    answer = await browser.submit("/predict", text=LAMP)
    assert answer.status_code == 200
    assert "Lighting: the model is " in text_of(answer)
    assert LAMP in text_of(answer)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write something first."),
        (" \n", "Write something first."),
        ("x" * 2001, "A text has 2,000 characters at most."),
    ],
)
async def test_a_text_that_will_not_do_comes_back_with_the_reason(
    browser: Browser, text: str, sentence: str
) -> None:
    response = await browser.submit("/predict", text=text)
    assert response.status_code == 422
    assert f'id="text-error">{sentence}<' in response.text
    assert "the model is" not in text_of(response)


async def test_line_breaks_count_once(browser: Browser) -> None:
    response = await browser.submit("/predict", text="lamp\r\n" * 400)
    assert response.status_code == 200


async def test_what_was_typed_comes_back_as_text(browser: Browser) -> None:
    response = await browser.submit("/predict", text="<script>alert(1)</script>")
    assert response.status_code == 200
    assert "<script>" not in response.text


async def test_a_form_without_its_token_is_refused(browser: Browser) -> None:
    assert (await browser.post("/predict", data={"text": LAMP})).status_code == 403


async def test_without_a_model_the_page_says_so(
    browser: Browser, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await browser.token("/login")
    monkeypatch.setitem(app.dependency_overrides, current_model, lambda: None)
    for response in (
        await browser.get("/predict"),
        await browser.post("/predict", data={"csrf_token": token, "text": LAMP}),
    ):
        assert response.status_code == 503
        assert "The model is out of order." in text_of(response)


async def test_every_category_has_a_name(app: FastAPI) -> None:
    assert sorted(NAMES) == app.state.model.categories
