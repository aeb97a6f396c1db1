"""The model: what it answers, what it refuses, and what there is without it."""

import csv
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI

from app.categories import model
from app.categories.model import FILE, Model, load
from app.main import create_app
from app.settings import Settings
from tests.client import Client
from tests.fixtures_api import assert_problem, fields_of

LAMP = "A lamp for the desk, with a warm light"
NOTEBOOK = "Notebook with dotted paper, for pen and pencil"
TEXTS = FILE.with_name("training.csv")
UNTRAINED = "nothing to train with is installed: uv run --group train pytest"


async def ask(client: Client, *texts: str) -> list[dict[str, Any]]:
    response = await client.post("/api/predict", json={"texts": texts})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    predictions: list[dict[str, Any]] = response.json()["predictions"]
    return predictions


@pytest.mark.parametrize(
    ("text", "category"),
    [
        (LAMP, "lighting"),
        (NOTEBOOK, "stationery"),
        ("LAMP", "lighting"),
        ("Lámp", "lighting"),
    ],
)
async def test_a_lamp_is_lighting(client: Client, text: str, category: str) -> None:
    [prediction] = await ask(client, text)
    assert prediction.keys() == {"category", "probability"}
    assert prediction["category"] == category
    assert 0.5 < prediction["probability"] <= 1
    assert prediction["probability"] == round(prediction["probability"], 4)


async def test_answers_are_in_the_order_of_the_texts(client: Client) -> None:
    texts = [LAMP, NOTEBOOK] * 32
    found = await ask(client, *texts)
    assert [one["category"] for one in found] == ["lighting", "stationery"] * 32
    assert found[:2] == [*await ask(client, LAMP), *await ask(client, NOTEBOOK)]


async def test_any_text_gets_an_answer(client: Client) -> None:
    strange = [
        "   ",
        "\n",
        "😀",
        "e" + "\u0301" * 1999,
        "مصباح",
        "\u202elamp",
        "7" * 2000,
    ]
    for prediction in await ask(client, *strange):
        assert 0 < prediction["probability"] <= 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "texts"),
        ({"texts": []}, "texts"),
        ({"texts": None}, "texts"),
        ({"texts": LAMP}, "texts"),
        ({"texts": [LAMP] * 65}, "texts"),
        ({"texts": [LAMP, ""]}, "texts.1"),
        ({"texts": ["x" * 2001]}, "texts.0"),
        ({"texts": ["a\0b"]}, "texts.0"),
        ({"texts": [7]}, "texts.0"),
        ({"texts": [None]}, "texts.0"),
        ({"texts": [LAMP], "model": "another"}, "model"),
    ],
)
async def test_what_is_no_list_of_texts_is_refused(
    client: Client, sent: object, field: str
) -> None:
    assert fields_of(await client.post("/api/predict", json=sent)) == [field]


async def test_a_body_that_is_not_json_is_refused(client: Client) -> None:
    form = await client.post("/api/predict", data={"texts": LAMP})
    assert_problem(form, 415)
    headers = {"Content-Type": "application/json"}
    half = await client.post("/api/predict", content=b'{"texts"', headers=headers)
    assert_problem(half, 400)
    long = await client.post("/api/predict", json={"texts": ["x" * 1024 * 1024]})
    assert_problem(long, 413)


async def test_the_model_says_what_it_is(client: Client) -> None:
    response = await client.get("/api/model")
    assert response.headers["Cache-Control"] == "no-cache"
    facts = response.json()
    assert facts.keys() == {"name", "version", "trained_at", "score", "categories"}
    assert facts["name"] == "product-categories"
    assert datetime.fromisoformat(facts["trained_at"]) < datetime.now(UTC)
    assert 0.5 < facts["score"] < 1
    with TEXTS.open(encoding="utf-8", newline="") as file:
        learnt = {row["category"] for row in csv.DictReader(file)}
    assert facts["categories"] == sorted(learnt)
    answer = await client.post("/api/predict", json={"texts": [LAMP]})
    version = {name: facts[name] for name in ("name", "version")}
    assert answer.json()["model"] == version


async def test_both_operations_are_described(client: Client) -> None:
    paths = (await client.get("/api/openapi.json")).json()["paths"]
    assert paths["/api/predict"]["post"]["operationId"] == "predict"
    assert paths["/api/model"]["get"]["operationId"] == "readModel"


async def test_the_model_is_read_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "InferenceSession", None)
    for _ in range(2):
        assert (await ask(client, LAMP))[0]["category"] == "lighting"


@pytest.fixture(params=["missing", "broken"])
async def client_without_model(
    request: pytest.FixtureRequest,
    app: FastAPI,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[Client]:
    path = tmp_path / "model.onnx"
    if request.param == "broken":
        path.write_bytes(FILE.read_bytes()[:1000])
    monkeypatch.setattr(model, "FILE", path)
    caplog.set_level(logging.ERROR)
    without = create_app(settings)
    assert str(path) in caplog.text
    assert "poe train" in caplog.text
    async with Client(without) as client:
        yield client
    await without.state.engine.dispose()


async def test_without_a_model_everything_else_works(
    client_without_model: Client,
) -> None:
    client = client_without_model
    assert_problem(await client.post("/api/predict", json={"texts": [LAMP]}), 503)
    assert_problem(await client.get("/api/model"), 503)
    assert (await client.get("/readyz")).status_code == 503
    assert (await client.get("/healthz")).status_code == 200
    assert (await client.get("/api/products")).status_code == 200


@pytest.mark.parametrize("content", [b"", b"x" * 100, FILE.read_bytes()[:-100]])
def test_what_is_no_model_is_not_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    assert load(path) is None


def test_a_model_has_all_its_numbers_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    onnx = pytest.importorskip("onnx", reason=UNTRAINED)
    changed = onnx.load(FILE)
    for numbers in changed.graph.initializer:
        values = onnx.numpy_helper.to_array(numbers)
        numbers.CopyFrom(onnx.numpy_helper.from_array(values, numbers.name))
    path = tmp_path / "model.onnx"
    kept_elsewhere = {"save_as_external_data": True, "size_threshold": 0}
    onnx.save(changed, path, location="numbers", **kept_elsewhere)
    assert (tmp_path / "numbers").exists()
    monkeypatch.chdir(tmp_path)
    assert load(path) is None


def test_training_again_gives_the_same_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("skl2onnx", reason=UNTRAINED)
    from app.categories import train

    path = tmp_path / "model.onnx"
    monkeypatch.setattr(train, "FILE", path)
    train.main()
    assert list(tmp_path.iterdir()) == [path]
    texts, categories = train.read(TEXTS)
    ours, new = Model(FILE.read_bytes()), Model(path.read_bytes())
    assert ours.score == new.score
    assert np.allclose(ours.probabilities(texts), new.probabilities(texts), atol=1e-3)
    assert [one.category for one in new.predict(texts)] == categories
