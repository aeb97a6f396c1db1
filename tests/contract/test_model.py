"""M. A model that is served: what it answers, what it refuses, and that it is in nobody's way."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from headstart.tasks import surroundings, task

from .api import Client, complaints, problem, value_of
from .databases import SQLite
from .deployments import Deployment
from .people import FORM_AGAIN
from .test_api_products import time_of
from .test_operation import HEALTHY_WITHIN, quickest_health_check

LAMP = "A lamp for the desk, with a warm light"
NOTEBOOK = "Notebook with dotted paper, for pen and pencil"
MOST_TEXTS = 64
LONGEST_TEXT = 2000
STRANGE = (
    *(" ", "\n", "0", "😀👩‍👩‍👧‍👦", "مصباح", "\u202elamp", "e" + "\u0301" * 1000, "𝕷𝖆𝖒𝖕"),
    *("<script>alert(1)</script>", "{{ 7 * 7 }}", "'; DROP TABLE product; --", "../../etc/passwd"),
)


def predicted(client: Client, *texts: str) -> list[tuple[str, float]]:
    """Return what the model says to each text."""
    said = value_of(client.post("/api/predict", {"texts": texts}))
    assert said.keys() == {"predictions", "model"}
    assert said["model"].keys() == {"name", "version"}
    for one in said["predictions"]:
        assert one.keys() == {"category", "probability"}
        assert 0 < one["probability"] <= 1
        assert one["probability"] == round(one["probability"], 4)
    return [(one["category"], one["probability"]) for one in said["predictions"]]


def categories(client: Client, *texts: str) -> list[str]:
    return [category for category, _ in predicted(client, *texts)]


def test_a_lamp_is_lighting(program: Client) -> None:
    """M1."""
    assert categories(program, LAMP) == ["lighting"]
    assert categories(program, NOTEBOOK) == ["stationery"]


def test_each_text_has_its_answer_in_its_place(program: Client) -> None:
    """M1."""
    texts = [LAMP, NOTEBOOK] * (MOST_TEXTS // 2)
    found = predicted(program, *texts)
    assert found == [*predicted(program, LAMP), *predicted(program, NOTEBOOK)] * (MOST_TEXTS // 2)


def test_as_much_as_may_be_sent_is_answered(program: Client) -> None:
    """M1."""
    assert len(predicted(program, *["lamp " * 400] * MOST_TEXTS)) == MOST_TEXTS
    assert len(predicted(program, "x")) == 1


def test_any_text_has_an_answer(program: Client) -> None:
    """M1, I5."""
    assert len(predicted(program, *STRANGE)) == len(STRANGE)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "texts"),
        ({"texts": []}, "texts"),
        ({"texts": None}, "texts"),
        ({"texts": LAMP}, "texts"),
        ({"texts": {"0": LAMP}}, "texts"),
        ({"texts": [LAMP] * (MOST_TEXTS + 1)}, "texts"),
        ({"texts": [LAMP, ""]}, "texts.1"),
        ({"texts": ["x" * (LONGEST_TEXT + 1)]}, "texts.0"),
        ({"texts": ["lamp\0"]}, "texts.0"),
        ({"texts": [7]}, "texts.0"),
        ({"texts": [[LAMP]]}, "texts.0"),
        ({"texts": [True]}, "texts.0"),
        ({"texts": [LAMP], "model": "another"}, "model"),
    ],
)
def test_what_is_no_list_of_texts_is_refused(program: Client, sent: object, field: str) -> None:
    """M1, R9."""
    assert list(complaints(program.post("/api/predict", sent))) == [field]


def test_a_body_that_is_not_json_is_refused(program: Client) -> None:
    """M1, R9."""
    send, json_type = program.send, {"Content-Type": "application/json"}
    body = json.dumps({"texts": [LAMP]}).encode()
    problem(send("POST", "/api/predict", body, {"Content-Type": "text/plain"}), 415)
    problem(send("POST", "/api/predict", b'{"texts": [', json_type), 400)
    problem(send("POST", "/api/predict", b'{"texts": ["\xff"]}', json_type), 400)
    problem(send("POST", "/api/predict", b'{"texts": ["\\ud800"]}', json_type), 400, 422)
    problem(send("POST", "/api/predict", b" " * 2_000_000, json_type), 413)
    problem(program.get("/api/predict"), 405)
    problem(program.post("/api/model", {}), 405)


def test_the_model_says_what_it_is(program: Client) -> None:
    """M2."""
    said = value_of(program.get("/api/model"))
    assert said.keys() == {"name", "version", "trained_at", "score", "categories"}
    assert time_of(said["trained_at"]) < datetime.now(UTC)
    assert 0.5 < said["score"] < 1
    assert len(said["categories"]) == len(set(said["categories"])) > 1
    assert {"lighting", "stationery"} <= set(said["categories"])
    answer = value_of(program.post("/api/predict", {"texts": [LAMP]}))
    assert answer["model"] == {"name": said["name"], "version": said["version"]}
    assert program.ask("HEAD", "/api/model").status == 200


def test_people_try_it_on_a_page(deployment: Deployment) -> None:
    """M1, C1, I1."""
    visitor = deployment.visitor()
    assert "/predict" in visitor.get("/").text
    page = visitor.get("/predict")
    assert page.status == 200
    found = visitor.submit(page, {"text": LAMP})
    assert found.status == 200
    assert "Lighting: the model is" in found.text
    attack = visitor.submit(page, {"text": "<script>alert(1)</script>{{ 7 * 7 }}"})
    assert attack.status == 200
    assert "<script>alert" not in attack.text
    for text in ("", "   ", "x" * (LONGEST_TEXT + 1)):
        again = visitor.submit(page, {"text": text})
        assert again.status in FORM_AGAIN
        assert 'id="text-error"' in again.text
    forged = b"text=lamp"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert visitor.request("POST", "/predict", forged, form).status == 403


def test_a_crowd_that_asks_the_model_holds_up_nobody(deployment: Deployment) -> None:
    """M3."""
    texts = json.dumps({"texts": ["lamp garden paper wood wool pan " * 60] * MOST_TEXTS}).encode()
    over = threading.Event()
    statuses: list[int] = []

    def ask() -> None:
        client = Client(deployment)
        while not over.is_set():
            statuses.append(client.send("POST", "/api/predict", texts).status)

    crowd = [threading.Thread(target=ask) for _ in range(4)]
    for one in crowd:
        one.start()
    try:
        time.sleep(0.5)
        seconds = min(quickest_health_check(deployment) for _ in range(3))
        pages = [deployment.visitor().get("/api/products") for _ in range(3)]
    finally:
        over.set()
        for one in crowd:
            one.join()
    assert set(statuses) == {200}
    assert seconds < HEALTHY_WITHIN
    assert {page.status for page in pages} == {200}
    assert min(page.seconds for page in pages) < 1


def copied(project: Path, folder: Path) -> Path:
    """Return a copy of a project that uses the same packages."""
    gone = shutil.ignore_patterns(".venv", "var", "__pycache__", ".*_cache")
    copy = Path(shutil.copytree(project, folder / "copy", ignore=gone))
    (copy / ".venv").symlink_to(project / ".venv")
    return copy


@pytest.fixture(params=["missing", "broken"])
def without_model(
    request: pytest.FixtureRequest, framework: str, project: Path, tmp_path: Path
) -> Iterator[Deployment]:
    """Run a project whose model is gone, or is only half there."""
    copy = copied(project, tmp_path)
    (model,) = copy.rglob("model.onnx")
    whole = model.read_bytes()
    model.unlink()
    if request.param == "broken":
        model.write_bytes(whole[: len(whole) // 2])
    deployment = Deployment(framework, copy, SQLite(tmp_path / "db.sqlite3"), tmp_path)
    deployment.may_fail = True
    deployment.prepare()
    deployment.start()
    try:
        yield deployment
    finally:
        deployment.stop()


def test_without_its_model_a_project_is_not_ready_and_says_why(without_model: Deployment) -> None:
    """M4, U2, U5."""
    program, visitor = Client(without_model), without_model.visitor()
    assert visitor.get("/readyz").status == 503
    problem(program.post("/api/predict", {"texts": [LAMP]}), 503)
    problem(program.get("/api/model"), 503)
    page = visitor.get("/predict")
    assert page.status == 503
    assert "out of order" in page.text
    for path in ("/", "/products", "/api/products", "/login", "/healthz"):
        assert visitor.get(path).status == 200, path
    log = without_model.log.read_text(encoding="utf-8")
    assert "model.onnx" in log
    assert "poe train" in log
    assert "Traceback" not in log


@pytest.mark.slow
def test_one_command_trains_it_anew(project: Path, tmp_path: Path) -> None:
    """M3."""
    copy = copied(project, tmp_path)
    (copy / ".venv").unlink()
    (model,) = copy.rglob("model.onnx")
    model.unlink()
    environment = surroundings(project)
    # Where uv is, for those who have it on no path.
    environment["PATH"] += os.pathsep + os.fspath(Path(sys.executable).parent)
    done = subprocess.run(
        task(copy, "train"),
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert model.name in done.stdout
    assert model.stat().st_size < 500_000
    assert not list(copy.rglob("*.pkl"))
    assert sorted(file.name for file in model.parent.iterdir() if "onnx" in file.name) == [
        "model.onnx"
    ]
