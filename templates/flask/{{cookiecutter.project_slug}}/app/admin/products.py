"""The products, as the staff sees and changes them."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, ClassVar

from flask_admin.helpers import get_form_data
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import Unauthorized
from wtforms import EmailField
from wtforms.validators import InputRequired, ValidationError

from app.accounts.addresses import normalise
from app.accounts.models import User
from app.accounts.services import find_user
from app.admin.filters import Choice
from app.admin.views import TableView
from app.catalogue import services
from app.catalogue.forms import ProductForm
from app.catalogue.models import Product
from app.database import db, now
from app.languages import N_

CHANGED = N_(
    "Somebody changed this product while you were editing it."
    " Nothing of yours is saved."
)
NO_OWNER = N_("There is no account with that address.")


class AnyProductForm(ProductForm):
    """The form of the site, with an owner: by address, for there may be many users."""

    owner_email = EmailField(
        N_("Owner"),
        [InputRequired(NO_OWNER)],
        description=N_("The e-mail address of their account."),
    )
    owner: User | None = None

    def validate_owner_email(self, field: Any) -> None:
        with suppress(ValueError):
            self.owner = find_user(normalise(field.data))
        if self.owner is None:
            raise ValidationError(NO_OWNER)


def added_within(days: int) -> Callable[[], Any]:
    return lambda: Product.created_at > now() - timedelta(days=days)


class ProductView(TableView):
    column_list = ("name", "price", "stock", "owner", "updated_at")
    column_labels: ClassVar = {
        "name": N_("Name"),
        "price": N_("Price"),
        "stock": N_("Stock"),
        "owner": N_("Owner"),
        "updated_at": N_("Changed (UTC)"),
    }
    column_formatters: ClassVar = {
        "owner": lambda view, context, product, name: product.owner.display_name
    }
    column_sortable_list = (
        *("name", "price", "stock", "updated_at"),
        ("owner", "owner.display_name"),
    )
    column_default_sort = ("created_at", True)  # there is an index for it
    column_searchable_list = ("name", "description")
    column_filters = (
        Choice(
            Product.stock,
            N_("Stock"),
            {
                N_("In stock"): lambda: Product.stock > 0,
                N_("Sold out"): lambda: Product.stock == 0,
            },
        ),
        Choice(
            Product.created_at,
            N_("Added"),
            {
                N_("Past day"): added_within(1),
                N_("Past week"): added_within(7),
                N_("Past month"): added_within(30),
            },
        ),
    )
    form = AnyProductForm

    def title_of(self, product: Product) -> str:
        return product.name

    def create_form(self, obj: Any = None) -> AnyProductForm:
        return AnyProductForm(get_form_data(), owner_email=current_user.email)

    def edit_form(self, obj: Product) -> AnyProductForm:
        return AnyProductForm(get_form_data(), obj=obj, owner_email=obj.owner.email)

    def create_model(self, form: Any) -> Product | None:
        try:
            product = services.add_product(form.owner, form.values)
        except Unauthorized:
            form.owner_email.errors = [NO_OWNER]
            return None
        self.note("added", product.id)
        return product

    def update_model(self, form: Any, product: Product) -> bool:
        number = product.id
        values = form.values | {"owner_id": form.owner.id}
        try:
            services.change_product(product, form.read_version, values)
        except services.ProductChangedError:
            self.get_one(number)  # its name is on the page, if it still is
            form.version.errors = [CHANGED]
            return False
        except IntegrityError:
            db.session.rollback()
            self.get_one(number)
            form.owner_email.errors = [NO_OWNER]  # deleted just now
            return False
        self.note("changed", number)
        return True
