"""The argument as Markdown, for a team to keep with its decisions."""

from collections.abc import Iterable, Iterator

from headstart.advice import Advice, Standing
from headstart.argument import words
from headstart.knowledge import frameworks
from headstart.knowledge.model import Answers, Disagreement, Rule


def as_markdown(advice: Advice, command: str) -> str:
    """The argument as a record of the decision.

    Args:
        advice: what to put into words.
        command: what makes the project that was decided on.
    """
    first = advice.ranking[0]
    name = frameworks()[advice.recommendation] if advice.recommendation else "undecided"
    blocks = [
        f"# Web framework: {name}",
        " ".join(filter(None, _verdict(advice))),
        *_section("What is to be built", _answers(advice)),
        *_section("How they stand", _table(("framework", "points"), _standings(advice))),
        *(_case(first, f"Why {name}") if advice.recommendation else ()),
        *_section("Against it", _against(advice)),
        *(block for each in _others(advice) for block in _case(each, _not(each, advice))),
        *_section("What would change it", _items(words.changes(advice.would_change))),
        *(block for each in advice.disagreements for block in _dispute(each)),
        *_section("What the project comes with", _features(advice, command)),
        *_section("The documents", _items(f"{number}: {says}" for number, says in _used(advice))),
    ]
    return "\n\n".join(blocks) + "\n"


def _verdict(advice: Advice) -> list[str]:
    settle = words.what_would_settle_it(advice)
    return [words.headline(advice), settle, *words.left_out(advice)]


def _section(title: str, body: str) -> list[str]:
    return [f"## {title}", body] if body else []


def _answers(advice: Advice) -> str:
    rows = []
    for key, value in advice.answers.items():
        question = words.question(key)
        rows.append((question.ask, question.value(value).label, f"`{key}={value}`"))
    return _table(("question", "answer", "as an option"), rows) if rows else ""


def _standings(advice: Advice) -> Iterator[tuple[str, ...]]:
    for each in advice.ranking:
        yield frameworks()[each.framework], str(each.points)


def _case(standing: Standing, title: str) -> list[str]:
    rows = [
        (str(each.rule.points), each.rule.because, _code(each.answers), _place(each.rule))
        for each in standing.reasons
    ]
    cautions = _items(f"But: {rule.because} ({_place(rule)})" for rule in standing.cautions)
    reasons = _table(("points", "reason", "because of", "source"), rows) if rows else ""
    body = "\n\n".join(filter(None, [reasons, cautions]))
    return _section(title, body)


def _others(advice: Advice) -> tuple[Standing, ...]:
    return advice.ranking[1:] if advice.recommendation else advice.ranking


def _not(standing: Standing, advice: Advice) -> str:
    if not advice.recommendation:
        return f"What speaks for {frameworks()[standing.framework]}"
    return words.why_not(advice, [standing])[0].partition(".")[0]


def _against(advice: Advice) -> str:
    rule = advice.strongest_against
    return f"{rule.because} ({_place(rule)})" if rule else ""


def _dispute(disagreement: Disagreement) -> list[str]:
    rows = [
        (frameworks()[rule.framework], rule.because, _place(rule))
        for rule in disagreement.positions
    ]
    title = f"Where the documents disagree: {disagreement.title}"
    return _section(title, _table(("for", "because", "source"), rows))


def _features(advice: Advice, command: str) -> str:
    return f"Features: {', '.join(advice.features)}.\n\n```\n{command}\n```"


def _used(advice: Advice) -> list[tuple[str, str]]:
    rules = [reason.rule for each in advice.ranking for reason in each.reasons]
    rules += [rule for each in advice.ranking for rule in each.cautions]
    rules += [rule for each in advice.disagreements for rule in each.positions]
    used = {words.number(rule) for rule in rules}
    return [(number, title) for number, title in words.titles().items() if number in used]


def _place(rule: Rule) -> str:
    return f"{words.number(rule)}, {rule.section}"


def _code(answers: Answers) -> str:
    return ", ".join(f"`{key}={value}`" for key, value in answers.items())


def _items(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
