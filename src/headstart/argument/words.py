"""The sentences that every form of the argument is made of."""

from collections.abc import Iterable, Mapping, Sequence

from headstart.advice import Advice, Standing
from headstart.changes import Change
from headstart.knowledge import frameworks, questions, sources
from headstart.knowledge.model import Answers, Disagreement, Fallback, Question, Rule


def headline(advice: Advice) -> str:
    """The advice in one sentence."""
    if advice.recommendation:
        name = frameworks()[advice.recommendation]
        if advice.confidence == "clear":
            return f"{name} fits best, by a clear lead."
        return f"{name} fits best, but it is close."
    if not advice.answers:
        return "Nothing can be advised without an answer."
    if not advice.rests_on:
        return "These answers suit all three alike."
    tied = [frameworks()[framework] for framework in advice.tied]
    return f"{listed(tied)} are equal on these answers."


def what_would_settle_it(advice: Advice) -> str:
    """How much the advice rests on, and what to answer next; nothing if that is enough."""
    rests = "It rests on one answer. " if len(advice.rests_on) == 1 else ""
    if advice.ask_next:
        first = "This would settle most:" if advice.answers else "First:"
        return f"{rests}{first} {question(advice.ask_next).ask} (`{advice.ask_next}`)"
    if advice.tied and advice.rests_on:
        return "No open question would settle it: choose one of them, or change an answer."
    return f"{rests}No single further one would change it." if rests else ""


def next_ones(advice: Advice) -> list[Standing]:
    """Those in the second place: more than one, when they are equal."""
    return [each for each in advice.ranking[1:] if each.points == advice.ranking[1].points]


def why_not(advice: Advice, standings: Sequence[Standing]) -> tuple[str, Rule | None]:
    """Why it is not these, which are equal: a sentence, and the rule that it rests on.

    Args:
        advice: with a recommendation.
        standings: one or more that have the same points.
    """
    standing, *others = standings
    names = " or ".join(frameworks()[each.framework] for each in standings)
    if not standing.points:
        either = "either" if others else "it"
        return f"Not {names}: nothing in the answers speaks for {either}.", None
    behind = advice.ranking[0].points - standing.points
    who = "both are" if others else "it is"
    told = f"Not {names}: {who} {behind} point{'' if behind == 1 else 's'} behind."
    strongest = None if others else _strongest(standing)
    if strongest is None or strongest.because == getattr(advice.strongest_against, "because", ""):
        return told, None
    most = "" if strongest.is_caution else "The most for it: "
    return f"{told} {most}{strongest.because}", strongest


def _strongest(standing: Standing) -> Rule:
    return standing.cautions[0] if standing.cautions else standing.reasons[0].rule


def changes(found: Iterable[Change], most: int | None = None) -> list[str]:
    """One sentence for each framework that other answers would lead to.

    Args:
        found: what would change the advice.
        most: how many ways there are told for each framework; all, unless given.
    """
    phrases: dict[str, list[str]] = {}
    for change in found:
        phrases.setdefault(change.recommendation, []).append(phrase(change.answers))
    return [
        f"{frameworks()[framework]}, if {', or if '.join(each[:most])}."
        for framework, each in phrases.items()
    ]


def dispute(disagreement: Disagreement) -> str:
    """Which document says what, where they disagree."""
    numbers: dict[str, set[str]] = {}
    for rule in disagreement.positions:
        numbers.setdefault(rule.framework, set()).add(number(rule))
    told = "; ".join(
        f"{_side(disagreement, framework)} ({listed(sorted(each))})"
        for framework, each in numbers.items()
    )
    return f"The documents disagree on {disagreement.title}: {told}."


def _side(disagreement: Disagreement, framework: str) -> str:
    said = disagreement.sides.get(framework)
    return f"{frameworks()[framework]} for {said}" if said else frameworks()[framework]


def left_out(advice: Advice) -> list[str]:
    """One sentence for each answer that does not count."""
    return [f"`{key}` does not count: other answers rule it out." for key in advice.left_out]


def phrase(answers: Answers) -> str:
    """Answers as one says them: `it stays small and you need no admin panel`."""
    return " and ".join(question(key).value(value).phrase for key, value in answers.items())


def pairs(answers: Answers) -> str:
    """Answers as one types them: `kind=shop, size=small`."""
    return ", ".join(f"{key}={value}" for key, value in answers.items())


def question(key: str) -> Question:
    """The question with this key."""
    return next(each for each in questions() if each.key == key)


def number(rule: Rule | Fallback) -> str:
    """The number that the name of the rule's document begins with."""
    return rule.document.partition("_")[0]


def source(rule: Rule | Fallback) -> dict[str, str]:
    """Where a rule was read: the document and the section."""
    return {"document": rule.document, "section": rule.section}


def titles() -> Mapping[str, str]:
    """The titles of the documents by their numbers."""
    return {each.document.partition("_")[0]: each.title for each in sources()}


def listed(names: list[str]) -> str:
    """`A`, `A and B`, or `A, B and C`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
