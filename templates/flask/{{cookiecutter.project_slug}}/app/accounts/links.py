"""One-time links: made, mailed, and used up by whoever opens them first.

The database knows only the hash of a token, so that nobody who reads the table
can open a link.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, current_app
from sqlalchemy import ColumnElement, delete, select

from app.accounts.mails import Way
from app.accounts.models import Link, User
from app.database import db, now

REGISTER = "register"
RESET = "reset"

LIFETIME = timedelta(hours=1)


@dataclass(frozen=True)
class Used:
    """What a link said that is used up now."""

    email: str
    user_id: int | None
    display_name: str
    password_hash: str


def make(
    purpose: str,
    *,
    email: str,
    user: User | None = None,
    display_name: str = "",
    password_hash: str = "",
) -> str:
    """Store a new link and return its token; the caller commits."""
    db.session.execute(delete(Link).where(Link.expires_at <= now()))
    token = secrets.token_urlsafe(32)
    db.session.add(
        Link(
            purpose=purpose,
            token_hash=_hash(token),
            email=email,
            user_id=user.id if user else None,
            display_name=display_name,
            password_hash=password_hash,
            expires_at=now() + LIFETIME,
        )
    )
    return token


def add_way(app: Flask, way: Callable[[str, str], Way]) -> None:
    """Let the readers of mails go on this way, unless there is one already."""
    app.extensions.setdefault("way", way)


def way(purpose: str, token: str) -> Way:
    """What to mail: the link of a page where there are pages, else the token itself."""
    chosen: Way = current_app.extensions["way"](purpose, token)
    return chosen


def find(purpose: str, token: str) -> Link | None:
    """Look at a link without using it up."""
    return db.session.scalar(select(Link).where(*_matches(purpose, token)))


def use(purpose: str, token: str) -> Used | None:
    """Use up a link: of any number at the same time, one gets it; the caller commits."""
    row = db.session.execute(
        delete(Link)
        .where(*_matches(purpose, token))
        .returning(Link.email, Link.user_id, Link.display_name, Link.password_hash)
    ).one_or_none()
    return Used(*row) if row else None


def forget(user: User) -> None:
    """Make an end of all links of a user; the caller commits."""
    db.session.execute(delete(Link).where(Link.user_id == user.id))


def _matches(purpose: str, token: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Link.purpose == purpose,
        Link.token_hash == _hash(token),
        Link.expires_at > now(),
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
