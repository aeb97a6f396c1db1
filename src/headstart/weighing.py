"""The points of each framework, and who has the most of them."""

from collections.abc import Iterable, Mapping

from headstart.knowledge import frameworks
from headstart.knowledge.model import Answers, Rule, is_met


def points(answers: Answers, rules: Iterable[Rule]) -> dict[str, int]:
    """The points of each framework for these answers."""
    total = dict.fromkeys(frameworks(), 0)
    for rule in rules:
        if is_met(rule.when, answers):
            total[rule.framework] += rule.points
    return total


def leader(total: Mapping[str, int]) -> str | None:
    """The framework with the most points; None when several share the first place."""
    most = max(total.values())
    first = [framework for framework, each in total.items() if each == most]
    return first[0] if len(first) == 1 else None
