"""The front desk: words in, words out, and every error in one sentence."""

import errno
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

import click

from headstart import __version__
from headstart.commands.advise import advise
from headstart.commands.compare import compare
from headstart.commands.completion import completion
from headstart.commands.doctor import doctor
from headstart.commands.explain import explain
from headstart.commands.features import features
from headstart.commands.new import new
from headstart.errors import HeadstartError, Interrupted, TargetUnusable

ENDING_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """From a few answers to a running Django, Flask or FastAPI project.

    `headstart new` asks what you are about to build, says which framework fits
    and why, and makes a project that runs at once.
    """


for command in (new, advise, compare, explain, features, doctor, completion):
    cli.add_command(command)


def main() -> NoReturn:
    """Run the command line and exit with a documented code."""
    _interrupt_once()
    try:
        # https://no-color.org; by itself Click looks only whether it writes to a terminal.
        color = False if os.environ.get("NO_COLOR") else None
        cli.main(prog_name="headstart", standalone_mode=False, color=color)
    except HeadstartError as error:
        _end(error.exit_code, error.message, error.hint)
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "headstart"
        _end(
            error.exit_code,
            error.format_message(),
            f"`{path} --help` lists what there is.",
        )
    except click.ClickException as error:
        _end(error.exit_code, error.format_message())
    except (KeyboardInterrupt, click.Abort):
        _end(Interrupted.exit_code, Interrupted().message)
    except BrokenPipeError:
        # The reader has gone; Python would complain again when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if _debugging():
            raise
        if getattr(error, "errno", None) == errno.ENOSPC:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            _end(TargetUnusable.exit_code, "There is no space left where this is written to.")
        kind = type(error).__name__
        _end(
            1,
            f"headstart itself failed: {kind}: {error}",
            "`HEADSTART_DEBUG=1` shows where.",
        )
    sys.exit(0)


def _end(code: int, message: str, hint: str = "") -> NoReturn:
    if _debugging():
        raise
    sentence = message if message.endswith((".", "?")) else f"{message}."
    color = False if os.environ.get("NO_COLOR") else None
    click.echo(f"{click.style('error:', fg='red', bold=True)} {sentence}", err=True, color=color)
    if hint:
        click.echo(f"{click.style('hint:', fg='cyan')} {hint}", err=True, color=color)
    sys.exit(code)


def _debugging() -> bool:
    return os.environ.get("HEADSTART_DEBUG") == "1"


def _interrupt_once() -> None:
    """Let whatever asks us to end do so once: cleaning up is not interrupted."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        for name in ENDING_SIGNALS:
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        raise KeyboardInterrupt

    for name in ENDING_SIGNALS:
        signal.signal(getattr(signal, name), interrupt)
