"""Passwords are hashed slowly on purpose: in a thread, and with no connection held."""

import os

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import passwords

# Each hash keeps a processor busy and 19 MiB of memory: a crowd at the login waits
# in line, while the other pages go on.
HASHING = CapacityLimiter(os.cpu_count() or 1)


async def hash_password(session: AsyncSession, password: str) -> str:
    await session.commit()
    return await run_sync(passwords.hash_password, password, limiter=HASHING)


async def verify_password(
    session: AsyncSession, password: str, password_hash: str | None
) -> bool:
    await session.commit()
    return await run_sync(
        passwords.verify_password, password, password_hash, limiter=HASHING
    )
