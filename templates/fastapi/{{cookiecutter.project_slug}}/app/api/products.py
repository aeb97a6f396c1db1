"""The catalogue: read by everybody, changed by whoever has a token."""

from typing import Annotated, Any

from fastapi import HTTPException, Query
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from app.api import schemas
from app.api.dependencies import CurrentUser
from app.api.fields import NO_NUL, Digits
from app.api.problems import Described, described
from app.api.routing import ApiRouter
from app.api.versions import (
    ETAG,
    WITH_ETAG,
    OwnProduct,
    ProductInPath,
    Version,
    tell_version,
)
from app.catalogue import services
from app.catalogue.models import Product
from app.catalogue.services import ProductChange, ProductValues
from app.dependencies import DatabaseSession

router = ApiRouter("products")

BODY = (413, 415, 422)
ADDED: Described = {
    201: {
        "headers": {
            "Location": {"required": True, "schema": {"type": "string"}},
            "ETag": ETAG,
        }
    }
}
CHANGED = "The product as it is now"
IF_MATCH = (
    "With `If-Match` and the `ETag` of the version that was read, only that version"
    " is changed: nobody's work is lost."
)


@router.get(
    "/products",
    response_model=schemas.ProductPage,
    summary="List products, newest first",
    response_description="One page of them",
    responses=described(404, 422),
)
async def list_products(
    session: DatabaseSession,
    search: Annotated[
        str,
        Query(
            alias="q",
            max_length=200,
            pattern=NO_NUL,
            description="Words in the name or the description",
        ),
    ] = "",
    number: Annotated[int, Field(ge=1, le=10**9), Digits, Query(alias="page")] = 1,
    size: Annotated[int, Field(ge=1, le=100), Digits, Query(alias="page_size")] = 20,
) -> dict[str, Any]:
    page = await services.search_products(
        session, search, number, size, with_owners=True
    )
    if page is None:
        raise HTTPException(404)
    return {
        "items": page.products,
        "total": page.total,
        "page": page.number,
        "page_size": page.size,
        "pages": page.pages,
    }


@router.post(
    "/products",
    status_code=201,
    response_model=schemas.Product,
    summary="Add a product",
    response_description="The new product",
    responses=ADDED | described(401, *BODY),
)
async def create_product(
    user: CurrentUser,
    new: schemas.NewProduct,
    session: DatabaseSession,
    response: Response,
) -> Product:
    added = await services.add_product(session, user, new.values)
    response.headers["Location"] = f"/api/products/{added.id}"
    tell_version(response, added)
    return added


@router.get(
    "/products/{id}",
    response_model=schemas.Product,
    summary="Read a product",
    response_description="The product",
    responses=WITH_ETAG | described(404, 422),
)
async def read_product(product: ProductInPath, response: Response) -> Product:
    tell_version(response, product)
    return product


@router.put(
    "/products/{id}",
    response_model=schemas.Product,
    summary="Change all of a product",
    description=IF_MATCH,
    response_description=CHANGED,
    responses=WITH_ETAG | described(401, 403, 404, 412, *BODY),
)
async def replace_product(
    product: OwnProduct,
    version: Version,
    new: schemas.NewProduct,
    session: DatabaseSession,
    response: Response,
) -> Product:
    return await _change(session, product, version, new.values, response)


@router.patch(
    "/products/{id}",
    response_model=schemas.Product,
    summary="Change some of a product",
    description=IF_MATCH,
    response_description=CHANGED,
    responses=WITH_ETAG | described(401, 403, 404, 412, *BODY),
)
async def change_product(
    product: OwnProduct,
    version: Version,
    change: schemas.ProductChange,
    session: DatabaseSession,
    response: Response,
) -> Product:
    return await _change(session, product, version, change, response)


@router.delete(
    "/products/{id}",
    status_code=204,
    response_class=Response,
    summary="Delete a product",
    description=IF_MATCH,
    response_description="It is gone",
    responses=described(401, 403, 404, 412, 422),
)
async def delete_product(
    product: OwnProduct, version: Version, session: DatabaseSession
) -> None:
    if not await services.delete_product(session, product, version):
        raise await _too_late(session, product)


async def _change(
    session: AsyncSession,
    product: Product,
    version: int | None,
    values: ProductValues | ProductChange,
    response: Response,
) -> Product:
    if values and not await services.change_product(session, product, version, values):
        raise await _too_late(session, product)
    tell_version(response, product)
    return product


async def _too_late(session: AsyncSession, product: Product) -> HTTPException:
    """Somebody changed the product after it was looked at, or deleted it."""
    stored = await services.find_product(session, Product.id == product.id)
    return HTTPException(412 if stored else 404)
