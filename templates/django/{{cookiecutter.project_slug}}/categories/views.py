"""`/predict`: where people try the model."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.generic import FormView

from categories import serving
from categories.forms import TextForm
from categories.model import Model
from categories.names import name_of
from config.forms import UnprocessableMixin


class PredictView(UnprocessableMixin, FormView):
    template_name = "categories/predict.html"
    form_class = TextForm
    model: Model

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        model = serving.found()
        if model is None:
            return render(request, self.template_name, status=503)
        self.model = model
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: TextForm) -> HttpResponse:
        [found] = self.model.predict([form.cleaned_data["text"]])
        context = self.get_context_data(
            form=form,
            category=name_of(found.category),
            percent=round(found.probability * 100),
        )
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        score = round(self.model.score * 100)
        return super().get_context_data(model=self.model, score=score, **kwargs)
