"""The pages of the catalogue."""

from typing import Annotated, Any

from fastapi import Depends, HTTPException, Query, Request
from sqlalchemy import select
from starlette.responses import Response

from app.accounts.dependencies import CurrentUser
from app.catalogue import services
from app.catalogue.forms import ProductForm, version_seen
from app.catalogue.models import Product
from app.csrf import SubmittedForm
from app.dependencies import DatabaseSession
from app.messages import redirect
from app.pages import Page, page_router

PAGE_SIZE = 12

router = page_router()


async def _product(slug: str, session: DatabaseSession) -> Product:
    product = await services.find_product(session, Product.slug == slug)
    if product is None:
        raise HTTPException(404)
    return product


ProductInPath = Annotated[Product, Depends(_product)]


async def _own_product(user: CurrentUser, product: ProductInPath) -> Product:
    if not product.may_be_changed_by(user):
        raise HTTPException(403)
    return product


OwnProduct = Annotated[Product, Depends(_own_product)]


@router.get("/")
async def home(request: Request, session: DatabaseSession) -> Response:
    newest = select(Product).order_by(*services.NEWEST_FIRST).limit(6)
    products = list(await session.scalars(newest))
    return Page(request, "home.html", products=products)


@router.get("/products")
async def product_list(
    request: Request,
    session: DatabaseSession,
    search: Annotated[str, Query(alias="q", max_length=200)] = "",
    number: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> Response:
    page = await services.search_products(session, search, number, PAGE_SIZE)
    if page is None:
        raise HTTPException(404)
    return Page(request, "catalogue/products.html", page=page, search=search)


@router.get("/products/new")
async def new_product(request: Request, user: CurrentUser) -> Response:
    return _form_page(request, values={}, errors={})


@router.post("/products/new")
async def add_product(
    request: Request,
    user: CurrentUser,
    session: DatabaseSession,
    submitted: SubmittedForm,
) -> Response:
    form, errors = ProductForm.read(submitted)
    if form is None:
        return _form_page(request, 422, values=submitted, errors=errors)
    product = await services.add_product(session, user, form.values)
    return redirect(request, f"/products/{product.slug}", "product-added")


@router.get("/products/{slug}")
async def show_product(request: Request, product: ProductInPath) -> Response:
    return Page(request, "catalogue/product.html", product=product)


@router.get("/products/{slug}/edit")
async def edit_product(request: Request, product: OwnProduct) -> Response:
    return _form_page(request, product=product, values=_values(product), errors={})


@router.post("/products/{slug}/edit")
async def change_product(
    request: Request,
    product: OwnProduct,
    session: DatabaseSession,
    submitted: SubmittedForm,
) -> Response:
    form, errors = ProductForm.read(submitted)
    if form is None:
        return _form_page(
            request, 422, product=product, values=submitted, errors=errors
        )
    if await services.change_product(
        session, product, version_seen(submitted), form.values
    ):
        return redirect(request, f"/products/{product.slug}", "product-saved")
    # Somebody was faster: show theirs beside what was typed.
    stored = await _product(product.slug, session)
    values = dict(submitted) | {"version": stored.version}
    return _form_page(
        request, 409, product=stored, values=values, errors={}, now=_values(stored)
    )


@router.get("/products/{slug}/delete")
async def ask_before_deleting(request: Request, product: OwnProduct) -> Response:
    return Page(request, "catalogue/delete.html", product=product)


@router.post("/products/{slug}/delete")
async def delete_product(
    request: Request, product: OwnProduct, session: DatabaseSession
) -> Response:
    if not await services.delete_product(session, product):
        raise HTTPException(404)
    return redirect(request, "/products", "product-deleted")


def _form_page(
    request: Request,
    status_code: int = 200,
    product: Product | None = None,
    now: dict[str, Any] | None = None,
    **context: Any,
) -> Response:
    return Page(
        request, "catalogue/form.html", status_code, product=product, now=now, **context
    )


def _values(product: Product) -> dict[str, Any]:
    """What the form says about a product that nobody has typed into yet."""
    return {
        "name": product.name,
        "description": product.description,
        "price": f"{product.price:.2f}",
        "stock": product.stock,
        "version": product.version,
    }
