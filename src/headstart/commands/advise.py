"""`headstart advise`: the interview and the advice alone."""

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import click

from headstart.commands.answers import answer_options, read_all_answers

STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True},
    "strong": {"bold": True},
    "dim": {"dim": True},
    "caution": {"fg": "yellow"},
}


@click.command()
@answer_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON, and ask nothing.")
def advise(answers: tuple[str, ...], answers_file: Path | None, as_json: bool) -> None:
    """Say which framework fits and why.

    Asks a few questions in a terminal, unless answers are given.
    """
    from headstart.advice import advise as weigh
    from headstart.argument import argument
    from headstart.argument import as_json as object_of
    from headstart.knowledge import rules

    given = read_all_answers(answers, answers_file)
    if not given and not as_json and sys.stdin.isatty() and sys.stderr.isatty():
        from headstart.interview import Draft, ask_for_advice

        given = dict(ask_for_advice(Draft(answers=given)).answers)
    advice = weigh(given, rules())
    if as_json:
        table = {**object_of(advice), "command": _command(given, advice.recommendation)}
        click.echo(json.dumps(table, indent=2, ensure_ascii=False))
        return
    for style, text in argument(advice):
        click.secho(text, nl=False, **STYLES.get(style, {}))


def _command(answers: dict[str, str], recommendation: str | None) -> str:
    words = ["headstart", "new"]
    if recommendation:
        words += ["--framework", recommendation]
    for key, value in answers.items():
        words += ["--answer", f"{key}={value}"]
    return shlex.join(words)
