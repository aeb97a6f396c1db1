"""The model as the application has it: read once, when a process starts."""

import logging

from flask import Flask, current_app

from app.categories import model
from app.categories.model import Model
from app.health import add_check

logger = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    app.extensions["model"] = model.load(model.FILE)
    add_check(app, model_is_there)


def model_is_there() -> bool:
    if found() is None:
        logger.warning("There is no model: `poe train` makes one.")
    return found() is not None


def found() -> Model | None:
    there: Model | None = current_app.extensions["model"]
    return there
