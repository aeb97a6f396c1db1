"""The pages of the catalogue."""

import re

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from app.catalogue import services
from app.catalogue.forms import ProductForm
from app.catalogue.models import Product
from app.database import db
from app.forms import render_form
from app.languages import N_

blueprint = Blueprint("catalogue", __name__, url_prefix="/products")

PAGE_SIZE = 12


def find_or_404(slug: str) -> Product:
    found = services.products().where(Product.slug == slug)
    return db.session.scalar(found) or abort(404)


def find_own(slug: str) -> Product:
    product = find_or_404(slug)
    if not product.may_be_changed_by(current_user):
        abort(403)
    return product


@blueprint.get("")
def index() -> ResponseReturnValue:
    text = request.args.get("q", "")[:200]
    page = request.args.get("page", "1")
    if not re.fullmatch(r"[1-9][0-9]{0,8}", page):
        abort(404)
    products = services.find_page(text, int(page), PAGE_SIZE)
    return render_template("catalogue/products.html", products=products, q=text)


@blueprint.route("/new", methods=["GET", "POST"])
@login_required
def new() -> ResponseReturnValue:
    form = ProductForm()
    if not form.validate_on_submit():
        return render_form("catalogue/new.html", form)
    product = services.add_product(current_user, form.values)
    flash(N_("Your product is added."))
    return redirect(url_for(".show", slug=product.slug), 303)


@blueprint.get("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    return render_template("catalogue/product.html", product=find_or_404(slug))


@blueprint.route("/<slug>/edit", methods=["GET", "POST"])
@login_required
def edit(slug: str) -> ResponseReturnValue:
    product = find_own(slug)
    form = ProductForm(obj=product)
    if not form.validate_on_submit():
        return render_form("catalogue/edit.html", form, product=product)
    try:
        services.change_product(product, form.read_version, form.values)
    except services.ProductChangedError:
        product = find_own(slug)  # as it is now, if it still is
        page = render_template("catalogue/conflict.html", form=form, product=product)
        return page, 409
    flash(N_("Your changes are saved."))
    return redirect(url_for(".show", slug=slug), 303)


@blueprint.route("/<slug>/delete", methods=["GET", "POST"])
@login_required
def delete(slug: str) -> ResponseReturnValue:
    product = find_own(slug)
    if request.method != "POST":
        return render_template("catalogue/delete.html", product=product)
    if not services.delete_product(product):
        abort(404)
    flash(N_("The product is deleted."))
    return redirect(url_for(".index"), 303)
