"""`/predict`: the page on which people try the model."""

import html
import re
from typing import Any

import pytest

from categories import serving
from categories.names import NAMES
from tests.conftest import Browser

LAMP = "A lamp for the desk, with a warm light"


def text_of(response: Any) -> str:
    """Return what a person reads on a page."""
    return html.unescape(re.sub(r"<[^>]+>", "", response.content.decode()))


@pytest.mark.django_db
def test_a_stranger_may_try_the_model(client: Browser) -> None:
    assert 'href="/predict"' in client.get("/").content.decode()
    page = client.get("/predict")
    assert page.status_code == 200
    for text in ("Try the model", "Find the category", "product-categories"):
        assert text in text_of(page)
    answer = client.post("/predict", {"text": LAMP})
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
    client: Browser, text: str, sentence: str
) -> None:
    response = client.post("/predict", {"text": text})
    assert response.status_code == 422
    assert f'id="text-error">{sentence}<' in response.content.decode()
    assert "the model is" not in text_of(response)


def test_line_breaks_count_once(client: Browser) -> None:
    response = client.post("/predict", {"text": "lamp\r\n" * 400})
    assert response.status_code == 200


def test_what_was_typed_comes_back_as_text(client: Browser) -> None:
    response = client.post("/predict", {"text": "<script>alert(1)</script>"})
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


def test_a_form_without_its_token_is_refused() -> None:
    browser = Browser(enforce_csrf_checks=True)
    assert browser.post("/predict", {"text": LAMP}).status_code == 403


def test_without_a_model_the_page_says_so(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "found", lambda: None)
    for response in (
        client.get("/predict"),
        client.post("/predict", {"text": LAMP}),
    ):
        assert response.status_code == 503
        assert "The model is out of order." in text_of(response)


def test_every_category_has_a_name() -> None:
    model = serving.found()
    assert model
    assert sorted(NAMES) == model.categories
