"""Wrong passwords are counted, and mails that anybody can ask for: many are too many.

The counts are in the database, because each worker process has a memory of its own.
"""

import hashlib
import logging
import math
import re
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address

from sqlalchemy import delete, func, insert, select
from werkzeug.exceptions import TooManyRequests

from app.accounts.models import Attempt
from app.database import db, now

LIMIT = 10
WINDOW = timedelta(minutes=5)
# So many mails that anybody can ask for go to one mailbox. Their links work as long, so
# whoever gets no further one has some that do.
MAILS = 5
MAILS_WINDOW = timedelta(hours=1)

logger = logging.getLogger(__name__)


def record(email: str, address: str) -> list[int]:
    """Count a try, before the password is looked at; return the ids of its rows.

    Raises:
        TooManyRequests: there were too many for this account or from this address;
            then not even the right password would help, and this try is not counted.
    """
    keys = (_account(email), f"address:{_client(address)}")
    ids = _write(*keys)
    seconds = max(map(_seconds_to_wait, keys))
    if seconds:
        _delete(ids)
        raise TooManyRequests(
            f"Wait {seconds} seconds and try again.", retry_after=seconds
        )
    return ids


def forget(ids: list[int], email: str) -> None:
    """The password was right: forget this try, and the account's earlier ones."""
    db.session.execute(delete(Attempt).where(Attempt.key == _account(email)))
    _delete(ids)


def may_mail(email: str) -> bool:
    """Count a mail that anybody can ask for, and tell whether it is to be sent."""
    # For many providers `ann+shop@` is the mailbox of `ann@`.
    key = "mail:" + _hash(re.sub(r"[+][^@]*", "", email))
    [number] = _write(key)
    same = select(func.count()).where(
        Attempt.key == key, Attempt.at > now() - MAILS_WINDOW, Attempt.id <= number
    )
    if (db.session.scalar(same) or 0) <= MAILS:
        return True
    _delete([number])
    logger.warning("An address gets no more mails for now: too many were asked for.")
    return False


def _write(*keys: str) -> list[int]:
    db.session.execute(delete(Attempt).where(Attempt.at <= now() - MAILS_WINDOW))
    # Ids and no objects: `forget` of a parallel try may delete these rows at any time.
    rows = [{"key": key, "at": now()} for key in keys]
    ids = list(db.session.scalars(insert(Attempt).returning(Attempt.id), rows))
    # Written before it is counted: parallel tries see one another.
    db.session.commit()
    return ids


def _seconds_to_wait(key: str) -> int:
    """How long until the oldest of the last tries no longer counts."""
    oldest = db.session.scalar(
        select(Attempt.at)
        .where(Attempt.key == key)
        .order_by(Attempt.id.desc())
        .offset(LIMIT)
        .limit(1)
    )
    if oldest is None:
        return 0
    return max(0, math.ceil((oldest + WINDOW - now()).total_seconds()))


def _delete(ids: list[int]) -> None:
    db.session.execute(delete(Attempt).where(Attempt.id.in_(ids)))
    db.session.commit()


def _account(email: str) -> str:
    return "account:" + _hash(email)


def _hash(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()


def _client(address: str) -> str:
    """What is counted as one client: of IPv6, everybody has a whole /64 to choose from."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, IPv4Address):
        return str(ip)
    network = IPv6Network((int(ip), 64), strict=False)
    return str(ip.ipv4_mapped or network)
