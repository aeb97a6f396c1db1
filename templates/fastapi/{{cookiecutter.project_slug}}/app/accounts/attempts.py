"""Wrong passwords are counted, and mails that anybody can ask for: many are too many.

The counts are in the database, because each worker process has a memory of its own.
"""

import hashlib
import logging
import re
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address
from math import ceil

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import Attempt
from app.database import now

LIMIT = 10
WINDOW = timedelta(minutes=5)
# So many mails that anybody can ask for go to one mailbox. Their links work as long, so
# whoever gets no further one has some that do.
MAILS = 5
MAILS_WINDOW = timedelta(hours=1)

logger = logging.getLogger(__name__)


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
    attempts = await _write(session, _account(email), f"address:{_origin(address)}")
    oldest = await session.scalar(
        select(func.min(Attempt.at))
        .where(
            Attempt.key.in_([attempt.key for attempt in attempts]),
            Attempt.at > now() - WINDOW,
        )
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


async def may_mail(session: AsyncSession, email: str) -> bool:
    """Count a mail that anybody can ask for, and tell whether it is to be sent."""
    # For many providers `ann+shop@` is the mailbox of `ann@`.
    key = "mail:" + _hash(re.sub(r"[+][^@]*", "", email))
    [attempt] = await _write(session, key)
    same = select(func.count()).where(
        Attempt.key == key, Attempt.at > now() - MAILS_WINDOW, Attempt.id <= attempt.id
    )
    if (await session.scalar(same) or 0) <= MAILS:
        return True
    await _delete(session, [attempt])
    logger.warning("An address gets no more mails for now: too many were asked for.")
    return False


async def _write(session: AsyncSession, *keys: str) -> list[Attempt]:
    await session.execute(delete(Attempt).where(Attempt.at <= now() - MAILS_WINDOW))
    attempts = [Attempt(key=key) for key in keys]
    session.add_all(attempts)
    # Written before it is counted: parallel tries see one another.
    await session.commit()
    return attempts


async def _delete(session: AsyncSession, attempts: list[Attempt]) -> None:
    ids = [attempt.id for attempt in attempts]
    await session.execute(delete(Attempt).where(Attempt.id.in_(ids)))
    await session.commit()


def _account(email: str) -> str:
    return "account:" + _hash(email)


def _hash(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()


def _origin(address: str) -> str:
    """Who has the address: whoever has one of IPv6 has all of its /64."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or IPv6Network((int(ip), 64), strict=False))
