"""`headstart advise`: the interview and the advice alone."""

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from headstart.commands.answers import answer_options, read_all_answers
from headstart.commands.printing import print_json
from headstart.errors import Interrupted, WrongInput

if TYPE_CHECKING:
    from headstart.advice import Advice

STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True},
    "strong": {"bold": True},
    "dim": {"dim": True},
    "caution": {"fg": "yellow"},
}
FORMS = ("full", "json", "markdown")


@click.command()
@answer_options
@click.option("--ask", is_flag=True, help="Ask what is left, though answers are given.")
@click.option("--full", is_flag=True, help="Print the whole argument, every rule by name.")
@click.option("--json", is_flag=True, help="Print JSON, and ask nothing.")
@click.option("--markdown", is_flag=True, help="Print a record for a team, and ask nothing.")
def advise(answers: tuple[str, ...], answers_file: Path | None, ask: bool, **forms: bool) -> None:
    """Say which framework fits and why.

    Asks a few questions in a terminal, unless answers are given.
    """
    from headstart.advice import advise as weigh
    from headstart.knowledge import rules

    chosen = [form for form in FORMS if forms[form]]
    if len(chosen) > 1:
        raise WrongInput(
            f"`--{chosen[0]}` and `--{chosen[1]}` do not go together.", "Keep one of the two."
        )
    given = read_all_answers(answers, answers_file)
    is_for_reading = not (forms["json"] or forms["markdown"])
    is_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    if ask and not is_terminal:
        raise WrongInput("There is no terminal to ask on.", "Leave out `--ask`.")
    if ask or (not given and is_for_reading and is_terminal):
        given = _ask(given)
    _print(weigh(given, rules()), *chosen)


def _ask(given: dict[str, str]) -> dict[str, str]:
    from headstart.deciding import answers_again
    from headstart.interview import Draft, Stopped, ask_for_advice

    try:
        return dict(ask_for_advice(Draft(answers=given)).answers)
    except Stopped as stopped:
        raise Interrupted(answers_again("advise", stopped.draft.answers, "--ask")) from stopped


def _print(advice: "Advice", form: str = "") -> None:
    from headstart import argument
    from headstart.deciding import command_to_build

    if form == "json":
        table = {**argument.as_json(advice), "command": command_to_build(advice)}
        print_json(table)
    elif form == "markdown":
        click.echo(argument.as_markdown(advice, command_to_build(advice)), nl=False)
    else:
        height = shutil.get_terminal_size().lines if sys.stdout.isatty() else 0
        short = argument.argument(advice, max(height, 24) - 1)
        told = argument.full_argument(advice) if form else short
        for style, text in told:
            click.secho(text, nl=False, **STYLES.get(style, {}))
        if not form:
            click.secho("`--full` says all of it, `headstart explain RULE` one rule.", dim=True)
