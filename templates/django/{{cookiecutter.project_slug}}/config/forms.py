"""How forms look, and what is answered when one was sent.

https://docs.djangoproject.com/en/5.2/ref/forms/renderers/
"""

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm, BoundField, CharField
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse
from django.views.generic.base import TemplateResponseMixin
from django.views.generic.edit import FormMixin

from config.names import is_blank, validate_name

Handler = Callable[[HttpRequest], HttpResponse]


class Field(BoundField):
    """A field whose id is its name."""

    @property
    def auto_id(self) -> str:
        return self.html_name

    @property
    def aria_describedby(self) -> str:
        hint = [f"{self.auto_id}-hint"] if self.help_text else []
        error = [f"{self.auto_id}-error"] if self.errors else []
        return " ".join(hint + error)

    @property
    def now(self) -> Any:
        """What is stored, if the form is to be compared with it."""
        return getattr(getattr(self.form, "now", None), self.name, None)


class Renderer(TemplatesSetting):
    """Renders `{{ form }}` with templates of our own."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = Field


class NameField(CharField):
    """A name, which is kept as it was typed."""

    default_validators = [validate_name]

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, **options)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return "" if is_blank(text) else text


class UnprocessableMixin(TemplateResponseMixin, FormMixin):
    """Says 422 with the form that has errors, so that programs notice too."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        context: dict[str, Any] = self.get_context_data(form=form)
        return self.render_to_response(context, status=422)


def see_other(get_response: Handler) -> Handler:
    """Say 303 instead of 302: fetch the next page with GET, whatever you sent here.

    https://www.rfc-editor.org/rfc/rfc9110#name-303-see-other
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 302:
            response.status_code = 303
        return response

    return middleware
