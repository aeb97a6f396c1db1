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
    """Where the conversation stands; going back is returning to an earlier one."""

    draft: Draft
    asked: frozenset[str] = frozenset()
    enough: bool = False
    changing: str = ""
