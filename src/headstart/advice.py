"""Which framework suits these answers: pure, and the same for every framework.

`advise` adds up the points of the rules whose answers were given, gathers what
warns of each framework, and asks itself again with other answers to find out
what would change its mind.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from headstart.knowledge import disagreements, frameworks, questions
from headstart.knowledge.answers import check_answers, read_answers
from headstart.knowledge.model import Answers, Disagreement, Rule, is_askable, is_met
from headstart.knowledge.selection import completed, wanted_features

__all__ = [
    "Advice",
    "Change",
    "Reason",
    "Standing",
    "advise",
    "check_answers",
    "leader",
    "points",
    "read_answers",
]

CLEAR_LEAD = 3
CLEAR_SHARE = 0.25
MOST_PAIRS = 3


@dataclass(frozen=True)
class Reason:
    """A rule that speaks for a framework, and the answers that made it count."""

    rule: Rule
    answers: Answers


@dataclass(frozen=True)
class Standing:
    """How one framework fares: its points, the reasons they add up from, cautions."""

    framework: str
    points: int
    reasons: tuple[Reason, ...]
    cautions: tuple[Rule, ...]


@dataclass(frozen=True)
class Change:
    """Answers which, given instead or as well, lead to another recommendation."""

    answers: Answers
    recommendation: str


@dataclass(frozen=True)
class Advice:
    """The frameworks in order, why, and what would change it.

    `recommendation` is None for a tie, and when no answer speaks for any of
    them; then `ask_first` is the key of the question to begin with. `features`
    are what the answers pre-select; `unavailable`, what they ask for and no
    template has yet.
    """

    answers: Answers
    recommendation: str | None
    confidence: str
    ranking: tuple[Standing, ...]
    would_change: tuple[Change, ...]
    disagreements: tuple[Disagreement, ...]
    features: tuple[str, ...]
    unavailable: tuple[str, ...]
    ask_first: str | None

    @property
    def tied(self) -> tuple[str, ...]:
        """The frameworks that share the first place, when more than one does."""
        most = self.ranking[0].points
        first = tuple(each.framework for each in self.ranking if each.points == most)
        return first if len(first) > 1 else ()


def advise(answers: Answers, rules: Sequence[Rule]) -> Advice:
    """The advice for these answers.

    Args:
        answers: keys and values, as `check_answers` returns them.
        rules: what counts, in any order.
    """
    ranking = _ranking(answers, rules)
    first, second = ranking[:2]
    wanted = wanted_features(answers)
    available = [feature for feature in wanted if feature.available]
    return Advice(
        answers=dict(answers),
        recommendation=leader(points(answers, rules)),
        confidence=_confidence(first.points, second.points),
        ranking=ranking,
        would_change=_would_change(answers, rules),
        disagreements=tuple(each for each in disagreements() if is_met(each.when, answers)),
        features=tuple(feature.name for feature in completed(available)),
        unavailable=tuple(feature.name for feature in wanted if not feature.available),
        ask_first=None if first.points else questions()[0].key,
    )


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


def _ranking(answers: Answers, rules: Iterable[Rule]) -> tuple[Standing, ...]:
    counted = sorted(
        (rule for rule in rules if is_met(rule.when, answers)),
        key=lambda rule: (-rule.points, -len(rule.when), rule.id),
    )
    standings = []
    for framework in frameworks():
        own = [rule for rule in counted if rule.framework == framework]
        cautions = tuple(rule for rule in own if rule.is_caution)
        reasons = tuple(
            Reason(rule, {key: answers[key] for key in rule.when})
            for rule in own
            if not rule.is_caution
        )
        total = sum(reason.rule.points for reason in reasons)
        standings.append(Standing(framework, total, reasons, cautions))
    return tuple(sorted(standings, key=lambda each: (-each.points, len(each.cautions))))


def _confidence(first: int, second: int) -> str:
    lead = first - second
    if lead == 0:
        return "tie"
    return "clear" if lead >= max(CLEAR_LEAD, CLEAR_SHARE * first) else "close"


def _would_change(answers: Answers, rules: Iterable[Rule]) -> tuple[Change, ...]:
    speaking = [rule for rule in rules if not rule.is_caution]
    now = leader(points(answers, speaking))
    options = [each for each in _other_answers(answers) if _matters(each, answers, speaking)]
    singles = [{key: value} for key, value in options]
    found = _tried(singles, answers, speaking, now)
    missing = set(frameworks()) - {now} - {change.recommendation for change in found}
    if missing and answers:
        pairs = [dict(pair) for pair in combinations(options, 2) if pair[0][0] != pair[1][0]]
        tried = _tried(pairs, answers, speaking, now)
        for framework in sorted(missing):
            found += [each for each in tried if each.recommendation == framework][:MOST_PAIRS]
    return tuple(found)


def _other_answers(answers: Answers) -> Iterator[tuple[str, str]]:
    """What could be answered as well, then what could be answered instead.

    Without any answers only the first question is tried.
    """
    asked = questions() if answers else questions()[:1]
    for question in sorted(asked, key=lambda each: each.key in answers):
        for value in question.values:
            if answers.get(question.key) != value.name:
                yield question.key, value.name


def _matters(option: tuple[str, str], answers: Answers, rules: Iterable[Rule]) -> bool:
    key, value = option
    return key in answers or any(value in rule.when.get(key, ()) for rule in rules)


def _tried(
    changes: Iterable[dict[str, str]],
    answers: Answers,
    rules: Sequence[Rule],
    now: str | None,
) -> list[Change]:
    known = {question.key: question for question in questions()}
    found = []
    for change in changes:
        changed = {**answers, **change}
        if all(key in answers or is_askable(known[key], changed) for key in change):
            then = leader(points(changed, rules))
            if then not in (None, now):
                found.append(Change(change, then))
    return found
