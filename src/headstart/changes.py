"""What would change the advice: found out by asking again with other answers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from headstart.knowledge import frameworks, questions
from headstart.knowledge.model import Answers, Question, Rule, is_askable, is_met
from headstart.weighing import leader, points, what_counts

# Of answers that only change the advice together, so many are named and not more.
MOST_TOGETHER = 3

Option = tuple[str, str]


@dataclass(frozen=True)
class Change:
    """Answers which, given instead or as well, lead to another recommendation."""

    answers: Answers
    recommendation: str


def smallest_changes(answers: Answers, rules: Iterable[Rule]) -> tuple[Change, ...]:
    """For each framework that is not recommended, the fewest answers that would make it so.

    Answers that were not given yet come first, and what is being built, which
    nobody changes for the sake of a framework, comes last. Without any answers
    only the first question is tried.

    Args:
        answers: keys and values, as `check_answers` returns them.
        rules: what counts, in any order.
    """
    speaking = [rule for rule in rules if not rule.is_caution]
    now = leader(points(answers, speaking))
    options = list(_options(answers, speaking))
    found: list[Change] = []
    for together in (1, 2, 3) if answers else (1,):
        missing = frameworks().keys() - {now} - {change.recommendation for change in found}
        if missing:
            most = None if together == 1 else MOST_TOGETHER
            found += _changes(options, together, _Scales(answers, speaking, missing), most)
    return tuple(found)


def settling_question(answers: Answers, rules: Iterable[Rule]) -> str | None:
    """The key of the open question whose answers lead furthest apart, if any does.

    Args:
        answers: keys and values, as `check_answers` returns them.
        rules: what counts, in any order.
    """
    speaking = [rule for rule in rules if not rule.is_caution]
    now = leader(points(answers, speaking))
    best, most = None, 0
    for question in questions():
        if question.key in answers or not is_askable(question, answers):
            continue
        leaders = {
            leader(points({**answers, question.key: value.name}, speaking))
            for value in question.values
        }
        news = len(leaders - {now, None})
        if news > most:
            best, most = question.key, news
    return best


def _options(answers: Answers, rules: Sequence[Rule]) -> Iterator[Option]:
    """What could be answered as well, then what could be answered instead."""
    asked = questions() if answers else questions()[:1]
    as_well = [each for each in asked if each.key not in answers]
    instead = [each for each in reversed(asked) if each.key in answers]
    for question in (*as_well, *instead):
        for value in question.values:
            option = (question.key, value.name)
            if answers.get(question.key) != value.name and _counts(option, answers, rules):
                yield option


def _counts(option: Option, answers: Answers, rules: Iterable[Rule]) -> bool:
    key, value = option
    return key in answers or any(value in rule.when.get(key, ()) for rule in rules)


def _changes(
    options: Sequence[Option], together: int, scales: "_Scales", most: int | None
) -> Iterator[Change]:
    """The changes of so many answers that tip the scales, at most so many for a framework."""
    found: Counter[str | None] = Counter()
    for group in combinations(options, together):
        if most and all(found[framework] >= most for framework in scales.gaps):
            return
        change = dict(group)
        if len(change) < together or not scales.could_tip(group):
            continue
        then = leader(scales.points_with(change))
        is_wanted = then in scales.gaps and (most is None or found[then] < most)
        if then and is_wanted and _can_be_said(change, scales.answers):
            found[then] += 1
            yield Change(change, then)


class _Scales:
    """Weighs many changes of the same answers, each of them quickly.

    Most cannot be enough, which `could_tip` tells without weighing: a framework
    that is behind needs as many points as it is behind by, from what the new
    answers bring to it and from what the old ones no longer bring to others.
    """

    def __init__(self, answers: Answers, rules: Sequence[Rule], wanted: Iterable[str]) -> None:
        self.answers = answers
        self.rules = rules
        self.met = [rule for rule in rules if is_met(rule.when, what_counts(answers))]
        self.total = points(answers, self.met)
        most = max(self.total.values())
        self.gaps = {framework: most - self.total[framework] for framework in wanted}
        self.naming: dict[Option, list[Rule]] = {}
        self.brought: dict[Option, dict[str, int]] = {}

    def could_tip(self, group: Iterable[Option]) -> bool:
        """Whether these answers might be enough for one of the wanted frameworks."""
        brought = [self._brings(option) for option in group]
        return any(
            sum(each[framework] for each in brought) >= gap for framework, gap in self.gaps.items()
        )

    def points_with(self, change: Answers) -> dict[str, int]:
        """The points with this change: only the rules on what is changed are asked again."""
        options = {each for option in change.items() for each in self._moved_by(option)}
        keys = {key for key, _ in options}
        touched = [rule for rule in self.met if not keys.isdisjoint(rule.when)]
        asked = {rule.id: rule for option in options for rule in self._naming(option)}
        before = points(self.answers, touched)
        after = points({**self.answers, **change}, asked.values())
        return {each: self.total[each] - before[each] + after[each] for each in self.total}

    def _naming(self, option: Option) -> list[Rule]:
        if option not in self.naming:
            key, value = option
            self.naming[option] = [rule for rule in self.rules if value in rule.when.get(key, ())]
        return self.naming[option]

    def _moved_by(self, option: Option) -> list[Option]:
        """The option, and what was answered that may count or not count because of it."""
        opened = [
            question.key
            for question in questions()
            if any(option[0] in condition for condition in question.asked_when)
        ]
        return [option, *((key, self.answers[key]) for key in opened if key in self.answers)]

    def _brings(self, option: Option) -> dict[str, int]:
        if option not in self.brought:
            moved = self._moved_by(option)
            keys = {key for key, _ in moved}
            gained = [rule for each in moved for rule in self._naming(each)]
            lost = [rule for rule in self.met if not keys.isdisjoint(rule.when)]
            self.brought[option] = {
                framework: sum(rule.points for rule in gained if rule.framework == framework)
                + sum(rule.points for rule in lost if rule.framework != framework)
                for framework in self.gaps
            }
        return self.brought[option]


def _can_be_said(change: Answers, answers: Answers) -> bool:
    """Whether each of these questions was answered, or could be asked."""
    changed = {**answers, **change}
    known: dict[str, Question] = {question.key: question for question in questions()}
    return all(key in answers or is_askable(known[key], changed) for key in change)
