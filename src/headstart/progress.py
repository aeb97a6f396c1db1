"""Telling somebody what is being done while it is done, and how long it took."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from headstart.interrupts import check
from headstart.proof.receipts import Receipt


class Progress(Protocol):
    """Somebody who is told what is being done while it is done."""

    def step(self, says: str) -> AbstractContextManager[None]:
        """Show what is being done for as long as the `with` block lasts."""

    def receipt(self, receipt: Receipt) -> None:
        """Show one thing that was proven."""


@dataclass
class Clock:
    """Tells the progress what is being done, and keeps the times."""

    progress: Progress
    steps: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, says: str) -> Iterator[None]:
        """Show a step while it lasts, and keep its time.

        Args:
            name: a word for programs.
            says: a few words for people.
        """
        check()
        started = time.perf_counter()
        with self.progress.step(says):
            yield
        self.steps[name] = time.perf_counter() - started
