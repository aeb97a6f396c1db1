"""Products in the admin panel."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from catalogue.forms import EditForm, ProductForm
from catalogue.models import Product
from config.admin import StaffModelAdmin
from languages import _

CONFLICT = _(
    "Somebody changed this product while you were editing it. Nothing of yours is "
    "saved: open the page again to see what is there now."
)


class StockFilter(admin.SimpleListFilter):
    title = _("stock")
    parameter_name = "stock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("in", _("In stock")), ("out", _("Sold out"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Product]
    ) -> QuerySet[Product]:
        match self.value():
            case "in":
                return queryset.filter(stock__gt=0)
            case "out":
                return queryset.filter(stock=0)
        return queryset


class ChangeForm(EditForm):
    """Refuses an edit of what somebody else has changed meanwhile."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    def clean(self) -> dict[str, Any] | None:
        # Locked, so that it stays as it is until the edit is saved.
        version = self.cleaned_data.get("version")
        stored = Product.objects.select_for_update().filter(pk=self.instance.pk)
        if version is None or stored.filter(version=version).first() is None:
            raise ValidationError(CONFLICT)
        return super().clean()


@admin.register(Product)
class ProductAdmin(StaffModelAdmin):
    list_display = ("name", "price", "stock", "owner", "updated_at")
    list_filter = (StockFilter, "created_at")
    list_select_related = ("owner",)
    ordering = ("-created_at", "-pk")  # there is an index for it
    search_fields = ("name", "description")
    autocomplete_fields = ("owner",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*Product.EDITABLE, "owner", *(["version"] if obj else [])]

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,
        **kwargs: Any,
    ) -> type[ModelForm]:
        # The version is no field of the model's that anybody edits, but one of the form.
        kwargs |= {"form": ChangeForm if change else ProductForm}
        kwargs |= {"fields": (*Product.EDITABLE, "owner")}
        return super().get_form(request, obj, change, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk}

    def save_model(
        self, request: HttpRequest, obj: Product, form: ModelForm, change: bool
    ) -> None:
        if change:
            obj.version += 1
        super().save_model(request, obj, form, change)

    def view_on_site(self, obj: Product) -> str:
        return obj.get_absolute_url()
