"""The pages of one's own account."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from app.accounts import logins, new_address, services
from app.accounts.forms import ChangeEmailForm, ChangePasswordForm
from app.accounts.models import User
from app.accounts.rules import NOT_YOURS
from app.accounts.views import dead_link
from app.languages import N_

blueprint = Blueprint("account", __name__, url_prefix="/account")


def page(
    *,
    password_form: ChangePasswordForm | None = None,
    email_form: ChangeEmailForm | None = None,
) -> ResponseReturnValue:
    """Show both forms: the one that was sent with its errors, the other one fresh."""
    return render_template(
        "accounts/account.html",
        password_form=password_form or ChangePasswordForm(formdata=None),
        email_form=email_form or ChangeEmailForm(formdata=None),
        has_errors=bool(password_form or email_form),
    ), 422 if password_form or email_form else 200


def user_with(password: str) -> User | None:
    """The user whose account this is, if that is the password."""
    email = current_user.email
    user = services.authenticate(email, password, request.remote_addr or "")
    if user is None and services.find_user(email) is None:
        abort(401)  # deleted or renamed just now
    return user


@blueprint.get("")
@login_required
def show() -> ResponseReturnValue:
    return page()


@blueprint.post("/password")
@login_required
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    if not form.validate():
        return page(password_form=form)
    user = user_with(form.old_password.data)
    if user is None:
        form.old_password.errors = [NOT_YOURS]
        return page(password_form=form)
    user = services.change_password(user, form.new_password.data)
    if user is None:
        form.old_password.errors = [NOT_YOURS]
        return page(password_form=form)
    logins.log_in(user)  # again: the new password has ended all sessions
    flash(N_("Your password is changed."))
    return redirect(url_for(".show"), 303)


@blueprint.post("/email")
@login_required
def change_email() -> ResponseReturnValue:
    form = ChangeEmailForm()
    if not form.validate():
        return page(email_form=form)
    user = user_with(form.password.data)
    if user is None:
        form.password.errors = [NOT_YOURS]
        return page(email_form=form)
    new_address.request_new_email(user, form.email.data)
    flash(N_("We sent a link to the new address. The change counts once you open it."))
    return redirect(url_for(".show"), 303)


@blueprint.get("/email/<token>")
def confirm_email(token: str) -> ResponseReturnValue:
    if request.method == "HEAD":
        return ""
    if not new_address.confirm_new_email(token):
        return dead_link(url_for(".show"))
    flash(N_("Your e-mail address is changed."))
    return redirect(url_for(".show"), 303)
