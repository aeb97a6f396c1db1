"""Reading products, and changing one's own."""

from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import EmptyPage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import parse_etags
from ninja import P, PathEx, Query, Router, Status

from api import schemas
from api.documentation import BODY, ETAG, LOCATION, answers
from api.fields import Digits
from api.problems import ProblemError
from api.tokens import Request, bearer
from catalogue.models import OwnerGoneError, Product, ProductQuerySet
from catalogue.paging import ProductPaginator

IF_MATCH = (
    "With `If-Match` and the `ETag` of the version that was read, only that version is "
    "changed: nobody's work is lost."
)
ProductId = PathEx[Digits, P(alias="id", ge=1, le=2**31 - 1)]

router = Router(tags=["products"])


@router.api_operation(
    ["GET", "HEAD"],
    "/products",
    response=schemas.ProductPage,
    summary="List products, newest first",
    openapi_extra=answers({200: "One page of them"}, 404, 422),
)
def list_products(
    request: HttpRequest, query: Query[schemas.ProductQuery]
) -> schemas.ProductPage:
    products = Product.objects.matching(query.q).newest_first()
    paginator = ProductPaginator(products, query.page_size)
    try:
        page = paginator.page(query.page)
    except EmptyPage as error:
        raise ProblemError(404, "There are not so many pages.") from error
    answer = {
        "items": list(page),
        "total": paginator.count,
        "page": query.page,
        "page_size": query.page_size,
        "pages": ceil(paginator.count / query.page_size),
    }
    return schemas.ProductPage.model_validate(answer)


@router.post(
    "/products",
    auth=bearer,
    response={201: schemas.Product},
    summary="Add a product",
    openapi_extra=answers(
        {201: "The new product"}, 401, *BODY, headers=LOCATION | ETAG
    ),
)
def create_product(
    request: Request, response: HttpResponse, new: schemas.NewProduct
) -> Status[Product]:
    product = Product(owner=request.auth.user, **new.model_dump())
    try:
        product.save()
    except OwnerGoneError as error:
        raise ProblemError(401) from error
    response["Location"] = reverse("api:read_product", kwargs={"id": product.pk})
    return Status(201, tagged(product, response))


@router.api_operation(
    ["GET", "HEAD"],
    "/products/{id}",
    response=schemas.Product,
    summary="Read a product",
    openapi_extra=answers({200: "The product"}, 404, 422, headers=ETAG),
)
def read_product(
    request: HttpRequest, response: HttpResponse, number: ProductId
) -> Product:
    return tagged(find(number), response)


@router.put(
    "/products/{id}",
    auth=bearer,
    response=schemas.Product,
    summary="Change all of a product",
    description=IF_MATCH,
    openapi_extra=answers(
        {200: "The product as it is now"}, *(401, 403, 404, 412, *BODY), headers=ETAG
    ),
)
def replace_product(
    request: Request,
    response: HttpResponse,
    number: ProductId,
    new: schemas.NewProduct,
) -> Product:
    return tagged(changed(request, number, new.model_dump()), response)


@router.patch(
    "/products/{id}",
    auth=bearer,
    response=schemas.Product,
    summary="Change some of a product",
    description=IF_MATCH,
    openapi_extra=answers(
        {200: "The product as it is now"}, *(401, 403, 404, 412, *BODY), headers=ETAG
    ),
)
def change_product(
    request: Request,
    response: HttpResponse,
    number: ProductId,
    change: schemas.ProductChange,
) -> Product:
    changes = change.model_dump(exclude_unset=True)
    return tagged(changed(request, number, changes), response)


@router.delete(
    "/products/{id}",
    auth=bearer,
    response={204: None},
    summary="Delete a product",
    description=IF_MATCH,
    openapi_extra=answers({204: "It is gone"}, 401, 403, 404, 412, 422),
)
def delete_product(request: Request, number: ProductId) -> Status[None]:
    with transaction.atomic():
        # Locked, so that it stays as it is until it is gone.
        locked = Product.objects.select_for_update(of=("self",))
        find_own(request, number, locked).delete()
    return Status(204, None)


def find(number: int, products: ProductQuerySet | None = None) -> Product:
    if products is None:
        products = Product.objects.all()
    return get_object_or_404(products.with_owner(), pk=number)


def find_own(
    request: Request, number: int, products: ProductQuerySet | None = None
) -> Product:
    """Return a product that this user may change, in a version that they want to."""
    product = find(number, products)
    if not product.may_be_changed_by(request.auth.user):
        raise PermissionDenied
    wanted = request.headers.get("If-Match")
    # https://www.rfc-editor.org/rfc/rfc9110#name-if-match
    if wanted is not None and not {"*", tag(product)} & set(parse_etags(wanted)):
        raise ProblemError(412)
    return product


def changed(request: Request, number: int, changes: dict[str, Any]) -> Product:
    """Change a product that is not changed by anybody else at the same moment."""
    while True:
        product = find_own(request, number)
        for name, value in changes.items():
            setattr(product, name, value)
        if not changes or product.save_changes(product.version):
            return product


def tag(product: Product) -> str:
    return f'"{product.version}"'


def tagged(product: Product, response: HttpResponse) -> Product:
    response["ETag"] = tag(product)
    return product
