"""The model: what it answers, what it refuses, and what there is without it."""

import csv
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from categories import model, serving
from categories.model import FILE, Model, load
from tests.programs import Program, is_problem, wrong_fields

LAMP = "A lamp for the desk, with a warm light"
NOTEBOOK = "Notebook with dotted paper, for pen and pencil"
TEXTS = FILE.with_name("training.csv")
ROOT = FILE.parents[1]
UNTRAINED = "nothing to train with is installed: uv run --group train pytest"


@pytest.fixture
def program() -> Program:
    return Program()


def ask(program: Program, *texts: str) -> list[dict[str, Any]]:
    response = program.send("POST", "/api/predict", {"texts": texts})
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
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
    response = program.send("POST", "/api/predict", sent)
    assert wrong_fields(response) == [field]


def test_a_body_that_is_not_json_is_refused(program: Program) -> None:
    plain = {"Content_Type": "text/plain"}
    form = program.send("POST", "/api/predict", raw="texts=x", **plain)
    assert is_problem(form, 415)
    assert is_problem(program.send("POST", "/api/predict", raw=b'{"texts"'), 400)
    long = {"texts": ["x" * 1024 * 1024]}
    assert is_problem(program.send("POST", "/api/predict", long), 413)


def test_the_model_says_what_it_is(program: Program) -> None:
    response = program.send("GET", "/api/model")
    assert response["Cache-Control"] == "no-cache"
    facts = response.json()
    assert facts.keys() == {"name", "version", "trained_at", "score", "categories"}
    assert facts["name"] == "product-categories"
    assert datetime.fromisoformat(facts["trained_at"]) < datetime.now(UTC)
    assert 0.5 < facts["score"] < 1
    with TEXTS.open(encoding="utf-8", newline="") as file:
        learnt = {row["category"] for row in csv.DictReader(file)}
    assert facts["categories"] == sorted(learnt)
    answer = program.send("POST", "/api/predict", {"texts": [LAMP]})
    version = {name: facts[name] for name in ("name", "version")}
    assert answer.json()["model"] == version


def test_both_operations_are_described(program: Program) -> None:
    paths = program.send("GET", "/api/openapi.json").json()["paths"]
    assert paths["/api/predict"]["post"]["operationId"] == "predict"
    assert paths["/api/model"]["get"]["operationId"] == "readModel"


def test_the_model_is_read_once(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "InferenceSession", None)
    for _ in range(2):
        assert ask(program, LAMP)[0]["category"] == "lighting"


def test_nothing_is_reported_to_others(tmp_path: Path) -> None:
    # onnxruntime would begin with a number for this machine, which it keeps there.
    home = {"HOME": str(tmp_path)}
    code = "from categories import model; model.load(model.FILE)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=home, check=True)
    assert not list(tmp_path.iterdir())


@pytest.fixture(params=["missing", "broken"])
def _no_model(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[None]:
    path = tmp_path / "model.onnx"
    if request.param == "broken":
        path.write_bytes(FILE.read_bytes()[:1000])
    monkeypatch.setattr(model, "FILE", path)
    caplog.set_level(logging.ERROR)
    serving.found.cache_clear()
    serving.found()
    assert str(path) in caplog.text
    assert "poe train" in caplog.text
    yield
    serving.found.cache_clear()


@pytest.mark.django_db
@pytest.mark.usefixtures("_no_model")
def test_without_a_model_everything_else_works(program: Program) -> None:
    answer = program.send("POST", "/api/predict", {"texts": [LAMP]})
    assert is_problem(answer, 503)
    assert is_problem(program.send("GET", "/api/model"), 503)
    assert program.get("/readyz").status_code == 503
    assert program.get("/healthz").status_code == 200
    assert program.send("GET", "/api/products").status_code == 200


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
    from categories import train

    path = tmp_path / "model.onnx"
    monkeypatch.setattr(train, "FILE", path)
    train.main()
    assert list(tmp_path.iterdir()) == [path]
    texts, categories = train.read(TEXTS)
    ours, new = Model(FILE.read_bytes()), Model(path.read_bytes())
    assert ours.score == new.score
    assert np.allclose(ours.probabilities(texts), new.probabilities(texts), atol=1e-3)
    assert [one.category for one in new.predict(texts)] == categories
