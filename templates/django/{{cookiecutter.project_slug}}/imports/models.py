"""Imports: the file, and how far it has been worked through."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from languages import _

# How long nobody else goes on with an import after its worker was last heard of
CLAIM = timedelta(seconds=15)
UNDER_WAY = ("waiting", "running")
LONGEST_FILENAME = 200
MOST_PROBLEMS = 1000


class ProductImportQuerySet(models.QuerySet["ProductImport"]):
    """Which imports somebody should work at, and who does."""

    def open(self) -> Self:
        """Those that are not finished and that nobody has claimed."""
        is_free = Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())
        return self.filter(is_free, state__in=UNDER_WAY)

    def claim(self, number: int) -> datetime | None:
        """Claim an import for one worker; return until when, if nobody was faster."""
        until = timezone.now() + CLAIM
        claim = {"state": "running", "claimed_until": until}
        return until if self.open().filter(pk=number).update(**claim) else None


class ProductImport(models.Model):
    """A file of products. What counts is written down here, whatever a queue loses."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        FAILED = "failed", _("Stopped by an error")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="imports"
    )
    filename = models.CharField(max_length=LONGEST_FILENAME)  # for showing only
    content = models.TextField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    rows_total = models.PositiveIntegerField()
    rows_done = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)

    objects = ProductImportQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("state",), name="imports_by_state"),)

    def __str__(self) -> str:
        return f"{self.filename}, {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("import", args=[self.pk])

    @property
    def refused(self) -> int:
        return self.rows_done - self.imported

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    def refuse(self, line: int, reason: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append({"line": line, "reason": reason})

    def end(self, state: State) -> None:
        """Nobody needs the file any more."""
        self.state, self.finished_at = state, timezone.now()
        self.claimed_until, self.content = None, ""
