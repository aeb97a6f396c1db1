"""Which question comes next, and when there is nothing left to ask. No terminal needed."""

from collections.abc import Set as AbstractSet

from headstart.advice import leader, points
from headstart.interview.draft import Draft
from headstart.knowledge import Question, Rule, features, questions, rules
from headstart.knowledge.model import Answers, is_askable

MOST_QUESTIONS = 6  # of advice; with the name and the summary that makes eight


def next_question(draft: Draft, asked: AbstractSet[str] = frozenset()) -> Question | None:
    """The question that tells the frameworks apart best, given what is known.

    Args:
        draft: what is known so far.
        asked: the keys of what was asked before, whether it was answered or not.

    Returns:
        None when the framework is decided, enough was asked, or no question is
        left that could change the advice or pre-select a feature.
    """
    left = MOST_QUESTIONS - len(asked)
    if draft.framework or left <= 0:
        return None
    known = draft.answers
    others = [each for each in questions() if each.key not in known and each.key not in asked]
    useful = [
        each
        for each in others
        if is_askable(each, known)
        and (_selects_a_feature(each) or _can_change(each, others, known, left))
    ]
    return max(useful, key=lambda each: _reach(each, known, others), default=None)


def _reach(question: Question, known: Answers, others: list[Question]) -> int:
    """How far its answers can move the frameworks, with those of questions they open."""
    outcomes = [points(known, rules())]
    opened = [each for each in others if not is_askable(each, known)]
    for value in question.values:
        then = {**known, question.key: value.name}
        outcomes.append(points(then, rules()))
        for each in opened:
            if is_askable(each, then):
                outcomes += [
                    points({**then, each.key: further.name}, rules()) for further in each.values
                ]
    return sum(
        max(each[framework] for each in outcomes) - min(each[framework] for each in outcomes)
        for framework in outcomes[0]
    )


def _can_change(question: Question, others: list[Question], known: Answers, left: int) -> bool:
    """Whether another framework could lead if this and the next answers favoured it."""
    total = points(known, rules())
    first = leader(total)
    for framework in total.keys() - {first}:
        own = _most_gained(question, framework, known)
        most = [_most_gained(each, framework, known) for each in others if each is not question]
        next_ones = sum(sorted(most, reverse=True)[: left - 1])
        if own and own + next_ones >= max(total.values()) - total[framework]:
            return True
    return False


def _most_gained(question: Question, framework: str, known: Answers) -> int:
    """The most points that one answer could bring, were all others to help."""

    def could_count(rule: Rule, value: str) -> bool:
        return value in rule.when.get(question.key, ()) and all(
            known[key] in values for key, values in rule.when.items() if key in known
        )

    own = [rule for rule in rules() if rule.framework == framework]
    return max(
        sum(rule.points for rule in own if could_count(rule, value.name))
        for value in question.values
    )


def _selects_a_feature(question: Question) -> bool:
    return any(
        question.key in condition
        for feature in features()
        if feature.available
        for condition in feature.selected_by
    )
