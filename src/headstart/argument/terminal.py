"""The argument for a terminal: on one screen, or in full.

Both are pieces of text with the name of a style, and the words alone, without
colour, say everything.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import wrap

from headstart.advice import Advice, Reason, Standing
from headstart.argument import words
from headstart.knowledge import frameworks
from headstart.knowledge.model import Disagreement, Rule

Fragment = tuple[str, str]
Block = list[Fragment]

WIDTH = 80
BAR = 40


@dataclass(frozen=True)
class Detail:
    """How much is told: reasons, ways to change the advice, blank lines, the rest."""

    reasons: int | None
    changes: int | None = 2
    airy: bool = True
    why_not: bool = True
    disputes: bool = True
    features: bool = True


# What is left out first when a screen is small, and what last.
DETAILS = (
    Detail(3),
    Detail(2),
    Detail(3, airy=False),
    Detail(2, airy=False),
    Detail(2, changes=1, airy=False),
    Detail(1, changes=1, airy=False),
    Detail(1, changes=1, airy=False, disputes=False),
    Detail(1, changes=1, airy=False, disputes=False, why_not=False),
    Detail(0, changes=1, airy=False, disputes=False, why_not=False),
)


def argument(advice: Advice, height: int = 24, features: bool = True) -> list[Fragment]:
    """The advice for a screen of 80 columns.

    Args:
        advice: what to put into words.
        height: how many lines there are; what matters less is left out until it fits.
        features: whether to name the features that the answers pre-select.

    Returns:
        Styles (`title`, `strong`, `dim`, `caution` or none) and text, line ends included.
    """
    lines: list[Fragment] = []
    for detail in DETAILS:
        blocks = [
            _verdict(advice),
            _bars(advice),
            _why(advice, detail.reasons),
            _against(advice, detail.why_not),
            [("", text) for text in words.changes(advice.would_change, detail.changes)],
            [*_disputes(advice.disagreements, detail.disputes), *_features(advice, features)],
        ]
        lines = _laid_out(blocks, detail.airy)
        if len(lines) < height:
            break
    return lines


def full_argument(advice: Advice, features: bool = True) -> list[Fragment]:
    """All there is to say about the advice, on as many lines as it takes.

    Args:
        advice: what to put into words.
        features: whether to name the features that the answers pre-select.

    Returns:
        Styles and text, as `argument` does.
    """
    blocks = [_verdict(advice), [("", f"The answers: {words.pairs(advice.answers)}.")]]
    blocks += [_bars(advice), _against(advice, more=False)]
    blocks += [_case(standing) for standing in advice.ranking]
    would_change = [("", f"  {text}") for text in words.changes(advice.would_change)]
    blocks += [[("strong", "What would change it"), *would_change]] if would_change else []
    blocks += [_positions(each) for each in advice.disagreements]
    used = {words.number(rule) for standing in advice.ranking for rule in _rules(standing)}
    used |= {words.number(rule) for each in advice.disagreements for rule in each.positions}
    documents = [("dim", f"  {number}  {words.titles()[number]}") for number in sorted(used)]
    blocks += [[("strong", "The documents"), *documents]] if documents else []
    blocks += [list(_features(advice, features))]
    return _laid_out(blocks, airy=True)


def plain(fragments: Iterable[Fragment]) -> str:
    """The text of the fragments, without their styles."""
    return "".join(text for _, text in fragments)


def _laid_out(blocks: Iterable[Block], airy: bool) -> list[Fragment]:
    lines: list[Fragment] = []
    for block in blocks:
        wrapped = [
            (style, f"{line}\n")
            for style, text in block
            for line in wrap(
                text, WIDTH - 1, subsequent_indent=_indent(text), break_on_hyphens=False
            )
        ]
        lines += [("", "\n")] if airy and lines and wrapped else []
        lines += wrapped
    return lines


def _verdict(advice: Advice) -> Block:
    settle = words.what_would_settle_it(advice)
    told = [settle, *words.left_out(advice)]
    return [("title", words.headline(advice)), *(("", text) for text in told if text)]


def _bars(advice: Advice) -> Block:
    most = advice.ranking[0].points
    block = []
    for each in advice.ranking if most else ():
        bar = "#" * round(BAR * each.points / most)
        style = "strong" if each.points == most else "dim"
        line = f"  {frameworks()[each.framework]:<8}{each.points:>3}  {bar}"
        block.append((style, line.rstrip()))
    return block


def _why(advice: Advice, most: int | None) -> Block:
    if not advice.recommendation:
        return []
    first = advice.ranking[0]
    block = [("strong", f"Why {frameworks()[first.framework]}")]
    for reason in first.reasons[:most]:
        block += _reason(reason, words.number(reason.rule))
    rest = [reason.rule.points for reason in first.reasons[most:]]
    return [*block, ("dim", f"  +{sum(rest)}  from {len(rest)} more")] if rest else block


def _reason(reason: Reason, where: str) -> Block:
    return [
        ("", f"{f'+{reason.rule.points}':>4}  {reason.rule.because}"),
        ("dim", f"      {words.pairs(reason.answers)} ({where})"),
    ]


def _against(advice: Advice, more: bool) -> Block:
    block: Block = []
    if rule := advice.strongest_against:
        block.append(("caution", f"Against it: {rule.because} ({words.number(rule)})"))
    if advice.recommendation and more:
        why, rested_on = words.why_not(advice, words.next_ones(advice))
        block.append(("", f"{why} ({words.number(rested_on)})" if rested_on else why))
    return block


def _disputes(disagreements: Iterable[Disagreement], at_length: bool) -> Iterator[Fragment]:
    if at_length:
        for each in disagreements:
            yield "caution", words.dispute(each)
    elif titles := [each.title for each in disagreements]:
        yield "caution", f"The documents disagree on {words.listed(titles)}."


def _features(advice: Advice, wanted: bool) -> Iterator[Fragment]:
    if wanted:
        yield "dim", f"Features: {', '.join(advice.features)}."


def _case(standing: Standing) -> Block:
    block: Block = [("strong", f"{frameworks()[standing.framework]}: {standing.points}")]
    for reason in standing.reasons:
        block += _reason(reason, _place(reason.rule))
    for rule in standing.cautions:
        block += [("caution", f" but  {rule.because}"), ("dim", f"      ({_place(rule)})")]
    return block if len(block) > 1 else [*block, ("dim", "      The answers say nothing of it.")]


def _positions(disagreement: Disagreement) -> Block:
    block: Block = [("strong", f"Where the documents disagree: {disagreement.title}")]
    for rule in disagreement.positions:
        told = f"  {frameworks()[rule.framework]:<8}{rule.because}"
        block += [("", told), ("dim", f"          ({_place(rule)})")]
    return block


def _place(rule: Rule) -> str:
    return f"{words.number(rule)}, {rule.section}; {rule.id}"


def _rules(standing: Standing) -> list[Rule]:
    return [*(reason.rule for reason in standing.reasons), *standing.cautions]


def _indent(text: str) -> str:
    return " " * (len(text) - len(text.lstrip()) + 4) if text.startswith(" ") else "  "
