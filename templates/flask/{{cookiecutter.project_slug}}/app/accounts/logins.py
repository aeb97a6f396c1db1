"""Logging in and out of the pages, with Flask-Login.

What Flask-Login keeps in the signed cookie is not the number of a user but the key
of a session, which app/accounts/sessions.py can end.
https://flask-login.readthedocs.io/en/latest/#alternative-tokens
"""

from flask import Flask, session
from flask_login import LoginManager, current_user, login_user, logout_user

from app.accounts import sessions
from app.accounts.keys import LIFETIME
from app.accounts.models import User
from app.settings import Settings

login_manager = LoginManager()
login_manager.login_view = "accounts.login"
login_manager.login_message = None
# The address of a phone changes on the way.
login_manager.session_protection = None


def init_app(app: Flask, settings: Settings) -> None:
    app.config.from_mapping(
        PERMANENT_SESSION_LIFETIME=LIFETIME,
        # The prefix keeps other hosts of the domain from setting this cookie.
        # https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
        SESSION_COOKIE_NAME="__Host-session" if settings.is_https else "session",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    # Flask-Login would load the user for every page, also for the one that says that
    # the database is gone: as a global, it is loaded where a page asks for it.
    login_manager.init_app(app, add_context_processor=False)
    app.jinja_env.globals["current_user"] = current_user


@login_manager.user_loader
def user_of(key: str) -> User | None:
    user = sessions.user_of(key)
    if user:
        user.session_key = key
    return user


def log_in(user: User) -> None:
    """Begin a new session; nothing that was in the cookie before stays in it."""
    key = sessions.begin(user)
    log_out()
    user.session_key = key
    session.permanent = True
    login_user(user)


def log_out() -> None:
    """End this session, here and for every copy of its cookie."""
    if current_user.is_authenticated:
        sessions.end(current_user.session_key)
    logout_user()
    session.clear()
