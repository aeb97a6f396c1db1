"""Which framework suits these answers: pure, and the same for every framework.

`advise` adds up the points of the rules whose answers were given, and gathers
what warns of each framework. What would change the outcome is found out by
asking again with other answers, in `headstart.changes`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from headstart.changes import Change, settling_question, smallest_changes
from headstart.knowledge import disagreements, frameworks
from headstart.knowledge.model import Answers, Disagreement, Rule, is_met
from headstart.knowledge.selection import preselected
from headstart.weighing import leader, points, what_counts

__all__ = [
    "Advice",
    "Change",
    "Reason",
    "Standing",
    "advise",
    "leader",
    "points",
]

# A lead is clear when it is worth a need of its own, not lost in many points, and when
# the first has at least the points of a kind of project that it is chosen for.
CLEAR_POINTS = 5
CLEAR_LEAD = 3
CLEAR_SHARE = 0.3

# With fewer answers that say something, the advice is said to rest on little.
ENOUGH_ANSWERS = 2


@dataclass(frozen=True)
class Reason:
    """A rule that speaks for a framework, and the answers that made it count."""

    rule: Rule
    answers: Answers


@dataclass(frozen=True)
class Standing:
    """How one framework fares: its points, the reasons they add up from, cautions.

    The weightiest reasons come first, and the gravest cautions.
    """

    framework: str
    points: int
    reasons: tuple[Reason, ...]
    cautions: tuple[Rule, ...]


@dataclass(frozen=True)
class Advice:
    """The frameworks in order, why, and what would change it.

    `recommendation` is None for a tie, and when no answer speaks for any of
    them. `strongest_against` is the gravest caution against the recommended
    framework or, if there is none, the weightiest rule for the next one.
    `ask_next` is the key of the question that would settle most, where the
    advice rests on little or the lead is not clear. `features` are what the
    answers pre-select.
    """

    answers: Answers
    recommendation: str | None
    confidence: str
    ranking: tuple[Standing, ...]
    strongest_against: Rule | None
    would_change: tuple[Change, ...]
    disagreements: tuple[Disagreement, ...]
    features: tuple[str, ...]
    ask_next: str | None

    @property
    def tied(self) -> tuple[str, ...]:
        """The frameworks that share the first place, when more than one does."""
        most = self.ranking[0].points
        first = tuple(each.framework for each in self.ranking if each.points == most)
        return first if len(first) > 1 else ()

    @property
    def rests_on(self) -> frozenset[str]:
        """The keys of the answers that speak for whoever is in the first place."""
        first = [each for each in self.ranking if each.points == self.ranking[0].points]
        return frozenset(key for each in first for reason in each.reasons for key in reason.answers)

    @property
    def left_out(self) -> tuple[str, ...]:
        """The keys of the answers that do not count, because others rule them out."""
        return tuple(self.answers.keys() - what_counts(self.answers).keys())

    @property
    def is_thin(self) -> bool:
        """Whether too few answers say something."""
        return len(self.rests_on) < ENOUGH_ANSWERS


def advise(answers: Answers, rules: Sequence[Rule]) -> Advice:
    """The advice for these answers.

    Args:
        answers: keys and values, as `check_answers` returns them.
        rules: what counts, in any order.
    """
    ranking = _ranking(answers, rules)
    first, second = ranking[:2]
    recommendation = leader(points(answers, rules))
    confidence = _confidence(first.points, second.points)
    advice = Advice(
        answers=dict(answers),
        recommendation=recommendation,
        confidence=confidence,
        ranking=ranking,
        strongest_against=_strongest_against(first, second) if recommendation else None,
        would_change=smallest_changes(answers, rules),
        disagreements=tuple(each for each in disagreements() if is_met(each.when, answers)),
        features=preselected(answers),
        ask_next=settling_question(answers, rules),
    )
    settled = confidence == "clear" and not advice.is_thin
    return replace(advice, ask_next=None) if settled else advice


def _ranking(answers: Answers, rules: Iterable[Rule]) -> tuple[Standing, ...]:
    answers = what_counts(answers)
    counted = sorted(
        (rule for rule in rules if is_met(rule.when, answers)),
        key=lambda rule: (-rule.points, -rule.gravity, -len(rule.when), rule.id),
    )
    standings = []
    for framework in frameworks():
        own = [rule for rule in counted if rule.framework == framework]
        # Two that warn of the same in the same words are one warning.
        warnings = {rule.because: rule for rule in reversed(own) if rule.is_caution}
        cautions = tuple(reversed(warnings.values()))
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
    is_clear = first >= CLEAR_POINTS and lead >= max(CLEAR_LEAD, CLEAR_SHARE * first)
    return "clear" if is_clear else "close"


def _strongest_against(first: Standing, second: Standing) -> Rule | None:
    if first.cautions:
        return first.cautions[0]
    return second.reasons[0].rule if second.reasons else None
