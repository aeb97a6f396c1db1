"""The features of a draft: which would be built, why, and what a person decides by hand.

What was decided by hand is kept in the draft as the difference to what the answers
pre-select, so that later answers still have their say about everything else.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from headstart.errors import WrongInput
from headstart.interview.draft import Draft
from headstart.knowledge import Feature, features, questions
from headstart.knowledge.model import Answers, Condition, is_met
from headstart.knowledge.selection import choose_features, preselected, with_settled


def features_of(draft: Draft) -> tuple[str, ...]:
    """The features that would be built."""
    draft = reconciled(draft)
    return choose_features(preselected(draft.answers), draft.with_features, draft.without_features)


def reconciled(draft: Draft) -> Draft:
    """The draft without those of its wishes to leave something out that the answers rule out."""
    unwanted = draft.without_features
    for number in range(len(unwanted), 0, -1):
        for left_out in combinations(unwanted, number):
            if _go_together(draft, left_out):
                return replace(draft, without_features=left_out)
    return replace(draft, without_features=())


def _go_together(draft: Draft, left_out: tuple[str, ...]) -> bool:
    try:
        choose_features(preselected(draft.answers), draft.with_features, left_out)
    except WrongInput:
        return False
    return True


def with_chosen(draft: Draft, chosen: tuple[str, ...]) -> Draft:
    """The draft with exactly these features.

    Args:
        draft: what is known so far.
        chosen: names that `problem_with` finds nothing wrong with.
    """
    if set(chosen) == set(features_of(draft)):
        return draft
    expected = preselected(draft.answers)
    return replace(
        draft,
        with_features=tuple(name for name in chosen if name not in expected),
        without_features=tuple(name for name in expected if name not in chosen),
    )


def problem_with(chosen: tuple[str, ...]) -> str | None:
    """What is wrong with exactly these features, in a sentence; nothing when they go together.

    Args:
        chosen: names of features.
    """
    others = [feature.name for feature in features() if feature.name not in chosen]
    try:
        choose_features((), chosen, others)
    except WrongInput as error:
        return error.message
    return None


def reasons(draft: Draft) -> Iterator[tuple[str, str]]:
    """Each feature that would be built, and in a few words why."""
    names = features_of(draft)
    for feature in features():
        if feature.name in names:
            yield feature.name, _why(feature, names, draft)


def _why(feature: Feature, names: tuple[str, ...], draft: Draft) -> str:
    if feature.name in draft.with_features:
        return "added"
    complete = with_settled(draft.answers, questions())
    for condition in feature.selected_by:
        if is_met(condition, complete):
            return " and ".join(_phrases(condition, draft.answers))
    needing = [
        each.name for each in features() if each.name in names and feature.name in each.implies
    ]
    return f"{needing[0]} needs it" if needing else "a project needs something to visit"


def _phrases(condition: Condition, answers: Answers) -> Iterator[str]:
    """What was said that meets a condition, be it in answer to something else."""
    known = {question.key: question for question in questions()}
    for key in condition:
        if key in answers:
            yield known[key].value(answers[key]).phrase
        else:
            complete = with_settled(answers, questions())
            settling = next(each for each in known[key].settled_by if is_met(each.when, complete))
            yield from _phrases(settling.when, answers)
