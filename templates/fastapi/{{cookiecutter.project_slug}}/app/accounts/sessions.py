"""Logins that the server knows, so that it can end them.

A signed cookie alone would be good for as long as it lasts, also for whoever has
copied it. So the cookie holds a random key, and a row says whose it is.
"""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import LoginSession, User
from app.accounts.tokens import hash_token, new_token
from app.database import now

LIFETIME = timedelta(days=14)


async def user_of(session: AsyncSession, key: str) -> User | None:
    return await session.scalar(
        select(User)
        .join(LoginSession, LoginSession.user_id == User.id)
        .where(
            LoginSession.key_hash == hash_token(key), LoginSession.expires_at > now()
        )
    )


async def log_in(session: AsyncSession, user: User) -> str | None:
    """Begin a session, always under a new key: that is what the cookie holds.

    There is none if the password was changed since it was looked at: who knows only
    the old one must not slip in just after all sessions were ended.
    """
    key = new_token()
    # First, because on SQLite it is writing that keeps other writers out.
    await session.execute(delete(LoginSession).where(LoginSession.expires_at <= now()))
    unchanged = await session.scalar(
        select(User.id)
        .where(User.id == user.id, User.password_hash == user.password_hash)
        .with_for_update(read=True)
    )
    if unchanged is None:
        await session.commit()
        return None
    session.add(
        LoginSession(
            key_hash=hash_token(key), user_id=user.id, expires_at=now() + LIFETIME
        )
    )
    await session.commit()
    return key


async def log_out(session: AsyncSession, key: str) -> None:
    """End this session, here and for every copy of its cookie."""
    await session.execute(
        delete(LoginSession).where(LoginSession.key_hash == hash_token(key))
    )
    await session.commit()


async def end_all(session: AsyncSession, user: User, but: str = "") -> None:
    """End every session of a user but the one with this key; the caller commits."""
    await session.execute(
        delete(LoginSession).where(
            LoginSession.user_id == user.id, LoginSession.key_hash != hash_token(but)
        )
    )
