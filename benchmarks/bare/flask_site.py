"""The site in Flask and SQLAlchemy with nothing around it: `application` is WSGI.

The tables and the templates are the project's. Nothing comes before or after a view, and
each answer takes the shortest queries that give it.
"""

import os

from app import create_app
from app.accounts.passwords import hash_password, verify_password
from app.catalogue.models import Product
from app.catalogue.services import Page
from app.database import SQLITE, with_driver
from app.places import FewAtATime
from flask import Flask, Response, abort, jsonify, redirect, render_template, request
from sqlalchemy import create_engine, func, make_url, select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response as AnyResponse

TYPED = "the password of everybody"
STORED = hash_password(TYPED)
NEWEST_FIRST = (Product.created_at.desc(), Product.id.desc())

url = with_driver(make_url(os.environ["DATABASE_URL"]))
engine = create_engine(url, **SQLITE if url.get_backend_name() == "sqlite" else {})
# The templates need the project's addresses. All of its hooks go.
application = create_app()
application.wsgi_app = FewAtATime(Flask.wsgi_app.__get__(application))
for hooks in (application.before_request_funcs, application.after_request_funcs):
    hooks.clear()
for hooks in (application.teardown_request_funcs, application.teardown_appcontext_funcs):
    hooks.clear()
application.jinja_env.globals["csrf_token"] = lambda: "none"


def home() -> str:
    """Show the newest products."""
    with Session(engine) as session:
        newest = session.scalars(select(Product).order_by(*NEWEST_FIRST).limit(6)).all()
        return render_template("home.html", products=newest)


def products() -> str:
    """Show a page of products, newest first."""
    with Session(engine) as session:
        total = session.scalar(select(func.count()).select_from(Product))
        found = session.scalars(select(Product).order_by(*NEWEST_FIRST).limit(12))
        page = Page(list(found), 1, 12, total)
        return render_template("catalogue/products.html", products=page, q="")


def api_products() -> Response:
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
            .options(joinedload(Product.owner))
            .order_by(*NEWEST_FIRST)
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
                "owner": product.owner.display_name,
                "created_at": product.created_at.isoformat().replace("+00:00", "Z"),
                "updated_at": product.updated_at.isoformat().replace("+00:00", "Z"),
                "version": product.version,
            }
            for product in found
        ]
    return jsonify(items=items, total=total, page=number, page_size=size, pages=pages)


def login() -> AnyResponse:
    """Check a password, and that is all."""
    assert verify_password(TYPED, STORED)
    return redirect("/")


VIEWS = {"/": home, "/products": products, "/api/products": api_products, "/login": login}
for rule in application.url_map.iter_rules():
    if rule.rule in VIEWS:
        application.view_functions[rule.endpoint] = VIEWS[rule.rule]
