"""`/predict`: where people try the model."""

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue

from app.categories import serving
from app.categories.forms import TextForm
from app.categories.model import Prediction
from app.categories.names import name_of
from app.forms import render_form
from app.settings import Settings

blueprint = Blueprint("categories", __name__, template_folder="templates")


def init_app(app: Flask, settings: Settings) -> None:
    app.register_blueprint(blueprint)
    app.add_template_filter(name_of, "category_name")
    app.add_template_filter(percent)


def percent(part: float) -> int:
    return round(part * 100)


@blueprint.route("/predict", methods=["GET", "POST"])
def predict() -> ResponseReturnValue:
    model = serving.found()
    if model is None:
        return render_template("predict.html", model=None), 503
    form = TextForm()
    found: list[Prediction] = []
    if form.validate_on_submit():
        found = model.predict([form.text.data])
    return render_form("predict.html", form, model=model, found=found)
