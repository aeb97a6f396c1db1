"""Logins that the server knows, so that it can end them.

Whoever logs in gets a random token: a browser in a cookie, a program as it is. A row
of the database, with only the token's hash, says whose it is. What is signed and
known to nobody would be good for as long as it lasts, also for whoever has copied it.
"""

import hmac
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import AccountGone, User
from app.accounts.tokens import hash_token, new_token
from app.database import Base, Moment, now
from app.settings import Settings

LIFETIME = timedelta(days=14)


class Login(Base):
    """What the tables of logins, one for each kind, have in common."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey(User.id, ondelete="CASCADE"), index=True
    )
    # Good only for the password that it was made with.
    password_fingerprint: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


def fingerprint(settings: Settings, user: User) -> str:
    """What a login holds on to: with another password, all of them are dead at once.

    Also one that was asked for with the old password in the very moment of the change.
    """
    key = settings.secret_key.get_secret_value().encode()
    return hmac.digest(key, f"login:{user.password_hash}".encode(), "sha256").hex()


async def begin(
    session: AsyncSession, settings: Settings, kind: type[Login], user: User
) -> str:
    """Store a new login and return its token.

    Raises:
        AccountGone: the account was deleted after its password was checked.
    """
    token = new_token()
    await session.execute(delete(kind).where(kind.expires_at <= now()))
    session.add(
        kind(
            token_hash=hash_token(token),
            user_id=user.id,
            password_fingerprint=fingerprint(settings, user),
            expires_at=now() + LIFETIME,
        )
    )
    try:
        await session.commit()
    except IntegrityError:
        raise AccountGone from None
    return token


async def user_of(
    session: AsyncSession, settings: Settings, kind: type[Login], token: str
) -> User | None:
    found = await session.execute(
        select(User, kind.password_fingerprint)
        .join(kind, kind.user_id == User.id)
        .where(kind.token_hash == hash_token(token), kind.expires_at > now())
    )
    for user, held in found:
        if hmac.compare_digest(held, fingerprint(settings, user)):
            return user
    return None


async def end(session: AsyncSession, kind: type[Login], token: str) -> None:
    """End this login, also for everybody who has copied its token."""
    await session.execute(delete(kind).where(kind.token_hash == hash_token(token)))
    await session.commit()
