"""`headstart explain`: one rule of the advice, or the list of them all."""

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from headstart.commands.printing import print_json

if TYPE_CHECKING:
    from headstart.knowledge.model import Rule

WIDTH = 79
LABEL = 14
LONGEST_ECHO = 40
# Where a person goes who disagrees; the path within the repository.
RULES_FILE = "src/headstart/knowledge/rules.toml"


def _complete(
    context: click.Context, parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    from headstart.knowledge import rules

    return [
        CompletionItem(rule.id, help=rule.because) for rule in rules() if rule.id.startswith(begun)
    ]


@click.command()
@click.argument("rule", required=False, shell_complete=_complete)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def explain(rule: str | None, as_json: bool) -> None:
    """Explain a RULE of the advice: what it says, when, and where that was read.

    Without RULE, lists all of them.
    """
    if rule is None:
        _list_all(as_json)
        return
    found = _find(rule)
    if as_json:
        print_json(_as_object(found))
        return
    click.secho(found.id, bold=True)
    for label, text in _explained(found):
        lines = wrap(text, WIDTH - LABEL, break_on_hyphens=False)
        for first, line in zip([label, *[""] * len(lines)], lines, strict=False):
            click.echo(f"  {click.style(f'{first:<{LABEL - 2}}', bold=True)}{line}")


def _list_all(as_json: bool) -> None:
    from headstart.knowledge import frameworks, rules

    if as_json:
        print_json([_row(rule) for rule in rules()])
        return
    for framework, name in frameworks().items():
        click.secho(name, bold=True)
        for rule in rules():
            if rule.framework == framework:
                weight = "but" if rule.is_caution else f"+{rule.points}"
                click.echo(f"  {weight:>3}  {click.style(rule.id, bold=True)}")
                click.echo(f"       {rule.because}")
        click.echo()
    click.echo("`headstart explain RULE` says more about one of them.")


def _find(name: str) -> "Rule":
    from difflib import get_close_matches

    from headstart.errors import WrongInput
    from headstart.knowledge import rules

    known = {rule.id: rule for rule in rules()}
    if name in known:
        return known[name]
    near = get_close_matches(name.strip().lower()[:LONGEST_ECHO], known, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(f'`{each}`' for each in near)}?" if near else ""
    shown = "".join(letter if letter.isprintable() else "?" for letter in name[:LONGEST_ECHO])
    shown += "..." if len(name) > LONGEST_ECHO else ""
    raise WrongInput(
        f"There is no rule called `{shown}`.", hint or "`headstart explain` lists all of them."
    )


def _explained(rule: "Rule") -> Iterator[tuple[str, str]]:
    """Labels and what to say under them."""
    from headstart.knowledge import disagreements, frameworks

    title, words = _source(rule)
    yield "Says", rule.because
    yield "Framework", frameworks()[rule.framework]
    yield "When", _condition(rule)
    yield "Counts", _weight(rule)
    yield "Read in", f"{title} ({rule.document})"
    yield "", f"under: {rule.section}"
    yield "", f"search for: {words}"
    for each in disagreements():
        if rule in each.positions:
            yield "Disputed", f"The documents disagree on {each.title}. Also said there:"
            for other in each.positions:
                if other != rule:
                    number = other.document.partition("_")[0]
                    told = f"{frameworks()[other.framework]}: {other.because}"
                    yield "", f"{told} ({number}, {other.id})"
    yield "Disagree?", f'Edit the row `id = "{rule.id}"` in {RULES_FILE} of headstart.'


def _condition(rule: "Rule") -> str:
    from headstart.knowledge import questions

    known = {question.key: question for question in questions()}
    parts = []
    for key, values in rule.when.items():
        phrases = ", or ".join(known[key].value(value).phrase for value in values)
        parts.append(f"{key} = {' or '.join(values)} ({phrases})")
    return ", and ".join(parts)


def _weight(rule: "Rule") -> str:
    if rule.is_caution:
        return f"no points: a caution of gravity {rule.gravity} ({_level(rule)})"
    points = "1 point" if rule.points == 1 else f"{rule.points} points"
    return f"{points} ({_level(rule)})"


def _level(rule: "Rule") -> str:
    from headstart.knowledge import gravities, levels

    return gravities()[rule.gravity] if rule.is_caution else levels()[rule.points]


def _source(rule: "Rule") -> tuple[str, str]:
    """The document's title, and the words by which the passage is found in it."""
    from headstart.knowledge import sources

    document = next(each for each in sources() if each.document == rule.document)
    return document.title, document.sections[rule.section]


def _row(rule: "Rule") -> dict[str, Any]:
    return {
        "rule": rule.id,
        "framework": rule.framework,
        "because": rule.because,
        "caution": rule.is_caution,
        "points": rule.points,
        "gravity": rule.gravity,
    }


def _as_object(rule: "Rule") -> dict[str, Any]:
    from headstart.knowledge import disagreements

    title, words = _source(rule)
    return {
        **_row(rule),
        "level": _level(rule),
        "when": {key: list(values) for key, values in rule.when.items()},
        "source": {
            "document": rule.document,
            "title": title,
            "section": rule.section,
            "search_for": words,
        },
        "disagreements": [
            {
                "id": each.id,
                "title": each.title,
                "other_positions": [_row(other) for other in each.positions if other != rule],
            }
            for each in disagreements()
            if rule in each.positions
        ],
        "change": {"file": RULES_FILE, "id": rule.id},
    }
