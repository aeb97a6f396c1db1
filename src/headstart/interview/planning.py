"""Which question comes next, and why there is none any more. No terminal needed."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum

from headstart.advice import leader, points
from headstart.interview.draft import Draft
from headstart.knowledge import Question, Rule, features, questions, rules
from headstart.knowledge.model import Answers, is_askable, settlement

MOST_QUESTIONS = 6  # of advice; with the name and the summary that makes eight
FAR_BEHIND = 4  # so many points behind, a rival counts half

Outcome = tuple[float, dict[str, int]]


class Stop(Enum):
    """Why nothing more is asked, in the words for the summary."""

    DECIDED = "No more was asked, because the framework is decided."
    NOTHING_LEFT = "Nothing else that could be asked would change this."
    ENOUGH_ASKED = "That is enough questions; answers to the others could still change this."
    ENOUGH_SAID = "You said that it is enough; more answers could still change this."


def next_question(draft: Draft, asked: AbstractSet[str] = frozenset()) -> Question | None:
    """The question that tells the frameworks apart best, given what is known.

    That is the one whose answers, each as likely as the others, spread the lead over
    the rivals most; `_spread` says how. So what decides comes early: for a tool the
    admin panel, for an API its size, for a project to learn from what it is to teach.
    Of those that could not change who leads, even with all others, none is asked.

    Args:
        draft: what is known so far.
        asked: the keys of what was asked before, whether it was answered or not.

    Returns:
        None when there is a reason to stop.
    """
    found = _plan(draft, asked)
    return None if isinstance(found, Stop) else found


def why_stop(draft: Draft, asked: AbstractSet[str] = frozenset()) -> Stop | None:
    """Why there is no further question.

    `NOTHING_LEFT` is a promise: however all the questions that were not asked were
    answered, together or alone, the same framework would lead, and the features
    that there are would be the same.

    Args:
        draft: what is known so far.
        asked: the keys of what was asked before, whether it was answered or not.

    Returns:
        None when there is one.
    """
    found = _plan(draft, asked)
    return found if isinstance(found, Stop) else None


def _plan(draft: Draft, asked: AbstractSet[str]) -> Question | Stop:
    if draft.framework:
        return Stop.DECIDED
    known = draft.answers
    unknown = [each for each in questions() if each.key not in known and each.key not in asked]
    others = [each for each in unknown if _may_come_up(each, known, unknown)]
    open_now = [each for each in others if is_askable(each, known)]
    if not _useful(open_now, others, known, len(others)):
        return Stop.NOTHING_LEFT
    useful = _useful(open_now, others, known, MOST_QUESTIONS - len(asked))
    if not useful:
        return Stop.ENOUGH_ASKED
    return max(useful, key=lambda each: _spread(each, known, others))


def _may_come_up(question: Question, known: Answers, unknown: Sequence[Question]) -> bool:
    """Whether it can be asked now, or could after other answers."""
    keys = {each.key for each in unknown}
    return settlement(question, known) is None and (
        not question.asked_when
        or any(
            all(
                known[key] in values if key in known else key in keys for key, values in row.items()
            )
            for row in question.asked_when
        )
    )


def _useful(
    open_now: Sequence[Question], others: Sequence[Question], known: Answers, left: int
) -> list[Question]:
    """Those that could change the advice within so many questions, or select a feature."""
    if left <= 0:
        return []
    changing = set(_changing(open_now, others, known, left))
    return [each for each in open_now if each.key in changing or _selects_a_feature(each)]


def _changing(
    open_now: Sequence[Question], others: Sequence[Question], known: Answers, left: int
) -> Iterator[str]:
    """The keys of those with which another framework could catch up with the leader."""
    total = points(known, rules())
    first = leader(total)
    for rival in total.keys() - {first}:
        gains = {each.key: _most_gained(each, rival, first, known) for each in others}
        lead = max(total.values()) - total[rival]
        for question in open_now:
            opened = [each for each in others if _opens(question, each)]
            own = gains[question.key]
            rest = sorted((gains[each] for each in gains if each != question.key), reverse=True)
            helps = own or any(gains[each.key] for each in opened)
            if helps and own + sum(rest[: left - 1]) >= lead:
                yield question.key


def _most_gained(question: Question, rival: str, first: str | None, known: Answers) -> int:
    """The most points by which one answer could bring a rival nearer, were all others to help."""

    def may_count(rule: Rule, value: str) -> bool:
        return value in rule.when.get(question.key, ()) and all(
            known[key] in values for key, values in rule.when.items() if key in known
        )

    def counts(rule: Rule, value: str) -> bool:
        return may_count(rule, value) and rule.when.keys() <= {*known, question.key}

    nearer = [
        sum(rule.points for rule in rules() if rule.framework == rival and may_count(rule, name))
        - sum(rule.points for rule in rules() if rule.framework == first and counts(rule, name))
        for name in (value.name for value in question.values)
    ]
    return max(0, *nearer)


def _opens(question: Question, other: Question) -> bool:
    return any(question.key in condition for condition in other.asked_when)


def _spread(question: Question, known: Answers, others: Sequence[Question]) -> float:
    """How widely the answers would spread the leader's lead over each rival.

    It is the variance of that lead, with every answer as likely as the others, and an
    answer that opens a further question divided among the answers to that one. A
    rival that is far behind counts less than one that is close.
    """
    total = points(known, rules())
    first, *rivals = sorted(total, key=lambda framework: -total[framework])
    outcomes = list(_outcomes(question, known, others))

    def variance(rival: str) -> float:
        leads = [(share, then[first] - then[rival]) for share, then in outcomes]
        mean = sum(share * lead for share, lead in leads)
        return sum(share * (lead - mean) ** 2 for share, lead in leads)

    return sum(variance(each) / (1 + (total[first] - total[each]) / FAR_BEHIND) for each in rivals)


def _outcomes(question: Question, known: Answers, others: Sequence[Question]) -> Iterator[Outcome]:
    """The points after each answer, with that answer's share of the probability."""
    share = 1 / len(question.values)
    for value in question.values:
        then = {**known, question.key: value.name}
        opened = [
            {**then, each.key: further.name}
            for each in others
            if is_askable(each, then) and not is_askable(each, known)
            for further in each.values
        ]
        for answers in opened or [then]:
            yield share / len(opened or [then]), points(answers, rules())


def _selects_a_feature(question: Question) -> bool:
    """Whether a feature hangs on it, or on one that it settles."""
    return question.key in _selecting_keys()


def _selecting_keys() -> frozenset[str]:
    asked = {
        key for feature in features() for condition in feature.selected_by for key in condition
    }
    settling = {
        key
        for question in questions()
        if question.key in asked
        for each in question.settled_by
        for key in each.when
    }
    return frozenset(asked | settling)
