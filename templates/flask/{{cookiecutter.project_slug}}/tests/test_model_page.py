"""`/predict`: the page on which people try the model."""

import pytest
from flask import Flask

from app.categories.names import NAMES
from tests.browser import Browser, text_of

LAMP = "A lamp for the desk, with a warm light"


def test_a_stranger_may_try_the_model(browser: Browser) -> None:
    assert 'href="/predict"' in browser.get("/").text
    page = browser.get("/predict")
    assert page.status_code == 200
    for text in ("Try the model", "Find the category", "product-categories"):
        assert text in text_of(page)
    answer = browser.submit("/predict", text=LAMP)
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
def test_a_text_that_will_not_do_comes_back_with_the_reason(
    browser: Browser, text: str, sentence: str
) -> None:
    response = browser.submit("/predict", text=text)
    assert response.status_code == 422
    assert f'id="text-error">{sentence}<' in response.text
    assert "the model is" not in text_of(response)


def test_line_breaks_count_once(browser: Browser) -> None:
    response = browser.submit("/predict", text="lamp\r\n" * 400)
    assert response.status_code == 200


def test_what_was_typed_comes_back_as_text(browser: Browser) -> None:
    response = browser.submit("/predict", text="<script>alert(1)</script>")
    assert response.status_code == 200
    assert "<script>" not in response.text


def test_a_form_without_its_token_is_refused(browser: Browser) -> None:
    assert browser.post("/predict", data={"text": LAMP}).status_code == 403


def test_without_a_model_the_page_says_so(
    browser: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = browser.token("/login")
    monkeypatch.setitem(app.extensions, "model", None)
    for response in (
        browser.get("/predict"),
        browser.post("/predict", data={"csrf_token": token, "text": LAMP}),
    ):
        assert response.status_code == 503
        assert "The model is out of order." in text_of(response)


def test_every_category_has_a_name(app: Flask) -> None:
    assert sorted(NAMES) == app.extensions["model"].categories
