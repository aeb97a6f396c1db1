"""Who has an account, and which links are out in mails."""

from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment, now

Purpose = Literal["register", "reset", "email"]


class AccountGone(Exception):
    """An account was deleted while its owner was doing something."""


class User(Base):
    __tablename__ = "user_account"  # `user` is a reserved word in PostgreSQL
    # Otherwise SQLite would give the number of a deleted account to the next one.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    # As `addresses.normalise` returns it, so that "unique" knows no case.
    email: Mapped[str] = mapped_column(String(254), unique=True)
    display_name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(255))
    is_staff: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Link(Base):
    """A link in a mail that works once. Only the hash of its token is stored."""

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[Purpose] = mapped_column(String(10))
    email: Mapped[str] = mapped_column(String(254))
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey(User.id, ondelete="CASCADE"), index=True
    )
    # Of the account that there will be when a link to register is opened.
    display_name: Mapped[str] = mapped_column(String(80), default="")
    # Of that account too; or the one that a link to a new address dies with.
    password_hash: Mapped[str] = mapped_column(String(255), default="")
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Attempt(Base):
    """Somebody tried a password, for an account and from an address."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
