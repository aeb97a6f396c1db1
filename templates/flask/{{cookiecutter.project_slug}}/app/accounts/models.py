"""Who has an account, and what belongs to accounts for a while."""

import hashlib
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment, now


class User(Base):
    __tablename__ = "user_account"  # `user` is a reserved word in PostgreSQL
    # The id of whoever was deleted is never given to somebody else.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    # As `addresses.normalise` returns it, so that "unique" knows no case.
    email: Mapped[str] = mapped_column(String(254), unique=True)
    display_name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(Text)
    is_staff: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    @property
    def password_fingerprint(self) -> str:
        """What a login was made with: it ends when there is another password.

        Whoever reads it in the database learns nothing about the password's hash.
        """
        return hashlib.sha256(self.password_hash.encode()).hexdigest()

    # What Flask-Login asks of a user who is logged in to pages.
    is_authenticated = True
    is_active = True
    is_anonymous = False
    session_key = ""

    def get_id(self) -> str:
        return self.session_key


class Link(Base):
    """A link that was mailed: whoever opens it reads the mail of that address."""

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(8))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey(User.id, ondelete="CASCADE"), index=True
    )
    # Of the account that there will be when a link to register is opened.
    display_name: Mapped[str] = mapped_column(String(80), default="")
    # The same; and of whoever asked for a link to a new address, which ends with it.
    password_hash: Mapped[str] = mapped_column(Text, default="")
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Attempt(Base):
    """One try at a password, counted for the account and for the client's address."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), index=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
