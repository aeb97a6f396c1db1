"""What is known so far of the project that a person wants."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Draft:
    """What is known so far of the project that a person wants."""

    name: str | None = None
    framework: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    with_features: tuple[str, ...] = ()
    without_features: tuple[str, ...] = ()


@dataclass(frozen=True)
class State:
    """Where the conversation stands; going back is returning to an earlier one.

    `enough` was said by the person; once `summed_up`, nothing new is asked.
    `changing` is what they chose to change, and `whole` is set while the summary
    shows the whole argument.
    """

    draft: Draft
    asked: frozenset[str] = frozenset()
    enough: bool = False
    summed_up: bool = False
    changing: str = ""
    whole: bool = False


class Stopped(KeyboardInterrupt):
    """The person ended the interview; `draft` is what they had said by then."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft
