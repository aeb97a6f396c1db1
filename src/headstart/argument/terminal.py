"""The advice in words for a person, and as data for a program.

Nothing is printed here: `argument` returns pieces of text with the name of a
style, and the words alone, without colour, say everything.
"""

from collections.abc import Iterable, Iterator
from itertools import product
from textwrap import wrap

from headstart.advice import Advice, Change, Standing
from headstart.knowledge import frameworks, questions
from headstart.knowledge.model import Disagreement, Fallback, Rule

Fragment = tuple[str, str]

WIDTH = 80
BAR = 40
MOST_REASONS = 3
CHANGES = 2


def argument(advice: Advice, height: int = 24) -> list[Fragment]:
    """The advice for a screen of 80 columns.

    Args:
        advice: what to put into words.
        height: how many lines there are; reasons are counted instead of spelled
            out, and empty lines left out, until it fits.

    Returns:
        Styles (`title`, `strong`, `dim`, `caution` or none) and text, line ends included.
    """
    lines: list[Fragment] = []
    for most, airy in product(range(MOST_REASONS, 0, -1), (True, False)):
        lines = _lines(advice, most, airy)
        if len(lines) < height:
            break
    return lines


def _lines(advice: Advice, most: int, airy: bool) -> list[Fragment]:
    blocks = (
        [("title", headline(advice))],
        _bars(advice),
        _for_the_leader(advice, most),
        _alternatives(advice.would_change),
        [*_disputes(advice.disagreements), *_features(advice)],
    )
    lines: list[Fragment] = []
    for block in blocks:
        wrapped = [
            (style, f"{line}\n")
            for style, text in block
            for line in wrap(text, WIDTH - 1, subsequent_indent=_indent(text))
        ]
        lines += [("", "\n")] if airy and lines and wrapped else []
        lines += wrapped
    return lines


def plain(fragments: Iterable[Fragment]) -> str:
    """The text of the fragments, without their styles."""
    return "".join(text for _, text in fragments)


def headline(advice: Advice) -> str:
    """The advice in one sentence."""
    if advice.recommendation:
        name = frameworks()[advice.recommendation]
        if advice.confidence == "clear":
            return f"{name} fits best, by a clear lead."
        return f"{name} fits best, but it is close."
    if not advice.answers:
        return f"Nothing can be advised without an answer. First: {_ask(advice.ask_first)}"
    if advice.ask_first:
        return "These answers suit all three alike. More of them would decide it."
    tied = [frameworks()[framework] for framework in advice.tied]
    return f"{_listed(tied)} are equal on these answers. One more would decide it."


def as_json(advice: Advice) -> dict[str, object]:
    """The advice as the object that `--json` prints, but for its `command`.

    `unavailable` is only there when the answers ask for features that no
    template has yet.
    """
    table: dict[str, object] = {
        "recommendation": advice.recommendation,
        "confidence": advice.confidence,
        "ranking": [_standing(each) for each in advice.ranking],
        "would_change": [
            {"answers": dict(each.answers), "recommendation": each.recommendation}
            for each in advice.would_change
        ],
        "disagreements": [
            {
                "question": each.question,
                "positions": [
                    {"framework": rule.framework, "source": source(rule)} for rule in each.positions
                ],
            }
            for each in advice.disagreements
        ],
        "features": list(advice.features),
    }
    return {**table, "unavailable": list(advice.unavailable)} if advice.unavailable else table


def source(rule: Rule | Fallback) -> dict[str, str]:
    """Where a rule was read, as it is in JSON."""
    return {"document": rule.document, "section": rule.section}


def _standing(standing: Standing) -> dict[str, object]:
    return {
        "framework": standing.framework,
        "points": standing.points,
        "reasons": [
            {
                "rule": reason.rule.id,
                "because": reason.rule.because,
                "points": reason.rule.points,
                "answers": dict(reason.answers),
                "source": source(reason.rule),
            }
            for reason in standing.reasons
        ],
        "cautions": [
            {"rule": rule.id, "because": rule.because, "source": source(rule)}
            for rule in standing.cautions
        ],
    }


def _bars(advice: Advice) -> Iterator[Fragment]:
    most = advice.ranking[0].points
    for each in advice.ranking if most else ():
        bar = "#" * round(BAR * each.points / most)
        style = "strong" if each.points == most else "dim"
        yield style, f"  {frameworks()[each.framework]:<8}{each.points:>3}  {bar}".rstrip()


def _for_the_leader(advice: Advice, most: int) -> Iterator[Fragment]:
    if not advice.recommendation:
        return
    first = advice.ranking[0]
    yield "strong", f"Why {frameworks()[first.framework]}"
    counted = [reason.rule for reason in first.reasons]
    for rule in counted[:most]:
        yield "", f"  +{rule.points}  {rule.because}"
        yield "dim", f"      {_number(rule)}, {rule.section}"
    rest = counted[most:]
    if rest:
        yield "dim", f"  +{sum(rule.points for rule in rest)}  from {len(rest)} more"
    for rule in first.cautions[:most]:
        yield "caution", f"  but {rule.because} ({_number(rule)})"


def _alternatives(changes: Iterable[Change]) -> Iterator[Fragment]:
    phrases: dict[str, list[str]] = {}
    for change in changes:
        phrases.setdefault(change.recommendation, []).append(_phrase(change))
    for framework, each in phrases.items():
        yield "", f"{frameworks()[framework]}, if {', or if '.join(each[:CHANGES])}."


def _disputes(disagreements: Iterable[Disagreement]) -> Iterator[Fragment]:
    for each in disagreements:
        sides: dict[str, list[str]] = {}
        for rule in each.positions:
            sides.setdefault(rule.framework, []).append(_number(rule))
        told = ", ".join(
            f"{frameworks()[framework]} ({' and '.join(sorted(set(numbers)))})"
            for framework, numbers in sides.items()
        )
        yield "caution", f"The documents disagree on {each.title}: {told}."


def _features(advice: Advice) -> Iterator[Fragment]:
    later = f" Not available yet: {', '.join(advice.unavailable)}." if advice.unavailable else ""
    yield "dim", f"Features: {', '.join(advice.features)}.{later}"


def _phrase(change: Change) -> str:
    known = {question.key: question for question in questions()}
    return " and ".join(known[key].value(value).phrase for key, value in change.answers.items())


def _ask(key: str | None) -> str:
    return next((question.ask for question in questions() if question.key == key), "")


def _number(rule: Rule) -> str:
    return rule.document.partition("_")[0]


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]])


def _indent(text: str) -> str:
    return " " * (len(text) - len(text.lstrip()) + 4) if text.startswith(" ") else "  "
