"""Logins that the server knows, so that it can end them: of browsers, of programs.

Whoever is logged in holds a random key, and a row says whose it is and how long it
counts. The row has only the key's hash, and a login ends with the password.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import (
    Mapped,
    declared_attr,
    joinedload,
    mapped_column,
    relationship,
)

from app.accounts.models import User
from app.database import Base, Moment, db, now

LIFETIME = timedelta(days=14)


class Login(Base):
    """What the tables of all kinds of logins have in common."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey(User.id, ondelete="CASCADE"), index=True
    )
    password_fingerprint: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)

    @declared_attr
    def user(cls) -> Mapped[User]:  # noqa: N805  # SQLAlchemy calls it with the class
        return relationship(User)


def begin(kind: type[Login], user: User) -> str:
    """Log in whoever knew the password; return the key, which never was one before."""
    key = secrets.token_urlsafe(32)
    # Of the password that was looked at: a new one may be on its way into the database.
    fingerprint = user.password_fingerprint
    db.session.execute(delete(kind).where(kind.expires_at <= now()))
    db.session.add(
        kind(
            token_hash=_hash(key),
            user_id=user.id,
            password_fingerprint=fingerprint,
            expires_at=now() + LIFETIME,
        )
    )
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()  # the account is deleted: nobody is logged in with it
    return key


def user_of(kind: type[Login], key: str) -> User | None:
    found = db.session.scalar(
        select(kind)
        .where(kind.token_hash == _hash(key), kind.expires_at > now())
        .options(joinedload(kind.user))
    )
    if found and found.password_fingerprint == found.user.password_fingerprint:
        return found.user
    return None


def end(kind: type[Login], key: str) -> None:
    """End a login for everybody who has its key."""
    db.session.execute(delete(kind).where(kind.token_hash == _hash(key)))
    db.session.commit()


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
