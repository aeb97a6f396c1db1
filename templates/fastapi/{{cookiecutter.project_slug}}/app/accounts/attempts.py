"""Wrong passwords are counted, and after ten of them there is a pause.

The counts are in the database, because each worker process has a memory of its own.
"""

import hashlib
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address
from math import ceil

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import Attempt
from app.database import now

LIMIT = 10
WINDOW = timedelta(minutes=5)


class TooManyAttempts(Exception):
    """Not even the right password would help before so many seconds have passed."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Wait {seconds} seconds and try again.")
        self.seconds = seconds


async def record(session: AsyncSession, email: str, address: str) -> list[Attempt]:
    """Count a try, before the password is looked at.

    Raises:
        TooManyAttempts: for this account or from this address; this try is not
            counted.
    """
    await session.execute(delete(Attempt).where(Attempt.at <= now() - WINDOW))
    attempts = [
        Attempt(key=_account(email)),
        Attempt(key=f"address:{_origin(address)}"),
    ]
    session.add_all(attempts)
    # Written before it is counted: parallel tries see one another.
    await session.commit()
    oldest = await session.scalar(
        select(func.min(Attempt.at))
        .where(Attempt.key.in_([attempt.key for attempt in attempts]))
        .group_by(Attempt.key)
        .having(func.count(Attempt.id) > LIMIT)
        .order_by(func.min(Attempt.at).desc())
        .limit(1)
    )
    if oldest:
        await _delete(session, attempts)
        raise TooManyAttempts(max(1, ceil((oldest + WINDOW - now()).total_seconds())))
    return attempts


async def forget(session: AsyncSession, attempts: list[Attempt], email: str) -> None:
    """The password was right: forget this try, and the account's earlier ones."""
    await session.execute(delete(Attempt).where(Attempt.key == _account(email)))
    await _delete(session, attempts)


async def _delete(session: AsyncSession, attempts: list[Attempt]) -> None:
    ids = [attempt.id for attempt in attempts]
    await session.execute(delete(Attempt).where(Attempt.id.in_(ids)))
    await session.commit()


def _account(email: str) -> str:
    return "account:" + hashlib.sha256(email.encode()).hexdigest()


def _origin(address: str) -> str:
    """Who has the address: whoever has one of IPv6 has all of its /64."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or IPv6Network((int(ip), 64), strict=False))
