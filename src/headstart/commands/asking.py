"""Asks on the terminal, and loses nothing of what was said, whatever happens next."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from headstart.errors import HeadstartError, Interrupted, TargetUnusable, WrongInput

if TYPE_CHECKING:
    from headstart.interview import Draft

# What the interview asks for too: it is in the draft.
SAID = {"name", "framework", "answers", "answers_file", "added", "removed"}


def ask(draft: "Draft", folder: Path) -> "Draft":
    """Hold the interview and return what is wanted.

    Args:
        draft: what was said on the command line.
        folder: in which the project is going to be.

    Raises:
        WrongInput: there is no terminal.
        Interrupted: somebody ended it; with the command that goes on from there.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise WrongInput(
            "There is no terminal to ask on.",
            "Say what you want in options, and add `--yes`.",
        )
    from headstart.interview import interview

    with keeping_what_was_said(draft):
        return interview(draft, check_name=lambda name: _problem(name, folder))


@contextmanager
def keeping_what_was_said(draft: "Draft") -> Iterator[None]:
    """Say which command goes on with what was said when it ends too early.

    Args:
        draft: what was said so far.

    Raises:
        Interrupted: somebody ended it.
    """
    from headstart.deciding import command_so_far
    from headstart.interview import Stopped

    options = list(_options_given(click.get_current_context()))
    try:
        yield
    except KeyboardInterrupt as stopped:
        said = stopped.draft if isinstance(stopped, Stopped) else draft
        raise Interrupted(command_so_far(said, options)) from stopped
    except HeadstartError:
        click.echo(f"What you said so far: {command_so_far(draft, options)}", err=True)
        raise


def _problem(name: str, folder: Path) -> str | None:
    """What is wrong with a name, or with there being a project of that name."""
    from headstart.names import name_problem, slug
    from headstart.staging import check_target

    problem = name_problem(name)
    if problem is None:
        try:
            check_target(folder / slug(name))
        except TargetUnusable as error:
            return error.message
    return " ".join(problem) if problem else None


def _options_given(context: click.Context) -> Iterator[str]:
    """The words of the options on the command line but for what the interview asks for."""
    given = click.core.ParameterSource.COMMANDLINE
    for option in context.command.params:
        name = option.name or ""
        if name in SAID or context.get_parameter_source(name) is not given:
            continue
        value = context.params[name]
        if isinstance(value, bool):
            yield max(option.opts if value else option.secondary_opts, key=len)
        else:
            for each in value if isinstance(value, tuple) else (value,):
                yield from (max(option.opts, key=len), str(each))
