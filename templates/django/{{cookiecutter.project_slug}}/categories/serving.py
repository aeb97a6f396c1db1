"""The model as the site has it: read once, when a process starts."""

import logging
from functools import cache

from categories import model
from categories.model import Model

logger = logging.getLogger(__name__)


@cache
def found() -> Model | None:
    return model.load(model.FILE)


def model_is_there() -> bool:
    if found() is None:
        logger.warning("There is no model: `poe train` makes one.")
    return found() is not None
