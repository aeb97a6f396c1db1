"""The points of each framework, and who has the most of them."""

from collections.abc import Iterable, Mapping

from headstart.knowledge import frameworks, questions
from headstart.knowledge.model import Answers, Rule, is_met, is_moot


def points(answers: Answers, rules: Iterable[Rule]) -> dict[str, int]:
    """The points of each framework for these answers."""
    total = dict.fromkeys(frameworks(), 0)
    answers = what_counts(answers)
    for rule in rules:
        if is_met(rule.when, answers):
            total[rule.framework] += rule.points
    return total


def what_counts(answers: Answers) -> Answers:
    """The answers but for those to questions that other answers rule out."""
    moot = [each.key for each in questions() if each.key in answers and is_moot(each, answers)]
    return {key: value for key, value in answers.items() if key not in moot} if moot else answers


def leader(total: Mapping[str, int]) -> str | None:
    """The framework with the most points; None when several share the first place."""
    most = max(total.values())
    first = [framework for framework, each in total.items() if each == most]
    return first[0] if len(first) == 1 else None
