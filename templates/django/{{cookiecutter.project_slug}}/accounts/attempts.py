"""Limits how often passwords can be tried, for an account and from an address.

The attempts are rows in the database, so that all workers count together.
"""

from datetime import timedelta
from hashlib import sha256
from math import ceil

from django.utils import timezone

from accounts.models import Attempt, UserManager

LIMIT = 10
WINDOW = timedelta(minutes=5)


class TooManyAttemptsError(Exception):
    """No password is looked at, right or wrong, for so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Wait {seconds} seconds and try again.")
        self.seconds = seconds


class Attempts:
    """What somebody at one address does with the password of one account."""

    def __init__(self, email: str, address: str) -> None:
        account = sha256(UserManager.normalize_email(email).encode()).hexdigest()
        self.account = f"account:{account}"
        self.address = f"address:{address}"

    def record(self) -> None:
        """Count an attempt: before the password is checked, so that many at once count.

        Raises:
            TooManyAttemptsError: there were enough already; this one does not count.
        """
        now = timezone.now()
        Attempt.objects.filter(at__lte=now - WINDOW).delete()
        self.rows = Attempt.objects.bulk_create(
            [Attempt(key=self.account, at=now), Attempt(key=self.address, at=now)]
        )
        wait = max(self._wait(row) for row in self.rows)
        if wait > timedelta(0):
            self._delete_rows()
            raise TooManyAttemptsError(ceil(wait.total_seconds()))

    def succeeded(self) -> None:
        """Forget the attempts at this account, and this one from this address."""
        self._delete_rows()
        Attempt.objects.filter(key=self.account).delete()

    def _wait(self, row: Attempt) -> timedelta:
        earlier = Attempt.objects.filter(key=row.key).order_by("-at", "-pk")
        tenth = earlier.exclude(pk=row.pk)[LIMIT - 1 : LIMIT].first()
        return tenth.at + WINDOW - row.at if tenth else timedelta(0)

    def _delete_rows(self) -> None:
        Attempt.objects.filter(pk__in=[row.pk for row in self.rows]).delete()
