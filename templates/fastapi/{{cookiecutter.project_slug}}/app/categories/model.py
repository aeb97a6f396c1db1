"""The model: it tells the category of a product from what is said about it.

It is a file of numbers and of the operations on them, without code of its own:
https://onnx.ai/onnx/intro/
"""

import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# It would report to its makers, and does so from its import on:
# https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
from onnxruntime import InferenceSession, SessionOptions

from .words import numbers_of

FILE = Path(__file__).with_name("model.onnx")
INPUT = "words"
OUTPUT = "probabilities"
MOST_TEXTS = 64
LONGEST_TEXT = 2000

_FOLDER = "session.model_external_initializers_file_folder_path"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prediction:
    category: str
    probability: float


class Model:
    """A model that was read, and what is known about it.

    Raises:
        Exception: these bytes are no model, or not one that fits `words`.
    """

    def __init__(self, content: bytes) -> None:
        options = SessionOptions()
        # Requests are answered side by side: more threads would be in each other's way.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 4  # what it would say is raised as well
        # A model may name other files that its numbers are in: not here.
        options.add_session_config_entry(_FOLDER, os.devnull)
        self._session = InferenceSession(
            content, options, providers=["CPUExecutionProvider"]
        )
        facts = self._session.get_modelmeta().custom_metadata_map
        self.name: str = facts["name"]
        self.version: str = facts["version"]
        self.trained_at = datetime.fromisoformat(facts["trained_at"])
        self.score = float(facts["score"])
        self.categories: list[str] = json.loads(facts["categories"])
        if self.probabilities(["lamp"]).shape != (1, len(self.categories)):
            raise ValueError("It answers something else.")

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """The likeliest category of each text."""
        rows = self.probabilities(texts)
        return [
            Prediction(self.categories[best], round(float(row[best]), 4))
            for row, best in zip(rows, rows.argmax(axis=1), strict=True)
        ]

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row for each text, in the order of `categories`."""
        rows, *_ = self._session.run([OUTPUT], {INPUT: numbers_of(texts)})
        return np.asarray(rows, dtype=np.float32)


def load(path: Path) -> Model | None:
    """Read a model; without one, say in the log what to do."""
    try:
        return Model(path.read_bytes())
    except FileNotFoundError:
        logger.error("There is no model: `poe train` makes %s.", path)
    except Exception as error:  # each kind of damage has an exception of its own
        reason = type(error).__name__
        logger.error("%s is no model (%s): `poe train` makes it anew.", path, reason)
    return None
