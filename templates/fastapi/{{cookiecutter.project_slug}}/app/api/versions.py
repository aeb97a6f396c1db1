"""The product that is asked for, and the version of it that may be changed."""

import re
from typing import Annotated

from fastapi import Depends, HTTPException, Path, Request
from pydantic import Field
from starlette.responses import Response

from app.api.dependencies import CurrentUser
from app.api.fields import Digits
from app.api.problems import Described
from app.catalogue import services
from app.catalogue.models import Product
from app.dependencies import DatabaseSession

HIGHEST_ID = 2**31 - 1
ETAG = {
    "description": "The version, in quotes, for `If-Match`",
    "required": True,
    "schema": {"type": "string"},
}
WITH_ETAG: Described = {200: {"headers": {"ETag": ETAG}}}

_TAG = re.compile(r'(W/)?"([!#-~\x80-\xff]*)"')


def tell_version(response: Response, product: Product) -> None:
    response.headers["ETag"] = f'"{product.version}"'


async def _product(
    number: Annotated[int, Field(ge=1, le=HIGHEST_ID), Digits, Path(alias="id")],
    session: DatabaseSession,
) -> Product:
    product = await services.find_product(session, Product.id == number)
    if product is None:
        raise HTTPException(404)
    return product


ProductInPath = Annotated[Product, Depends(_product)]


async def _own_product(user: CurrentUser, product: ProductInPath) -> Product:
    if not product.may_be_changed_by(user):
        raise HTTPException(403)
    return product


OwnProduct = Annotated[Product, Depends(_own_product)]


async def _version(request: Request, product: OwnProduct) -> int | None:
    """The version that alone may be changed, if `If-Match` is there and says so.

    https://www.rfc-editor.org/rfc/rfc9110#name-if-match
    """
    conditions = request.headers.getlist("if-match")
    if not conditions or conditions == ["*"]:
        return None
    condition = ",".join(conditions)
    is_list = not _TAG.sub("", condition).strip(" \t,")
    tags = {tag for weak, tag in _TAG.findall(condition) if is_list and not weak}
    if str(product.version) not in tags:
        raise HTTPException(412)
    return product.version


Version = Annotated[int | None, Depends(_version)]
