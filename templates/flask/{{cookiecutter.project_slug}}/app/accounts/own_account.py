"""The pages of one's own account."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from app.accounts import services
from app.accounts.forms import WRONG_PASSWORD, ChangeEmailForm, ChangePasswordForm
from app.accounts.views import dead_link

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


def knows_password(password: str) -> bool:
    address = request.remote_addr or ""
    return services.authenticate(current_user.email, password, address) is not None


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
    if not knows_password(form.old_password.data):
        form.old_password.errors = [WRONG_PASSWORD]
        return page(password_form=form)
    services.change_password(current_user, form.new_password.data)
    flash("Your password is changed.")
    return redirect(url_for(".show"), 303)


@blueprint.post("/email")
@login_required
def change_email() -> ResponseReturnValue:
    form = ChangeEmailForm()
    if not form.validate():
        return page(email_form=form)
    if not knows_password(form.password.data):
        form.password.errors = [WRONG_PASSWORD]
        return page(email_form=form)
    services.request_new_email(current_user, form.email.data)
    flash("We sent a link to the new address. The change counts once you open it.")
    return redirect(url_for(".show"), 303)


@blueprint.get("/email/<token>")
def confirm_email(token: str) -> ResponseReturnValue:
    if request.method == "HEAD":
        return ""
    if not services.confirm_new_email(token):
        return dead_link(url_for(".show"))
    flash("Your e-mail address is changed.")
    return redirect(url_for(".show"), 303)
