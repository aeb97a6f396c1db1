"""Limits how often passwords can be tried, for an account and from an address.

The attempts are rows in the database, so that all workers count together.
"""

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
WAIT = _("Wait {seconds} seconds and try again.")

Result = TypeVar("Result")


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
    account = sha256(UserManager.normalize_email(email).encode()).hexdigest()
    # Counted before it is checked, or many at the same time would all get through.
    rows = _record(f"account:{account}", f"address:{_network(address)}")
    wait = max(_wait(row) for row in rows)
    if wait > timedelta(0):
        _forget(rows)
        raise TooManyAttemptsError(ceil(wait.total_seconds()))
    result = check()
    if result:
        _forget(rows)
        Attempt.objects.filter(key=rows[0].key).delete()
    return result


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
    Attempt.objects.filter(at__lte=now - WINDOW).delete()
    return Attempt.objects.bulk_create([Attempt(key=key, at=now) for key in keys])


def _wait(row: Attempt) -> timedelta:
    others = Attempt.objects.filter(key=row.key).exclude(pk=row.pk)
    tenth = others.order_by("-at", "-pk")[LIMIT - 1 : LIMIT].first()
    return tenth.at + WINDOW - row.at if tenth else timedelta(0)


def _forget(rows: list[Attempt]) -> None:
    Attempt.objects.filter(pk__in=[row.pk for row in rows]).delete()
