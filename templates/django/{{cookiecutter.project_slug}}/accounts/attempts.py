"""Limits how often passwords can be tried, and how much mail strangers can cause.

The attempts are rows in the database, so that all workers count together.
"""

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Network, ip_address
from math import ceil
from typing import TypeVar

from django.utils import timezone

from accounts.models import Attempt, UserManager
from languages import _

LIMIT = 10
WINDOW = timedelta(minutes=5)
# So many mails that anybody can ask for go to one mailbox. Their links work as long, so
# whoever gets no further one has some that do.
MAILS = 5
MAILS_WINDOW = timedelta(hours=1)
WAIT = _("Wait {seconds} seconds and try again.")

Result = TypeVar("Result")

logger = logging.getLogger(__name__)


class TooManyAttemptsError(Exception):
    """For so many seconds no password is looked at, right or wrong."""

    def __init__(self, seconds: int) -> None:
        super().__init__(WAIT.format(seconds=seconds))
        self.seconds = seconds


def guard(email: str, address: str, check: Callable[[], Result]) -> Result:
    """Check a password, unless it was tried too often.

    Args:
        email: the account's, whether there is one or not.
        address: where the attempt comes from.
        check: returns something true if the password is right.

    Raises:
        TooManyAttemptsError: before anything is checked. That attempt does not count.
    """
    # Counted before it is checked, or many at the same time would all get through.
    rows = _record(f"account:{_hash(email)}", f"address:{_network(address)}")
    wait = max(_wait(row) for row in rows)
    if wait > timedelta(0):
        _forget(rows)
        raise TooManyAttemptsError(ceil(wait.total_seconds()))
    result = check()
    if result:
        _forget(rows)
        Attempt.objects.filter(key=rows[0].key).delete()
    return result


def may_mail(email: str) -> bool:
    """Count a mail that anybody can ask for, and tell whether it is to be sent."""
    # For many providers `ann+shop@` is the mailbox of `ann@`.
    [row] = _record(f"mail:{_hash(re.sub(r'[+][^@]*', '', email))}")
    since = row.at - MAILS_WINDOW
    same = Attempt.objects.filter(key=row.key, at__gt=since, pk__lte=row.pk)
    if same.count() <= MAILS:
        return True
    _forget([row])
    logger.warning("An address gets no more mails for now: too many were asked for.")
    return False


def _hash(email: str) -> str:
    return sha256(UserManager.normalize_email(email).encode()).hexdigest()


def _network(address: str) -> str:
    """Return what one client has: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        ip = ip_address(address)
    except ValueError:  # of a Unix socket, perhaps
        return "unknown"
    if isinstance(ip, IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or IPv6Network((int(ip), 64), strict=False))


def _record(*keys: str) -> list[Attempt]:
    now = timezone.now()
    Attempt.objects.filter(at__lte=now - MAILS_WINDOW).delete()
    return Attempt.objects.bulk_create([Attempt(key=key, at=now) for key in keys])


def _wait(row: Attempt) -> timedelta:
    others = Attempt.objects.filter(key=row.key).exclude(pk=row.pk)
    tenth = others.order_by("-at", "-pk")[LIMIT - 1 : LIMIT].first()
    return tenth.at + WINDOW - row.at if tenth else timedelta(0)


def _forget(rows: list[Attempt]) -> None:
    Attempt.objects.filter(pk__in=[row.pk for row in rows]).delete()
