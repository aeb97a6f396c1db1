"""The list of products in Flask and SQLAlchemy, as short as it can be written."""

import os

from flask import Flask, Response, abort, jsonify, request
from sqlalchemy import create_engine, func, select
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.orm import Session, joinedload

engine = create_engine(f"sqlite:///{os.environ['DATABASE']}")
Base = automap_base()
Base.prepare(autoload_with=engine)
Product = Base.classes.product
owner = joinedload(Product.user_account)

application = Flask(__name__)


@application.get("/api/products")
def products() -> Response:
    """List products, newest first."""
    number = request.args.get("page", 1, int)
    size = request.args.get("page_size", 20, int)
    with Session(engine) as session:
        total = session.scalar(select(func.count()).select_from(Product))
        pages = -(-total // size)
        if not 1 <= number <= max(pages, 1):
            abort(404)
        found = session.scalars(
            select(Product)
            .options(owner)
            .order_by(Product.created_at.desc(), Product.id.desc())
            .limit(size)
            .offset((number - 1) * size)
        )
        items = [
            {
                "id": product.id,
                "slug": product.slug,
                "name": product.name,
                "description": product.description,
                "price": str(product.price),
                "stock": product.stock,
                "owner": product.user_account.display_name,
                "created_at": f"{product.created_at.isoformat()}Z",
                "updated_at": f"{product.updated_at.isoformat()}Z",
                "version": product.version,
            }
            for product in found
        ]
    return jsonify(items=items, total=total, page=number, page_size=size, pages=pages)
