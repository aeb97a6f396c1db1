"""The users, as the staff sees them: passwords and their hashes are in no form or list."""

import hashlib
from typing import Any, ClassVar

from flask_admin.helpers import get_form_data
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import aliased
from wtforms import BooleanField, HiddenField

from app.accounts.forms import RegisterForm
from app.accounts.models import User
from app.admin.filters import Choice
from app.admin.views import TableView
from app.catalogue.models import Product
from app.database import db
from app.languages import N_, _

OWN_ACCOUNT = N_("Nobody can delete their own account.")
OWN_RIGHT = N_("Nobody can take this away from themselves.")
RIGHTS = {True: ": is_staff on", False: ": is_staff off"}
CHANGED = N_(
    "Somebody changed this user while you were editing it. Nothing of yours is saved."
)


class UserForm(FlaskForm):
    # The same rules as for whoever registers.
    display_name = RegisterForm.display_name
    is_staff = BooleanField(
        N_("Staff"),
        description=N_("May change everything, here too."),
    )
    version = HiddenField()


def version_of(user: User) -> str:
    """What the form shows, in short: whoever saves it has seen just that."""
    seen = f"{user.is_staff} {user.display_name}"
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


def by_staff() -> ColumnElement[bool]:
    """A change is made by whoever is staff at that moment.

    The staff's rows are locked, always in this order, for as long as the change takes: of
    two who take each other's right at once, one stays.
    """
    staff = select(User.id).where(User.is_staff).order_by(User.id)
    db.session.execute(staff.with_for_update())
    visitor = aliased(User)
    return exists().where(visitor.id == current_user.id, visitor.is_staff)


class UserView(TableView):
    can_create = False  # people register
    column_list = ("email", "display_name", "is_staff", "created_at")
    column_labels: ClassVar = {
        "email": N_("E-mail address"),
        "display_name": N_("Display name"),
        "is_staff": N_("Staff"),
        "created_at": N_("Since (UTC)"),
    }
    column_searchable_list = ("email", "display_name")
    column_filters = (
        Choice(
            User.is_staff,
            N_("Staff"),
            {N_("Yes"): lambda: User.is_staff, N_("No"): lambda: ~User.is_staff},
        ),
    )
    form = UserForm

    def title_of(self, user: User) -> str:
        return user.email

    def edit_form(self, obj: User) -> UserForm:
        return UserForm(get_form_data(), obj=obj, version=version_of(obj))

    def update_model(self, form: Any, user: User) -> bool:
        if user.id == current_user.id and not form.is_staff.data:
            form.is_staff.errors = [OWN_RIGHT]
            return False
        number, was_staff = user.id, user.is_staff
        if form.version.raw_data != [version_of(user)] or not self.save(form, user):
            form.version.errors = [CHANGED]
            return False
        is_staff = form.is_staff.data
        self.note("changed", number, "" if is_staff == was_staff else RIGHTS[is_staff])
        return True

    def save(self, form: Any, user: User) -> bool:
        """Store it, unless somebody has changed meanwhile what the form showed."""
        statement = (
            update(User)
            .where(
                User.id == user.id,
                User.is_staff == user.is_staff,
                User.display_name == user.display_name,
                by_staff(),
            )
            .values(is_staff=form.is_staff.data, display_name=form.display_name.data)
            .returning(User.id)
        )
        number, saved = user.id, db.session.scalar(statement)
        db.session.commit()
        if saved is None:
            self.get_one(number)  # its name is on the page, if it still is
        return saved is not None

    def may_go_now(self) -> ColumnElement[bool]:
        return by_staff()

    def what_goes_too(self, users: list[User]) -> str:
        numbers = [user.id for user in users]
        statement = select(func.count()).where(Product.owner_id.in_(numbers))
        products = db.session.scalar(statement)
        sentence = _("Their products go too: {}.")
        return sentence.format(products)

    def why_not_deleted(self, users: list[User]) -> str:
        return OWN_ACCOUNT if current_user.id in [user.id for user in users] else ""
