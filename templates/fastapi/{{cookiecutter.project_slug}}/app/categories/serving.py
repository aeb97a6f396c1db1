"""The model as the application has it: read once, at the start, and asked in threads."""

import logging
from collections.abc import Sequence
from typing import Annotated

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Depends, FastAPI, Request

from app.categories import model
from app.categories.model import Model, Prediction

logger = logging.getLogger(__name__)

# It keeps a processor busy: a crowd waits in line, while other requests go on.
PREDICTING = CapacityLimiter(1)


def set_up(app: FastAPI) -> None:
    app.state.model = model.load(model.FILE)
    app.state.ready_checks.append(model_is_there)


async def model_is_there(app: FastAPI) -> bool:
    if app.state.model is None:
        logger.warning("There is no model: `poe train` makes one.")
    return app.state.model is not None


async def current_model(request: Request) -> Model | None:
    found: Model | None = request.app.state.model
    return found


FoundModel = Annotated[Model | None, Depends(current_model)]


async def predict(asked: Model, texts: Sequence[str]) -> list[Prediction]:
    return await run_sync(asked.predict, texts, limiter=PREDICTING)
