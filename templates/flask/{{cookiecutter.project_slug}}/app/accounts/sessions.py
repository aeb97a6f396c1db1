"""Logins that the server knows, so that it can end them.

A signed cookie alone would be good for as long as it lasts, also for whoever has
copied it. So the cookie holds a random key, and a row in the database says whose
it is and how long it counts. The row has only the key's hash.
"""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from app.accounts.models import LoginSession, User
from app.database import db, now

LIFETIME = timedelta(days=14)


def begin(user: User) -> str:
    """Begin a session and return its key; it is never one that was there before."""
    key = secrets.token_urlsafe(32)
    db.session.execute(delete(LoginSession).where(LoginSession.expires_at <= now()))
    db.session.add(
        LoginSession(key_hash=_hash(key), user=user, expires_at=now() + LIFETIME)
    )
    db.session.commit()
    return key


def user_of(key: str) -> User | None:
    found = db.session.scalar(
        select(LoginSession)
        .where(LoginSession.key_hash == _hash(key), LoginSession.expires_at > now())
        .options(joinedload(LoginSession.user))
    )
    return found.user if found else None


def end(key: str) -> None:
    """End a session for everybody who has its key."""
    db.session.execute(delete(LoginSession).where(LoginSession.key_hash == _hash(key)))
    db.session.commit()


def end_all(user: User, keep: str = "") -> None:
    """End every session of a user but the one with the key to keep; the caller commits."""
    db.session.execute(
        delete(LoginSession).where(
            LoginSession.user_id == user.id, LoginSession.key_hash != _hash(keep)
        )
    )


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
