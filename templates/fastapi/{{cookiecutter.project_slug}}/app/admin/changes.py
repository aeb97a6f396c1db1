"""What the staff changes in the admin panel: forms, and the question before deleting."""

import logging
from typing import Annotated, Any

from fastapi import HTTPException, Query, Request
from sqlalchemy.exc import IntegrityError
from starlette.responses import Response

from app.accounts.models import User
from app.admin.panel import Number, Staff, TableInPath, admin_router, page_for
from app.admin.tables import Refused, Table
from app.csrf import SubmittedForm
from app.languages import N_
from app.messages import MESSAGES, redirect
from app.security import READING

MESSAGES |= {
    "row-added": N_("It is added."),
    "row-saved": N_("Your changes are saved."),
    "rows-deleted": N_("What you selected is deleted."),
    "nothing-selected": N_("Select what is to be deleted."),
}

logger = logging.getLogger(__name__)
router = admin_router()


@router.api_route("/{identity}/create", methods=["GET", "POST"])
async def create(
    request: Request, table: TableInPath, staff: Staff, submitted: SubmittedForm
) -> Response:
    if not table.can_create:
        raise HTTPException(404)
    return await _edit(request, table, staff, submitted)


@router.api_route("/{identity}/edit/{number}", methods=["GET", "POST"])
async def edit(
    request: Request,
    table: TableInPath,
    number: Number,
    staff: Staff,
    submitted: SubmittedForm,
) -> Response:
    rows = await table.find([number])
    if not rows or not table.can_edit:
        raise HTTPException(404)
    return await _edit(request, table, staff, submitted, rows[0])


async def _edit(
    request: Request, table: Table, staff: User, submitted: Any, row: Any = None
) -> Response:
    """Show the form; or store what was typed into it, or say why not."""
    form_class = await table.scaffold_form()
    context = {"table": table, "row": row, "error": ""}
    if request.method in READING:
        values = await table.get_form_data_for_edit(row) if row else {}
        return page_for(
            request, "admin/form.html", form=form_class(data=values), **context
        )
    form = form_class(submitted)
    status_code = 422
    if form.validate():
        try:
            await _store(request, table, staff, form.data, row)
        except Refused as refusal:
            status_code = refusal.status_code
            if refusal.field:
                form[refusal.field].errors = [refusal.sentence]
            else:
                context["error"] = refusal.sentence
        except IntegrityError:
            context["error"] = N_("This does not go with what is stored already.")
        else:
            message = "row-saved" if row else "row-added"
            return redirect(request, f"{table.address}/list", message)
    return page_for(request, "admin/form.html", status_code, form=form, **context)


async def _store(
    request: Request, table: Table, staff: User, values: dict[str, Any], row: Any
) -> None:
    if row is None:
        row = await table.insert_model(request, values)
        _log(staff, "added", table, row)
    else:
        await table.update_model(request, row.id, values)
        _log(staff, "changed", table, row, table.rights_changed(values))


@router.api_route("/{identity}/delete", methods=["GET", "POST"])
async def delete(
    request: Request,
    table: TableInPath,
    staff: Staff,
    numbers: Annotated[list[Number], Query(alias="pks", max_length=100)] = [],  # noqa: B006
) -> Response:
    """Ask, and delete what the address names when the answer comes back."""
    if not numbers:
        return redirect(request, f"{table.address}/list", "nothing-selected")
    rows = await table.find(numbers)
    if not rows or not table.can_delete:
        raise HTTPException(404)
    why_kept = table.why_kept(rows, staff)
    is_answer = request.method not in READING
    if why_kept or not is_answer:
        status_code = 403 if is_answer else 200
        context = {"table": table, "rows": rows, "why_kept": why_kept}
        return page_for(request, "admin/delete.html", status_code, **context)
    for row in rows:
        if await table.delete_row(row, staff):
            _log(staff, "deleted", table, row)
    return redirect(request, f"{table.address}/list", "rows-deleted")


def _log(staff: User, done: str, table: Table, row: Any, more: str = "") -> None:
    line = f"User {staff.id} {done} {table.identity} {row.id}"
    logger.info("%s: %s" if more else "%s%s", line, more)
