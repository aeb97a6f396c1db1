"""Imports: the file, and how far it has been worked through."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import User
from app.database import Base, Moment, now
from app.languages import N_

STATES = {
    "waiting": N_("Waiting"),
    "running": N_("Running"),
    "finished": N_("Finished"),
    "failed": N_("Stopped by an error"),
}
UNDER_WAY = ("waiting", "running")
LONGEST_FILENAME = 200
MOST_PROBLEMS = 1000


class ProductImport(Base):
    """A file of products. What counts is written down here, whatever a queue loses."""

    __tablename__ = "product_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(
        ForeignKey(User.id, ondelete="CASCADE"), index=True
    )
    # As the sender calls it: for showing only.
    filename: Mapped[str] = mapped_column(String(LONGEST_FILENAME))
    # Nothing any more when the import has ended.
    content: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8), default="waiting", index=True)
    rows_total: Mapped[int]
    rows_done: Mapped[int] = mapped_column(default=0)
    imported: Mapped[int] = mapped_column(default=0)
    # The first ones, each with the line and the reason.
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    # A worker is at it until then; if it lives, it says so again before.
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def refused(self) -> int:
        return self.rows_done - self.imported

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def has_more_problems(self) -> bool:
        return self.refused > len(self.problems)

    @property
    def state_in_words(self) -> str:
        return STATES[self.state]

    def refuse(self, line: int, reason: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems = [*self.problems, {"line": line, "reason": reason}]

    def end(self, state: str) -> None:
        """Nobody needs the file any more."""
        self.state, self.finished_at = state, now()
        self.claimed_until, self.content = None, ""
