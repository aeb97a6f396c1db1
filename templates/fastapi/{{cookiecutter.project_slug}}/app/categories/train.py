"""`poe train` learns the categories from `training.csv`, and writes `model.onnx`.

https://scikit-learn.org/stable/modules/cross_validation.html
"""

import csv
import hashlib
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
from onnx import ModelProto
from onnx.helper import set_model_props
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline

from .model import FILE, INPUT, Model
from .words import PLACES, numbers_of

NAME = "product-categories"
TEXTS = Path(__file__).with_name("training.csv")
# Always the same parts, so that the score changes with the texts and not by chance.
FOLDS = RepeatedStratifiedKFold(n_splits=5, n_repeats=4, random_state=0)


def main() -> None:
    texts, categories = read(TEXTS)
    pipeline = new_pipeline()
    rows = numbers_of(texts)
    # How often it is right about texts that it has not learnt from.
    score = float(cross_val_score(pipeline, rows, categories, cv=FOLDS).mean())
    pipeline.fit(rows, categories)
    content = as_onnx(pipeline, score)
    check(content, pipeline, texts)
    write(content, FILE)
    learnt = f"{FILE.name}: {len(texts)} texts, right in {score:.0%} of the cases."
    sys.stdout.write(f"{learnt}\n")


def read(path: Path) -> tuple[list[str], list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], [row["category"] for row in rows]


def new_pipeline() -> Pipeline:
    return make_pipeline(TfidfTransformer(), LogisticRegression(C=10, max_iter=1000))


def as_onnx(pipeline: Pipeline, score: float) -> bytes:
    model: ModelProto = to_onnx(
        pipeline,
        name=NAME,
        initial_types=[(INPUT, FloatTensorType([None, PLACES]))],
        options={"zipmap": False},
    )
    facts = {
        "name": NAME,
        # The same numbers are the same version.
        "version": hashlib.sha256(model.SerializeToString()).hexdigest()[:12],
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "score": f"{score:.4f}",
        "categories": json.dumps(list(pipeline.classes_)),
    }
    set_model_props(model, facts)
    return bytes(model.SerializeToString())


def check(content: bytes, pipeline: Pipeline, texts: list[str]) -> None:
    """What will answer has to say what was trained."""
    served = Model(content).probabilities(texts)
    trained = pipeline.predict_proba(numbers_of(texts))
    if not np.allclose(served, trained, atol=1e-4):
        raise SystemExit(
            "The model answers otherwise than it was trained: not written."
        )


def write(content: bytes, path: Path) -> None:
    """Put it in place as a whole: nobody ever reads half a model."""
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)


if __name__ == "__main__":
    main()
