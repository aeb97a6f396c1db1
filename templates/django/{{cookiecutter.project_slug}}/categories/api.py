"""The model, for programs: it finds categories, and says what it is."""

from django.http import HttpRequest
from ninja import Router

from api.documentation import BODY, answers
from api.problems import ProblemError
from categories import schemas, serving
from categories.model import Model

router = Router(tags=["model"])


def model_or_503() -> Model:
    model = serving.found()
    if model is None:
        raise ProblemError(503, "The model is out of order.")
    return model


@router.post(
    "/predict",
    response=schemas.Predictions,
    summary="Find the category of each text",
    openapi_extra=answers(
        {200: "The likeliest categories, in the order of the texts"}, *BODY, 503
    ),
)
def predict(request: HttpRequest, question: schemas.Question) -> schemas.Predictions:
    model = model_or_503()
    found = model.predict(question.texts)
    return schemas.Predictions.model_validate({"predictions": found, "model": model})


@router.api_operation(
    ["GET", "HEAD"],
    "/model",
    response=schemas.Model,
    summary="Which model answers?",
    openapi_extra=answers({200: "The model"}, 503),
)
def read_model(request: HttpRequest) -> Model:
    return model_or_503()
