"""Logins that the server knows, so that it can end them.

A signed cookie alone would be good for as long as it lasts, also for whoever has
copied it. So what Flask-Login keeps in the cookie is not the number of a user but
a random key, and a row in the database says whose it is and how long it counts.
https://flask-login.readthedocs.io/en/latest/#alternative-tokens
"""

import hashlib
import secrets
from datetime import timedelta

from flask import Flask, session
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from app.accounts.models import LoginSession, User
from app.database import db, now
from app.settings import Settings

LIFETIME = timedelta(days=14)

login_manager = LoginManager()
login_manager.login_view = "accounts.login"
login_manager.login_message = None
login_manager.session_protection = None


def init_app(app: Flask, settings: Settings) -> None:
    app.config["PERMANENT_SESSION_LIFETIME"] = LIFETIME
    login_manager.init_app(app)


@login_manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
def user_of(key: str) -> User | None:
    found = db.session.scalar(
        select(LoginSession)
        .where(LoginSession.key_hash == _hash(key), LoginSession.expires_at > now())
        .options(joinedload(LoginSession.user))
    )
    return _with_key(found.user, key) if found else None


def log_in(user: User) -> None:
    """Begin a session under a new key; nothing of what was there before stays."""
    log_out()
    key = secrets.token_urlsafe(32)
    db.session.execute(delete(LoginSession).where(LoginSession.expires_at <= now()))
    db.session.add(
        LoginSession(key_hash=_hash(key), user=user, expires_at=now() + LIFETIME)
    )
    db.session.commit()
    session.permanent = True
    login_user(_with_key(user, key))


def log_out() -> None:
    """End this session, here and for every copy of its cookie."""
    if current_user.is_authenticated:
        key_hash = _hash(current_user.session_key)
        db.session.execute(
            delete(LoginSession).where(LoginSession.key_hash == key_hash)
        )
        db.session.commit()
    logout_user()
    session.clear()


def end_all(user: User, keep: str) -> None:
    """End every session of a user but the one with the key to keep."""
    db.session.execute(
        delete(LoginSession).where(
            LoginSession.user_id == user.id, LoginSession.key_hash != _hash(keep)
        )
    )


def _with_key(user: User, key: str) -> User:
    user.session_key = key
    return user


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
