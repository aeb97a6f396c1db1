"""Uploading products, and watching how their import goes on: for the staff."""

import re

from flask import Blueprint, Flask, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from sqlalchemy.orm import defer

from app.database import db
from app.forms import render_form
from app.imports import work
from app.imports.forms import ImportForm
from app.imports.models import ProductImport
from app.settings import Settings

# The largest number that the column of an id takes.
MAXIMUM_ID = 2**31 - 1

blueprint = Blueprint(
    "imports",
    __name__,
    url_prefix="/products/import",
    template_folder="templates",
    static_folder="static",
)


def init_app(app: Flask, settings: Settings) -> None:
    app.register_blueprint(blueprint)


@blueprint.before_request
@login_required
def let_staff_in() -> None:
    if not current_user.is_staff:
        abort(403)


@blueprint.route("", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    form = ImportForm()
    if not form.validate_on_submit():
        return render_form("imports/new.html", form)
    queued = work.queue(form.found, form.file.data.filename, current_user)
    return redirect(url_for(".show", number=queued.id), 303)


@blueprint.get("/<number>")
def show(number: str) -> ResponseReturnValue:
    if not re.fullmatch("[0-9]{1,10}", number) or int(number) > MAXIMUM_ID:
        abort(404)
    without_content = [defer(ProductImport.content)]
    found = db.session.get(ProductImport, int(number), options=without_content)
    return render_template("imports/show.html", work=found or abort(404))
