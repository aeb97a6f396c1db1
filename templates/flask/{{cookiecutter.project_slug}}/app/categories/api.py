"""The model, for programs: it finds categories, and says what it is."""

from flask import Blueprint, Flask, abort

from app import api
from app.api.operations import BODY, Answers, spec
from app.categories import schemas, serving
from app.categories.model import Model
from app.settings import Settings

blueprint = Blueprint("api_model", __name__, url_prefix="/api")
api.PARTS.append(blueprint)


def init_app(app: Flask, settings: Settings) -> None:
    serving.init_app(app)


def model_or_503() -> Model:
    return serving.found() or abort(503, "The model is out of order.")


@blueprint.post("/predict")
@spec.validate(
    operation_id="predict",
    tags=["model"],
    resp=Answers(
        200,
        "The likeliest categories, in the order of the texts",
        schemas.Predictions,
        problems=(*BODY, 503),
    ),
)
def predict(json: schemas.Question) -> schemas.Predictions:
    """Find the category of each text"""
    model = model_or_503()
    found = model.predict(json.texts)
    return schemas.Predictions.model_validate({"predictions": found, "model": model})


@blueprint.get("/model")
@spec.validate(
    operation_id="readModel",
    tags=["model"],
    resp=Answers(200, "The model", schemas.Model, problems=(503,)),
)
def read_model() -> schemas.Model:
    """Which model answers?"""
    return schemas.Model.model_validate(model_or_503())
