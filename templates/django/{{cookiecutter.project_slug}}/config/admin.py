"""What all models have in common in the admin panel.

https://docs.djangoproject.com/en/5.2/ref/contrib/admin/#modeladmin-objects
"""

import logging
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import BadRequest
from django.db import DataError
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import BoundField, ModelChoiceField, ModelForm, Widget
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString

logger = logging.getLogger(__name__)

LONGEST_SEARCH = 200
# What the filters of `list_filter` ask of their fields
FILTERS = ("exact", "id__exact", "isnull", "gte", "lt")


def is_id(text: str) -> bool:
    """Whether a database takes it for an id."""
    return re.fullmatch(r"[0-9]{1,18}", text) is not None


class Choice(AutocompleteSelect):
    """Looks only for what can be an id: Django's asks the database for anything."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> list[Any]:
        ids = [one for one in value if is_id(one)]
        groups = super().optgroups(name, ids, attr)
        if self.is_required:  # which HTML allows with an empty choice only
            groups[0][1].insert(0, self.create_option(name, "", "---------", False, 0))
        return groups


class StaffField(BoundField):
    """A field as it comes, but for what HTML forbids with one that nobody sees."""

    def label_tag(self, contents: Any = None, *args: Any, **kwargs: Any) -> SafeString:
        label = super().label_tag(contents, *args, **kwargs)
        return SafeString() if self.is_hidden else label

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: Widget | None = None
    ) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        if widget is not None and widget.is_hidden:
            attrs.pop("aria-describedby", None)
        return attrs


class StaffModelAdmin(admin.ModelAdmin):
    """A model for the staff, with every write in the log."""

    list_per_page = 25

    # What is asked for may be anything, and must not break the page.

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow what the filters ask. Django would answer `?password__startswith=` too."""
        filters = self.get_list_filter(request)
        own = {getattr(one, "parameter_name", None) for one in filters}
        return lookup in own | {f"{one}__{ask}" for one in filters for ask in FILTERS}

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        try:
            if not is_id(request.GET.get(PAGE_VAR, "1")):
                raise IncorrectLookupParameters  # Django would show the first page
            return super().get_changelist_instance(request)
        except (IncorrectLookupParameters, ArithmeticError, DataError) as error:
            raise Http404("There is no such page of this list.") from error

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        # Each word is a condition, and SQLite takes a thousand of them.
        return super().get_search_results(
            request, queryset, search_term[:LONGEST_SEARCH]
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not all(map(is_id, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            raise BadRequest("What was selected is nothing of this list.")
        return super().changelist_view(request, extra_context)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        # An empty `_to_field` in the address would be looked for among the fields.
        found = super().get_object(request, object_id, from_field or None)
        if found is None:
            raise Http404("This is gone, or has never been there.")
        return found

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {}  # Django would fill the form with whatever stands in the address

    # The forms are Django's, the fields as they come: ours have other ids.

    def get_form(self, *args: Any, **kwargs: Any) -> type[ModelForm]:
        form = super().get_form(*args, **kwargs)
        form.bound_field_class = StaffField
        return form

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = Choice(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # Who has done what

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self.log(request, "adds", [obj])
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self.log(request, "changes", [obj])
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        self.log(request, "deletes", queryset)
        return super().log_deletions(request, queryset)

    def log(self, request: HttpRequest, does: str, objects: Iterable[Model]) -> None:
        for one in objects:
            what = {"user": request.user.pk, "does": does}
            what |= {"model": self.opts.model_name, "id": one.pk}
            message = "user %(user)s %(does)s %(model)s %(id)s"
            logger.info(message, what, extra={"fields": what})
