"""The logins of browsers: a cookie holds the key."""

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import logins
from app.accounts.logins import Login, fingerprint
from app.accounts.models import User
from app.accounts.tokens import hash_token
from app.settings import Settings


class LoginSession(Login):
    """A browser that is logged in."""

    __tablename__ = "login_session"


async def user_of(session: AsyncSession, settings: Settings, key: str) -> User | None:
    return await logins.user_of(session, settings, LoginSession, key)


async def log_in(session: AsyncSession, settings: Settings, user: User) -> str:
    """Begin a session, always under a new key: that is what the cookie holds."""
    return await logins.begin(session, settings, LoginSession, user)


async def log_out(session: AsyncSession, key: str) -> None:
    await logins.end(session, LoginSession, key)


async def keep(session: AsyncSession, settings: Settings, user: User, key: str) -> None:
    """Let this session alone outlive a change of the password."""
    is_this = LoginSession.token_hash == hash_token(key)
    await session.execute(
        delete(LoginSession).where(LoginSession.user_id == user.id, ~is_this)
    )
    await session.execute(
        update(LoginSession)
        .where(is_this)
        .values(password_fingerprint=fingerprint(settings, user))
    )
    await session.commit()
