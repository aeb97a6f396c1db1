"""The logins of programs: each request carries a token."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import logins
from app.accounts.logins import LIFETIME, Login
from app.accounts.models import User
from app.settings import Settings

SECONDS = int(LIFETIME.total_seconds())


class ApiToken(Login):
    """A program that is logged in."""

    __tablename__ = "api_token"


async def make(session: AsyncSession, settings: Settings, user: User) -> str:
    return await logins.begin(session, settings, ApiToken, user)


async def user_of(session: AsyncSession, settings: Settings, token: str) -> User | None:
    return await logins.user_of(session, settings, ApiToken, token)


async def revoke(session: AsyncSession, token: str) -> None:
    await logins.end(session, ApiToken, token)
