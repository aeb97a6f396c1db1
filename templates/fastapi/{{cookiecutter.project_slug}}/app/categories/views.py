"""`/predict`: where people try the model."""

from pathlib import Path
from typing import Any

from fastapi import Request
from starlette.responses import Response

from app.categories import serving
from app.categories.forms import TextForm
from app.categories.model import Model
from app.categories.names import name_of
from app.categories.serving import FoundModel
from app.csrf import SubmittedForm
from app.pages import Page, loader, page_router

router = page_router()
loader.searchpath.append(str(Path(__file__).parent / "templates"))


@router.get("/predict")
async def show_form(request: Request, model: FoundModel) -> Response:
    return _page(request, model)


@router.post("/predict")
async def find_category(
    request: Request, model: FoundModel, submitted: SubmittedForm
) -> Response:
    form, errors = TextForm.read(submitted)
    text = str(submitted.get("text", ""))
    if model is None or form is None:
        return _page(request, model, 422, text=text, errors=errors)
    [found] = await serving.predict(model, [form.text])
    return _page(
        request,
        model,
        text=form.text,
        category=name_of(found.category),
        percent=round(found.probability * 100),
    )


def _page(
    request: Request, model: Model | None, status_code: int = 200, **context: Any
) -> Response:
    values: dict[str, Any] = {"text": "", "errors": {}, "category": "", "percent": 0}
    if model is None:
        status_code = 503
    else:
        values["score"] = round(model.score * 100)
    values |= context
    return Page(request, "predict.html", status_code, model=model, **values)
