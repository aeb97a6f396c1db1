"""How forms look, and what is answered when one is not filled in properly.

https://docs.djangoproject.com/en/5.2/ref/forms/renderers/
"""

from typing import Any

from django.forms import BaseForm, BoundField
from django.forms.renderers import TemplatesSetting
from django.http import HttpResponse
from django.views.generic.base import TemplateResponseMixin
from django.views.generic.edit import FormMixin


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


class UnprocessableMixin(TemplateResponseMixin, FormMixin):
    """Says 422 with the form that has errors, so that programs notice too."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        context: dict[str, Any] = self.get_context_data(form=form)
        return self.render_to_response(context, status=422)
