"""The model: what it answers, what it refuses, and what there is without it."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask

from app import create_app
from app.categories import model
from app.categories.model import FILE, Model, load
from app.settings import Settings
from tests.api import Program, body, fields, problem, program_for

LAMP = "A lamp for the desk, with a warm light"
NOTEBOOK = "Notebook with dotted paper, for pen and pencil"
TEXTS = FILE.with_name("training.csv")
UNTRAINED = "nothing to train with is installed: uv run --group train pytest"


@pytest.fixture
def program(app: Flask) -> Program:
    return program_for(app)


def ask(program: Program, *texts: str) -> list[dict[str, Any]]:
    response = program.post("/predict", {"texts": texts})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    predictions: list[dict[str, Any]] = body(response)["predictions"]
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
def test_a_lamp_is_lighting(program: Program, text: str, category: str) -> None:
    [prediction] = ask(program, text)
    assert prediction.keys() == {"category", "probability"}
    assert prediction["category"] == category
    assert 0.5 < prediction["probability"] <= 1
    assert prediction["probability"] == round(prediction["probability"], 4)


def test_answers_are_in_the_order_of_the_texts(program: Program) -> None:
    texts = [LAMP, NOTEBOOK] * 32
    found = ask(program, *texts)
    assert [one["category"] for one in found] == ["lighting", "stationery"] * 32
    assert found[:2] == [*ask(program, LAMP), *ask(program, NOTEBOOK)]


def test_any_text_gets_an_answer(program: Program) -> None:
    strange = [
        "   ",
        "\n",
        "😀",
        "e" + "\u0301" * 1999,
        "مصباح",
        "\u202elamp",
        "7" * 2000,
    ]
    for prediction in ask(program, *strange):
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
def test_what_is_no_list_of_texts_is_refused(
    program: Program, sent: object, field: str
) -> None:
    assert list(fields(program.post("/predict", sent))) == [field]


def test_a_body_that_is_not_json_is_refused(program: Program) -> None:
    form = program.post("/predict", data={"texts": LAMP})
    problem(form, 415)
    half = program.post("/predict", data=b'{"texts"', content_type="application/json")
    problem(half, 400)
    long = program.post("/predict", {"texts": ["x" * 1024 * 1024]})
    problem(long, 413)


def test_the_model_says_what_it_is(program: Program) -> None:
    response = program.get("/model")
    facts = body(response)
    assert facts.keys() == {"name", "version", "trained_at", "score", "categories"}
    assert facts["name"] == "product-categories"
    assert datetime.fromisoformat(facts["trained_at"]) < datetime.now(UTC)
    assert 0.5 < facts["score"] < 1
    with TEXTS.open(encoding="utf-8", newline="") as file:
        learnt = {row["category"] for row in csv.DictReader(file)}
    assert facts["categories"] == sorted(learnt)
    answer = program.post("/predict", {"texts": [LAMP]})
    version = {name: facts[name] for name in ("name", "version")}
    assert body(answer)["model"] == version


def test_both_operations_are_described(program: Program) -> None:
    paths = body(program.get("/openapi.json"))["paths"]
    assert paths["/api/predict"]["post"]["operationId"] == "predict"
    assert paths["/api/model"]["get"]["operationId"] == "readModel"


def test_the_model_is_read_once(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "InferenceSession", None)
    for _ in range(2):
        assert ask(program, LAMP)[0]["category"] == "lighting"


@pytest.fixture(params=["missing", "broken"])
def program_without_model(
    request: pytest.FixtureRequest,
    app: Flask,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Program:
    path = tmp_path / "model.onnx"
    if request.param == "broken":
        path.write_bytes(FILE.read_bytes()[:1000])
    monkeypatch.setattr(model, "FILE", path)
    without = create_app(settings)
    log = capsys.readouterr().err
    assert str(path) in log
    assert "poe train" in log
    return program_for(without)


def test_without_a_model_everything_else_works(
    program_without_model: Program,
) -> None:
    program = program_without_model
    problem(program.post("/predict", {"texts": [LAMP]}), 503)
    problem(program.get("/model"), 503)
    assert program.browser.get("/readyz").status_code == 503
    assert program.browser.get("/healthz").status_code == 200
    assert program.get("/products").status_code == 200


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
