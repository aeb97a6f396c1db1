"""Products in the admin panel."""

from datetime import timedelta
from typing import Any, ClassVar

from sqlalchemy import ColumnElement
from starlette.datastructures import FormData
from starlette.requests import Request
from wtforms import HiddenField, StringField, TextAreaField

from app.accounts.forms import Email
from app.accounts.models import AccountGone, User
from app.accounts.services import find_user
from app.admin.filters import Choice
from app.admin.forms import SharedForm
from app.admin.tables import Refused, Table
from app.catalogue import forms, rules, services
from app.catalogue.models import Product
from app.catalogue.services import ProductValues
from app.database import now
from app.languages import N_

CHANGED = N_(
    "Somebody changed this product while you were editing it. "
    "Nothing of yours is saved: open the page again to see what is there now."
)
NO_OWNER = N_("No account has this address.")


class ProductRules(forms.ProductForm):
    owner: Email = ""


class ProductFields(SharedForm):
    shared = ProductRules

    version = HiddenField()
    name = StringField(N_("Name"), render_kw={"maxlength": rules.LONGEST_NAME})
    description = TextAreaField(N_("Description"), render_kw={"rows": 8})
    price = StringField(N_("Price"), render_kw={"inputmode": "decimal"})
    stock = StringField(N_("Stock"), render_kw={"inputmode": "numeric"})
    # Not a list to choose from: that would hold every account there is.
    owner = StringField(
        N_("Owner"),
        description=N_("The e-mail address of an account."),
        render_kw={"inputmode": "email", "autocapitalize": "none"},
    )


class OwnedProductValues(ProductValues):
    owner_id: int


def _made_within(days: int, label: str) -> tuple[str, Any]:
    def condition() -> ColumnElement[bool]:
        return Product.created_at > now() - timedelta(days=days)

    return label, condition


def _owner_name(product: Any, _: object) -> str:
    return str(product.owner.display_name)


class ProductTable(Table, model=Product):
    name_plural = N_("Products")
    column_list: ClassVar[list[Any]] = [
        Product.name,
        Product.price,
        Product.stock,
        Product.owner,
        Product.updated_at,
    ]
    column_labels: ClassVar[dict[Any, str]] = {
        Product.name: N_("Name"),
        Product.price: N_("Price"),
        Product.stock: N_("Stock"),
        Product.owner: N_("Owner"),
        Product.updated_at: N_("Changed (UTC)"),
    }
    column_formatters: ClassVar[dict[Any, Any]] = {Product.owner: _owner_name}
    column_sortable_list: ClassVar[list[Any]] = [
        Product.name,
        Product.price,
        Product.stock,
        Product.updated_at,
    ]
    # The order of the site, for which there is an index.
    column_default_sort: ClassVar[list[Any]] = [(Product.created_at, True)]
    column_searchable_list: ClassVar[list[Any]] = [Product.name, Product.description]
    column_filters: ClassVar[list[Any]] = [
        Choice(
            N_("Stock"),
            "stock",
            {
                "in": (N_("In stock"), lambda: Product.stock > 0),
                "out": (N_("Sold out"), lambda: Product.stock == 0),
            },
        ),
        Choice(
            N_("Added"),
            "created",
            {
                "7": _made_within(7, N_("The last 7 days")),
                "30": _made_within(30, N_("The last 30 days")),
                "365": _made_within(365, N_("The last 365 days")),
            },
        ),
    ]
    form = ProductFields

    async def get_form_data_for_edit(self, obj: Product) -> dict[str, Any]:
        return {
            "version": str(obj.version),
            "name": obj.name,
            "description": obj.description,
            "price": f"{obj.price:.2f}",
            "stock": str(obj.stock),
            "owner": obj.owner.email,
        }

    async def insert_model(self, request: Request, data: dict[str, Any]) -> Product:
        owner = await self._owner(data)
        async with self.sessions() as session:
            try:
                return await services.add_product(session, owner, _values(data))
            except AccountGone:
                raise Refused(NO_OWNER, field="owner") from None

    async def update_model(
        self, request: Request, pk: Any, data: dict[str, Any]
    ) -> Product:
        owner = await self._owner(data)
        values = OwnedProductValues(owner_id=owner.id, **_values(data))
        version = forms.version_seen(FormData(data))
        async with self.sessions() as session:
            product = await services.find_product(session, Product.id == pk)
            if product is None or not await services.change_product(
                session, product, version, values
            ):
                raise Refused(CHANGED, status_code=409)
            return product

    async def delete_row(self, row: Product, visitor: User) -> bool:
        async with self.sessions() as session:
            return await services.delete_product(session, row)

    async def _owner(self, data: dict[str, Any]) -> User:
        async with self.sessions() as session:
            owner = await find_user(session, data["owner"])
        if owner is None:
            raise Refused(NO_OWNER, field="owner")
        return owner


def _values(data: dict[str, Any]) -> ProductValues:
    return ProductValues(
        name=data["name"],
        description=data["description"],
        price=data["price"],
        stock=data["stock"],
    )
