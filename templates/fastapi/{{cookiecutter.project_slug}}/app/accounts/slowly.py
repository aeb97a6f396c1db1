"""Passwords are hashed slowly on purpose: in a thread, and with no connection held."""

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.concurrency import run_in_threadpool

from app.accounts import passwords


async def hash_password(session: AsyncSession, password: str) -> str:
    await session.commit()
    return await run_in_threadpool(passwords.hash_password, password)


async def verify_password(
    session: AsyncSession, password: str, password_hash: str | None
) -> bool:
    await session.commit()
    return await run_in_threadpool(passwords.verify_password, password, password_hash)
