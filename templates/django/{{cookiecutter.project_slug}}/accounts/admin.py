"""Users in the admin panel: what they are called, and what they may do.

Nobody makes users here, who confirm their address themselves, nor sees or sets a
password.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from accounts.models import User
from config.admin import StaffModelAdmin
from config.forms import NameField
from languages import _

RIGHTS = ("is_staff", "is_active")
MEANS_STAFF = _("May use this panel, and change everything in it.")
CHANGED = _(
    "Somebody changed this user while you were editing it. Nothing of yours is "
    "saved: open the page again to see what is there now."
)
GOES = _("{name} ({email}), products: {products}")


class UserForm(ModelForm):
    display_name = NameField(
        label=_("Display name"), max_length=80, show_hidden_initial=True
    )

    def clean(self) -> dict[str, Any] | None:
        """Refuse an edit of what somebody else has changed meanwhile."""
        for name, field in self.fields.items():
            seen = field.to_python(self.data.get(self[name].html_initial_name))
            if seen != self.initial[name]:
                raise ValidationError(CHANGED)
        return super().clean()


@admin.register(User)
class UserAdmin(StaffModelAdmin):
    list_display = ("email", "display_name", "is_staff", "is_active", "date_joined")
    list_filter = ("is_staff", "is_active")
    ordering = ("-pk",)  # newest first, and there is an index for it
    search_fields = ("email", "display_name")
    form = UserForm
    fields = ("email", "display_name", "is_staff", "is_active", "date_joined")
    actions = None  # several at once might be oneself too

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        # One after the other: of two who take each other's right at once, one stays.
        if request.method == "POST":
            staff = User.objects.filter(is_staff=True, is_active=True).order_by("pk")
            if request.user not in staff.select_for_update():
                raise PermissionDenied
        return super().get_object(request, object_id, from_field)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj != request.user and super().has_delete_permission(request, obj)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Any = None
    ) -> tuple[str, ...]:
        # Those who lock themselves out cannot undo it.
        own = ("is_staff", "is_active") if obj == request.user else ()
        return ("email", "date_joined", *own)

    def get_form(self, *args: Any, **kwargs: Any) -> type[ModelForm]:
        help_texts = {"is_staff": MEANS_STAFF}
        return super().get_form(*args, **kwargs, help_texts=help_texts)

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        # Sent along: what the form was opened with.
        return super().formfield_for_dbfield(
            db_field, request, show_hidden_initial=True, **kwargs
        )

    def save_model(
        self, request: HttpRequest, obj: User, form: ModelForm, change: bool
    ) -> None:
        # Only what was edited since the form was opened. Else it would give back a right
        # that somebody has taken away meanwhile, or an old password.
        edited = {name: form.cleaned_data[name] for name in form.changed_data}
        if edited:
            User.objects.filter(pk=obj.pk).update(**edited)
        for right in [name for name in RIGHTS if name in edited]:
            does = f"gives {right} to" if edited[right] else f"takes {right} from"
            self.log(request, does, [obj])

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        # Locked: while what is theirs is looked for, they add nothing.
        User.objects.select_for_update().filter(pk=obj.pk).first()
        super().delete_model(request, obj)

    def get_deleted_objects(
        self, objs: Sequence[Any] | QuerySet[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """Say that the products go too. What else goes, such as links, is not for eyes."""
        products = {user: user.products.count() for user in objs}
        names = [
            GOES.format(name=user, email=user.email, products=number)
            for user, number in products.items()
        ]
        counts = {_("users"): len(objs), _("products"): sum(products.values())}
        return names, counts, set(), []
