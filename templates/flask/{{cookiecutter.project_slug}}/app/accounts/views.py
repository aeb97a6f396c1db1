"""The pages for logging in and out, registering, and a forgotten password."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import links, logins, services
from app.accounts.forms import AskForResetForm, LoginForm, RegisterForm, ResetForm
from app.accounts.rules import WRONG_LOGIN
from app.forms import render_form
from app.languages import N_

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
    if not form.validate_on_submit():
        return render_form("accounts/login.html", form)
    user = services.authenticate(
        form.email.data, form.password.data, request.remote_addr or ""
    )
    if user is None:
        form.password.errors = [WRONG_LOGIN]
        return render_form("accounts/login.html", form)
    logins.log_in(user)
    return redirect(local_path(form.next.data), 303)


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    logins.log_out()
    flash(N_("You are logged out."))
    return redirect("/", 303)


@blueprint.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    form = RegisterForm()
    if not form.validate_on_submit():
        return render_form("accounts/register.html", form)
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
    logins.log_in(user)
    flash(N_("Welcome! Your account is ready."))
    return redirect("/", 303)


@blueprint.route("/password-reset", methods=["GET", "POST"])
def password_reset() -> ResponseReturnValue:
    form = AskForResetForm()
    if not form.validate_on_submit():
        return render_form("accounts/password_reset.html", form)
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
        return render_form("accounts/password_reset_confirm.html", form)
    if not services.reset_password(token, form.password.data):
        return dead_link(url_for(".password_reset"))
    flash(N_("Your password is changed. Log in with the new one."))
    return redirect(url_for(".login"), 303)
