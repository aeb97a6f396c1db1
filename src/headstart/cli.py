"""The front door: ready for interrupts and odd terminals first, and every error in one sentence."""

import os
import sys
from contextlib import suppress
from typing import NoReturn

from headstart import interrupts, streams
from headstart.errors import (
    FULL,
    HeadstartError,
    Interrupted,
    SurroundingsLack,
    TargetUnusable,
    WrongInput,
)


def main() -> NoReturn:
    """Run the command line and exit with a documented code."""
    code = 0
    try:
        interrupts.listen()
        streams.prepare()
        _quieten()
        _run()
        sys.stdout.flush()
    except SystemExit:
        # A shell that asks for completions.
        raise
    except BaseException as error:
        interrupts.done()
        if _debugging():
            raise
        code = _tell(_explained(error))
    streams.fall_silent()
    interrupts.end()
    sys.exit(code)


def _run() -> None:
    # Importing takes a while, and may be interrupted too.
    from headstart.commands.group import group

    # https://no-color.org; by itself Click looks only whether it writes to a terminal.
    color = False if os.environ.get("NO_COLOR") else None
    group.main(prog_name="headstart", standalone_mode=False, color=color)


def _quieten() -> None:
    """Leave the warnings of libraries to those who develop headstart."""
    if not _debugging():
        import warnings

        warnings.resetwarnings()
        warnings.simplefilter("ignore")


def _explained(error: BaseException) -> HeadstartError:
    import click

    if isinstance(error, HeadstartError):
        return error
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return Interrupted()
    if isinstance(error, click.UsageError):
        path = error.ctx.command_path if error.ctx else "headstart"
        return WrongInput(error.format_message(), f"`{path} --help` lists what there is.")
    if isinstance(error, click.ClickException):
        return WrongInput(error.format_message())
    if isinstance(error, OSError) and error.errno in FULL:
        return TargetUnusable("There is no space left where this is written to.")
    if isinstance(error, OSError | MemoryError):
        return SurroundingsLack(f"This machine could not go on: {error or 'no memory is left'}.")
    return HeadstartError(
        f"headstart itself failed: {type(error).__name__}: {error}",
        "`HEADSTART_DEBUG=1` shows where.",
    )


def _tell(error: HeadstartError) -> int:
    """Say what went wrong, if anybody can hear it, and return the exit code."""
    import click

    color = False if os.environ.get("NO_COLOR") else None
    message = error.message if error.message.endswith((".", "?")) else f"{error.message}."
    lines = [f"{click.style('error:', fg='red', bold=True)} {_printable(message)}"]
    if error.hint:
        lines.append(f"{click.style('hint:', fg='cyan')} {error.hint}")
    with suppress(OSError):
        click.echo("\n".join(lines), err=True, color=color)
    return error.exit_code


def _printable(sentence: str) -> str:
    """A sentence in one line: what somebody else named may hold anything."""
    return "".join(letter if letter.isprintable() else "?" for letter in sentence)


def _debugging() -> bool:
    return os.environ.get("HEADSTART_DEBUG") == "1"
