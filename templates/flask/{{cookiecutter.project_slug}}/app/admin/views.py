"""What all tables of the panel have in common: Flask-Admin, with its holes closed.

A view for another model inherits from `TableView`, and app/admin/__init__.py adds it.
"""

import logging
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from flask import abort, flash, redirect, request, session
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView
from flask_admin.helpers import get_redirect_target
from flask_login import current_user
from sqlalchemy import ColumnElement, delete, or_, select, true

from app.database import db
from app.languages import N_, _

logger = logging.getLogger("app.admin")

# The largest number that the column of an id takes.
MAXIMUM_ID = 2**31 - 1
LONGEST_SEARCH = 200


class TableView(ModelView):
    page_size = 25
    list_template = "admin/list.html"
    create_template = edit_template = "admin/form.html"
    delete_template = "admin/delete.html"
    # It would ask with a script: `delete_view` asks with a page, also for several rows.
    action_disallowed_list = ("delete",)
    named_filter_urls = True
    column_type_formatters: ClassVar = {
        bool: lambda view, value, name: _("Yes") if value else _("No"),
        datetime: lambda view, value, name: f"{value:%Y-%m-%d %H:%M}",
        type(None): lambda view, value, name: "",
    }

    def title_of(self, row: Any) -> str:
        """What a row is called on the pages about it."""
        return str(row)

    def what_goes_too(self, rows: list[Any]) -> str:
        """What else is deleted with these rows, as a sentence."""
        return ""

    def why_not_deleted(self, rows: list[Any]) -> str:
        """Why these rows may not be deleted, if so."""
        return ""

    def may_go_now(self) -> ColumnElement[bool]:
        """What has to be true when a row is deleted: here, nothing."""
        return true()

    def note(self, what: str, number: int, more: str = "") -> None:
        """Write down who did something to which row; never what is in it."""
        table = self.model.__tablename__
        logger.info("user %s %s %s %s%s", current_user.id, what, table, number, more)

    def after_model_change(self, form: Any, row: Any, is_created: bool) -> None:
        self.note("added" if is_created else "changed", row.id)

    def render(self, template: str, **context: Any) -> Any:
        """A page; when it is a form with errors, its status says so."""
        errors = getattr(context.get("form"), "errors", {})
        status = 409 if "version" in errors else 422 if errors else 200
        if errors:
            # Flask-Admin flashes that something is wrong: the form says what.
            session.pop("_flashes", None)
        return super().render(template, **context), status

    @expose("/")
    def index_view(self) -> Any:
        # A page of 20 digits is too much for the databases, one below 0 for PostgreSQL.
        if not re.fullmatch("[0-9]{1,9}", request.args.get("page", "0")):
            abort(404)
        return super().index_view()

    def _get_list_extra_args(self) -> Any:
        arguments = super()._get_list_extra_args()
        # They would become arguments of `url_for`: `?_scheme=javascript&_external=1`
        # in every link of the page, and `?endpoint=` an error.
        arguments.extra_args = {}
        arguments.search = (arguments.search or "")[:LONGEST_SEARCH]
        return arguments

    def _apply_search(
        self, query: Any, count: Any, joins: Any, count_joins: Any, text: str
    ) -> tuple[Any, ...]:
        """Find the text as it is: Flask-Admin takes `%` and `_` for wildcards."""
        columns = [column for column, _ in self._search_fields]
        matches = or_(*(column.icontains(text, autoescape=True) for column in columns))
        return query.filter(matches), count.filter(matches), joins, count_joins

    def _apply_sorting(self, *arguments: Any) -> tuple[Any, ...]:
        query, joins = super()._apply_sorting(*arguments)
        # Newest first, and rows that are equal have an order too: none is on two pages.
        return query.order_by(self.model.id.desc()), joins

    def get_list(self, page: int, *arguments: Any, **options: Any) -> tuple[int, Any]:
        count, rows = super().get_list(page, *arguments, **options)
        if page and not rows:
            abort(404)
        return count, rows

    def get_one(self, id: Any) -> Any:
        return next(iter(find_rows(self.model, [id])), None) or abort(404)

    @expose("/delete/", methods=("GET", "POST"))
    def delete_view(self) -> Any:
        """Ask on a page, which needs no script, and delete when it is sent."""
        back = get_redirect_target() or self.get_url(".index_view")
        ids = request.values.getlist("id")
        if not ids:
            flash(N_("Select what is to be deleted."))
            return redirect(back, 303)
        if len(ids) > self.page_size:
            abort(400)
        rows = find_rows(self.model, ids)
        if not rows:
            abort(404)
        if reason := self.why_not_deleted(rows):
            flash(reason)
            return redirect(back, 303)
        if request.method != "POST":
            return self.render(self.delete_template, rows=rows, return_url=back)
        deleted = sum(self.delete_model(row) for row in rows)
        sentence = _("Deleted: {}.")
        flash(sentence.format(deleted))
        return redirect(back, 303)

    def delete_model(self, row: Any) -> bool:
        """Delete a row, unless somebody else was faster."""
        number, table = row.id, self.model
        statement = (
            delete(table)
            .where(table.id == number, self.may_go_now())
            .returning(table.id)
        )
        if db.session.scalar(statement) is None:
            return False
        db.session.commit()
        self.note("deleted", number)
        return True


def find_rows(model: Any, ids: Sequence[Any]) -> list[Any]:
    """The rows with these ids; what is no id at all would be an error of PostgreSQL."""
    numbers = [int(id) for id in ids if re.fullmatch("[0-9]{1,10}", str(id))]
    numbers = [number for number in numbers if number <= MAXIMUM_ID]
    statement = select(model).where(model.id.in_(numbers)).order_by(model.id)
    return list(db.session.scalars(statement))
