"""What the knowledge consists of: questions, rules, documents and features.

Everything here is a frozen record of one row in a TOML file next to it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Answers = Mapping[str, str]
Condition = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Value:
    """One possible answer: its name, the line in a list, and `..., if <phrase>`."""

    name: str
    label: str
    phrase: str


@dataclass(frozen=True)
class Settlement:
    """The value that a question has without being asked, once `when` is met."""

    when: Condition
    value: str


@dataclass(frozen=True)
class Question:
    """One thing that a person can be asked, with the values that answer it."""

    key: str
    ask: str
    values: tuple[Value, ...]
    asked_when: tuple[Condition, ...] = ()
    settled_by: tuple[Settlement, ...] = ()

    def value(self, name: str) -> Value:
        """The value called `name`; KeyError when the question has none such."""
        for value in self.values:
            if value.name == name:
                return value
        raise KeyError(name)


@dataclass(frozen=True)
class Source:
    """One document, and for each section the words by which it is found."""

    document: str
    title: str
    sections: Mapping[str, str]


@dataclass(frozen=True)
class Rule:
    """One sentence of guidance about a framework, and where it was read.

    A rule with points speaks for the framework when its answers are given; one
    without is a caution, and its gravity says how much it weighs against others.
    """

    id: str
    framework: str
    when: Condition
    because: str
    document: str
    section: str
    points: int = 0
    gravity: int = 0

    @property
    def is_caution(self) -> bool:
        """Whether it warns of the framework instead of speaking for it."""
        return self.points == 0


@dataclass(frozen=True)
class Disagreement:
    """A question on which documents say different things, and the rules that do.

    `sides` says, where that is possible, what of it each framework is said to suit.
    """

    id: str
    title: str
    question: str
    when: Condition
    positions: tuple[Rule, ...]
    sides: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fallback:
    """The framework to begin with when no answer speaks for any of them."""

    framework: str
    because: str
    document: str
    section: str


@dataclass(frozen=True)
class Feature:
    """What a project can come with, and the answers that pre-select it."""

    name: str
    title: str
    adds: str
    implies: tuple[str, ...] = ()
    selected_by: tuple[Condition, ...] = ()
    when_none_of: tuple[str, ...] = ()


def is_met(condition: Condition, answers: Answers) -> bool:
    """Whether every key of the condition is answered with one of its values."""
    return all(answers.get(key) in values for key, values in condition.items())


def is_any_met(conditions: Iterable[Condition], answers: Answers) -> bool:
    """Whether at least one of the conditions is met."""
    return any(is_met(condition, answers) for condition in conditions)


def settlement(question: Question, answers: Answers) -> str | None:
    """The value that the answers settle the question with, if they do."""
    for each in question.settled_by:
        if is_met(each.when, answers):
            return each.value
    return None


def is_moot(question: Question, answers: Answers) -> bool:
    """Whether other answers rule out that the question is ever asked.

    Answers that were not given rule out nothing.
    """
    return bool(question.asked_when) and all(
        any(key in answers and answers[key] not in values for key, values in condition.items())
        for condition in question.asked_when
    )


def is_askable(question: Question, answers: Answers) -> bool:
    """Whether it makes sense to ask the question, given the answers."""
    if question.asked_when and not is_any_met(question.asked_when, answers):
        return False
    return settlement(question, answers) is None
