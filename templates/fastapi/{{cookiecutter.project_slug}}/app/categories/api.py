"""The model, for programs: it finds categories, and says what it is."""

from typing import Annotated, Any

from fastapi import Depends, HTTPException

from app.api import documentation
from app.api.problems import described
from app.api.routing import ApiRouter
from app.categories import schemas, serving
from app.categories.model import Model
from app.categories.serving import FoundModel

router = ApiRouter("model")
documentation.DESCRIBED.append(router)


async def _model(found: FoundModel) -> Model:
    if found is None:
        raise HTTPException(503, "The model is out of order.")
    return found


WorkingModel = Annotated[Model, Depends(_model)]


@router.post(
    "/predict",
    response_model=schemas.Predictions,
    summary="Find the category of each text",
    response_description="The likeliest categories, in the order of the texts",
    responses=described(413, 415, 422, 503),
)
async def predict(question: schemas.Question, model: WorkingModel) -> dict[str, Any]:
    found = await serving.predict(model, question.texts)
    return {"predictions": found, "model": model}


@router.get(
    "/model",
    response_model=schemas.Model,
    summary="Which model answers?",
    response_description="The model",
    responses=described(503),
)
async def read_model(model: WorkingModel) -> object:
    return model
