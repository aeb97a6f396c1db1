"""Wrong passwords are counted, and after ten of them there is a pause.

The counts are in the database, because each worker process has a memory of its own.
"""

import hashlib
import math
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address

from sqlalchemy import delete, insert, select
from werkzeug.exceptions import TooManyRequests

from app.accounts.models import Attempt
from app.database import db, now

LIMIT = 10
WINDOW = timedelta(minutes=5)


def record(email: str, address: str) -> list[int]:
    """Count a try, before the password is looked at; return the ids of its rows.

    Raises:
        TooManyRequests: there were too many for this account or from this address;
            then not even the right password would help, and this try is not counted.
    """
    db.session.execute(delete(Attempt).where(Attempt.at <= now() - WINDOW))
    keys = (_account(email), f"address:{_client(address)}")
    # Ids and no objects: `forget` of a parallel try may delete these rows at any time.
    rows = [{"key": key, "at": now()} for key in keys]
    ids = list(db.session.scalars(insert(Attempt).returning(Attempt.id), rows))
    # Written before it is counted: parallel tries see one another.
    db.session.commit()
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
    return max(1, math.ceil((oldest + WINDOW - now()).total_seconds()))


def _delete(ids: list[int]) -> None:
    db.session.execute(delete(Attempt).where(Attempt.id.in_(ids)))
    db.session.commit()


def _account(email: str) -> str:
    return "account:" + hashlib.sha256(email.encode()).hexdigest()


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
