"""Accounts in the admin panel: neither made here nor given a password."""

from typing import Any, ClassVar

from fastapi import HTTPException
from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from starlette.requests import Request
from wtforms import BooleanField, HiddenField, StringField

from app.accounts import rules
from app.accounts.forms import DisplayName
from app.accounts.models import User
from app.admin.filters import Choice
from app.admin.forms import SharedForm
from app.admin.tables import Refused, Table
from app.forms import Form
from app.languages import N_

# Otherwise the last one to go would leave nobody who could let others in.
OWN_RIGHT = N_("You cannot take away your own right to be here: somebody else has to.")
CHANGED = N_(
    "Somebody changed this user while you were editing it. Nothing of yours is "
    "saved: open the page again to see what is there now."
)
OWN_ACCOUNT = N_("You cannot delete your own account: somebody else has to.")

YES = "y"


class UserRules(Form):
    display_name: DisplayName = ""


class UserFields(SharedForm):
    shared = UserRules

    # As it was when the form was opened.
    was_called = HiddenField()
    was_staff = HiddenField()
    display_name = StringField(
        N_("Display name"), render_kw={"maxlength": rules.LONGEST_DISPLAY_NAME}
    )
    is_staff = BooleanField(
        N_("Staff"),
        description=N_("May change everything, and be here in the admin panel."),
    )


class UserTable(Table, model=User):
    name_plural = N_("Users")
    can_create = False
    column_list: ClassVar[list[Any]] = [
        User.email,
        User.display_name,
        User.is_staff,
        User.created_at,
    ]
    column_labels: ClassVar[dict[Any, str]] = {
        User.email: N_("E-mail address"),
        User.display_name: N_("Display name"),
        User.is_staff: N_("Staff"),
        User.created_at: N_("Since (UTC)"),
    }
    column_sortable_list = column_list
    column_default_sort: ClassVar[list[Any]] = [(User.id, True)]
    column_searchable_list: ClassVar[list[Any]] = [User.email, User.display_name]
    column_filters: ClassVar[list[Any]] = [
        Choice(
            N_("Staff"),
            "staff",
            {
                "yes": (N_("Staff"), lambda: User.is_staff.is_(True)),
                "no": (N_("Not staff"), lambda: User.is_staff.is_(False)),
            },
        )
    ]
    form = UserFields
    deletion_warning = N_("All their products are deleted with them.")

    async def get_form_data_for_edit(self, obj: User) -> dict[str, Any]:
        return {
            "was_called": obj.display_name,
            "was_staff": YES * obj.is_staff,
            "display_name": obj.display_name,
            "is_staff": obj.is_staff,
        }

    async def update_model(
        self, request: Request, pk: Any, data: dict[str, Any]
    ) -> None:
        if pk == request.state.user.id and not data["is_staff"]:
            raise Refused(OWN_RIGHT, field="is_staff")
        change = {name: data[name] for name in ("display_name", "is_staff")}
        async with self.sessions.begin() as session:
            # An old form must not give a right back that was taken away meanwhile.
            changed = await session.scalar(
                update(User)
                .where(
                    User.id == pk,
                    User.is_staff.is_(_was_staff(data)),
                    User.display_name == (data["was_called"] or ""),
                    await _by_staff(session, request.state.user),
                )
                .values(**change)
                .returning(User.id)
            )
            user = await session.get(User, pk)
        if user is None:
            raise HTTPException(404)
        if changed is None:
            raise Refused(CHANGED, status_code=409)

    def rights_changed(self, data: dict[str, Any]) -> str:
        if data["is_staff"] == _was_staff(data):
            return ""
        return "is staff now" if data["is_staff"] else "is staff no longer"

    async def may_go_now(
        self, session: AsyncSession, visitor: User
    ) -> ColumnElement[bool]:
        return await _by_staff(session, visitor)

    def why_kept(self, rows: list[User], visitor: User) -> str:
        return OWN_ACCOUNT if visitor.id in [user.id for user in rows] else ""


async def _by_staff(session: AsyncSession, visitor: User) -> ColumnElement[bool]:
    """A change is made by whoever is staff at that moment.

    The staff's rows are locked, always in this order, for as long as the change takes: of
    two who take each other's right at once, one stays.
    """
    staff = select(User.id).where(User.is_staff).order_by(User.id)
    await session.execute(staff.with_for_update())
    other = aliased(User)
    return exists().where(other.id == visitor.id, other.is_staff)


def _was_staff(data: dict[str, Any]) -> bool:
    return bool(data["was_staff"] == YES)
