"""Uploading products, and watching how their import goes on."""

from typing import Any

from django.contrib.auth.mixins import UserPassesTestMixin
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.generic import DetailView, FormView

from accounts.logins import LoginRequired
from config.forms import UnprocessableMixin
from imports import tasks
from imports.forms import ImportForm
from imports.models import MOST_PROBLEMS, ProductImport


class StaffRequired(LoginRequired, UserPassesTestMixin):
    """Sends strangers to the login page, and refuses those who are not staff."""

    def test_func(self) -> bool:
        return self.user.is_staff


class ImportCreateView(StaffRequired, UnprocessableMixin, FormView):
    template_name = "imports/new.html"
    form_class = ImportForm

    def form_valid(self, form: ImportForm) -> HttpResponse:
        filename, file = form.cleaned_data["file"]
        queued = tasks.queue(file, filename, self.user)
        return HttpResponseRedirect(queued.get_absolute_url())


class ImportDetailView(StaffRequired, DetailView):
    template_name = "imports/show.html"
    queryset = ProductImport.objects.defer("content")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        work = self.object
        reasons = ((problem["line"], problem["reason"]) for problem in work.problems)
        problems = [(line, gettext(reason)) for line, reason in reasons]
        has_more = work.refused > MOST_PROBLEMS
        return super().get_context_data(
            work=work, problems=problems, has_more=has_more, **kwargs
        )
