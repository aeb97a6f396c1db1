"""The pages for logging in and out, registering, and a forgotten password."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts import links, services, sessions
from app.accounts.forms import (
    WRONG_LOGIN,
    AskForResetForm,
    LoginForm,
    RegisterForm,
    ResetForm,
)

blueprint = Blueprint("accounts", __name__)


def local_path(target: str) -> str:
    """Where to go next: a path of this site, whatever somebody put into the link."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if is_path and "\\" not in target and target.isprintable() else "/"


def dead_link(again: str) -> ResponseReturnValue:
    return render_template("accounts/link_dead.html", again=again), 404


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    form = LoginForm(next=request.args.get("next", ""))
    target = local_path(form.next.data)
    if current_user.is_authenticated:
        return redirect(target, 303)
    if not form.validate_on_submit():
        return render_template("accounts/login.html", form=form), status(form)
    user = services.authenticate(
        form.email.data, form.password.data, request.remote_addr or ""
    )
    if user is None:
        form.password.errors = [WRONG_LOGIN]
        return render_template("accounts/login.html", form=form), 422
    sessions.log_in(user)
    return redirect(target, 303)


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    sessions.log_out()
    return redirect("/", 303)


@blueprint.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    form = RegisterForm()
    if not form.validate_on_submit():
        return render_template("accounts/register.html", form=form), status(form)
    services.register(form.email.data, form.display_name.data, form.password.data)
    return redirect(url_for(".register_sent"), 303)


@blueprint.get("/register/sent")
def register_sent() -> ResponseReturnValue:
    return render_template("accounts/register_sent.html")


@blueprint.get("/register/confirm/<token>")
def register_confirm(token: str) -> ResponseReturnValue:
    if request.method == "HEAD":  # whoever only looks whether there is a page
        return ""
    user = services.confirm_registration(token)
    if user is None:
        return dead_link(url_for(".register"))
    sessions.log_in(user)
    flash("Your address is confirmed, and you are logged in.")
    return redirect("/", 303)


@blueprint.route("/password-reset", methods=["GET", "POST"])
def password_reset() -> ResponseReturnValue:
    form = AskForResetForm()
    if not form.validate_on_submit():
        return render_template("accounts/password_reset.html", form=form), status(form)
    services.request_password_reset(form.email.data)
    return redirect(url_for(".password_reset_sent"), 303)


@blueprint.get("/password-reset/sent")
def password_reset_sent() -> ResponseReturnValue:
    return render_template("accounts/password_reset_sent.html")


@blueprint.route("/password-reset/<token>", methods=["GET", "POST"])
def password_reset_confirm(token: str) -> ResponseReturnValue:
    link = links.find(links.RESET, token)
    if link is None:
        return dead_link(url_for(".password_reset"))
    form = ResetForm(owner_email=link.email)
    if not form.validate_on_submit():
        page = render_template("accounts/password_reset_confirm.html", form=form)
        return page, status(form)
    if not services.reset_password(token, form.password.data):
        return dead_link(url_for(".password_reset"))
    flash("Your password is changed. Log in with the new one.")
    return redirect(url_for(".login"), 303)
