"""Which features do the answers ask for?

They are what the answers pre-select; a person can choose otherwise.
"""

from collections.abc import Iterable, Sequence

from headstart.knowledge import features, questions
from headstart.knowledge.model import Answers, Feature, Question, is_any_met, settlement


def wanted_features(answers: Answers) -> list[Feature]:
    """The features that the answers pre-select, with what those imply.

    Those that are not available yet are among them.
    """
    complete = with_settled(answers, questions())
    asked_for = [each for each in features() if is_any_met(each.selected_by, complete)]
    implied = {name for feature in asked_for for name in feature.implies}
    return completed([each for each in features() if each in asked_for or each.name in implied])


def completed(chosen: Sequence[Feature]) -> list[Feature]:
    """The features, and those that are needed because certain others are not there."""
    names = {feature.name for feature in chosen}
    return [
        each
        for each in features()
        if each in chosen or (each.when_none_of and names.isdisjoint(each.when_none_of))
    ]


def with_settled(answers: Answers, known: Iterable[Question]) -> dict[str, str]:
    """The answers, and the values that they settle; what was answered stays."""
    complete = dict(answers)
    for question in known:
        value = settlement(question, complete)
        if value is not None:
            complete.setdefault(question.key, value)
    return complete
