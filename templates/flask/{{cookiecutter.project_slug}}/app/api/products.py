"""The catalogue, for programs."""

from typing import Any

from flask import Blueprint, abort, request

from app.accounts.models import User
from app.api import schemas, tokens
from app.api.operations import BEARER, BODY, TEXT, Answers, checked, spec
from app.catalogue import services
from app.catalogue.models import Product
from app.database import db

blueprint = Blueprint("api_products", __name__, url_prefix="/api/products")

ETAG = {
    "ETag": {"description": "The version, in quotes, for `If-Match`", **TEXT},
}

Answer = tuple[schemas.Product, int, dict[str, str]]


def find_or_404(id: str) -> Product:
    number = checked(schemas.ProductPath, {"id": id}).id
    found = services.products().where(Product.id == number)
    return db.session.scalar(found) or abort(404)


def find_own(user: User, id: str) -> Product:
    """The product, if this user may change it and means it as it is now."""
    product = find_or_404(id)
    if not product.may_be_changed_by(user):
        abort(403)
    wanted = request.headers.get("If-Match", "*").strip()
    # Werkzeug takes a tag without its quotes for one too.
    is_named = etag(product) in wanted and request.if_match.contains(
        str(product.version)
    )
    if wanted != "*" and not is_named:
        abort(412)
    return product


def etag(product: Product) -> str:
    return f'"{product.version}"'


def answer(product: Product, status: int = 200) -> Answer:
    headers = {"ETag": etag(product)}
    return schemas.Product.of(product), status, headers


def change(user: User, id: str, values: dict[str, Any]) -> Answer:
    while True:
        product = find_own(user, id)
        if not values:
            return answer(product)
        try:
            services.change_product(product, product.version, values)
        except services.ProductChangedError:
            continue  # somebody was faster: look again at what they made of it
        return answer(product)


@blueprint.get("")
@spec.validate(
    operation_id="listProducts",
    tags=["products"],
    resp=Answers(200, "One page of them", schemas.ProductPage, problems=(404, 422)),
)
def list_products(query: schemas.ProductQuery) -> schemas.ProductPage:
    """List products, newest first"""
    page = services.find_page(query.q, query.page, query.page_size)
    return schemas.ProductPage(
        items=[schemas.Product.of(product) for product in page.items],
        total=page.total,
        page=page.number,
        page_size=page.size,
        pages=page.pages,
    )


@blueprint.post("")
@tokens.required
@spec.validate(
    operation_id="createProduct",
    tags=["products"],
    security=BEARER,
    resp=Answers(
        201,
        "The new product",
        schemas.Product,
        problems=(401, *BODY),
        headers={"Location": TEXT, **ETAG},
    ),
)
def create_product(user: User, json: schemas.NewProduct) -> Answer:
    """Add a product"""
    product = services.add_product(user, json.model_dump())
    shown, status, headers = answer(product, 201)
    return shown, status, {"Location": f"/api/products/{product.id}", **headers}


@blueprint.get("/<id>")
@spec.validate(
    operation_id="readProduct",
    tags=["products"],
    resp=Answers(
        200, "The product", schemas.Product, problems=(404, 422), headers=ETAG
    ),
)
def read_product(id: str) -> Answer:
    """Read a product"""
    return answer(find_or_404(id))


CHANGES = Answers(
    200,
    "The product as it is now",
    schemas.Product,
    problems=(401, 403, 404, 412, *BODY),
    headers=ETAG,
)


@blueprint.put("/<id>")
@tokens.required
@spec.validate(
    operation_id="replaceProduct", tags=["products"], security=BEARER, resp=CHANGES
)
def replace_product(user: User, id: str, json: schemas.NewProduct) -> Answer:
    """Change all of a product

    With `If-Match` and the `ETag` of the version that was read, only that version is
    changed: nobody's work is lost.
    """
    return change(user, id, json.model_dump())


@blueprint.patch("/<id>")
@tokens.required
@spec.validate(
    operation_id="changeProduct", tags=["products"], security=BEARER, resp=CHANGES
)
def change_product(user: User, id: str, json: schemas.ProductChange) -> Answer:
    """Change some of a product

    With `If-Match` and the `ETag` of the version that was read, only that version is
    changed: nobody's work is lost.
    """
    return change(user, id, json.model_dump(exclude_unset=True))


@blueprint.delete("/<id>")
@tokens.required
@spec.validate(
    operation_id="deleteProduct",
    tags=["products"],
    security=BEARER,
    resp=Answers(204, "It is gone", problems=(401, 403, 404, 412, 422)),
)
def delete_product(user: User, id: str) -> tuple[str, int]:
    """Delete a product

    With `If-Match` and the `ETag` of the version that was read, only that version is
    changed: nobody's work is lost.
    """
    while not services.delete_product(product := find_own(user, id), product.version):
        pass  # somebody was faster: look again at what they made of it
    return "", 204
