"""What a person sees: progress while a project is built, and the last screen."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from headstart.building import Built
from headstart.deciding import quoted
from headstart.project import Project
from headstart.proof.receipts import Receipt
from headstart.tasks import read_env

ACCOUNTS = ("DEMO", "ADMIN")


class PlainProgress:
    """Progress as one line a step on stderr, for a log or a pipe."""

    @contextmanager
    def step(self, says: str) -> Iterator[None]:
        """Write a line when a step is done."""
        started = time.perf_counter()
        yield
        click.echo(done_line(says, time.perf_counter() - started), err=True)

    def receipt(self, receipt: Receipt) -> None:
        """Leave the receipts to the last screen."""


class LiveProgress(PlainProgress):
    """Progress as a moving line with the seconds that have passed, for a terminal."""

    @contextmanager
    def step(self, says: str) -> Iterator[None]:
        """Show the step while it lasts, and what it took when it is done."""
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
        )
        display = Progress(*columns, console=Console(stderr=True), transient=True)
        with super().step(says), display:
            display.add_task(f"{says} …", total=None)
            yield


def done_line(says: str, seconds: float) -> str:
    """Return the line that tells of a finished step.

    Args:
        says: what was done.
        seconds: how long it took.
    """
    return f"{click.style('✓', fg='green')} {says}  {click.style(duration(seconds), dim=True)}"


def duration(seconds: float) -> str:
    """Return a time as a person reads it: milliseconds below one second.

    Args:
        seconds: the time.
    """
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def last_screen(built: Built, again: str) -> str:
    """Return what is said when a project is finished.

    Args:
        built: the finished project.
        again: the command that makes the same project again.
    """
    project, folder = built.project, shown_path(built.folder)
    title = click.style(f"{project.name} is ready", bold=True)
    *others, last = ("accounts", *project.features)
    blocks = [
        f"{title} in {click.style(str(folder), bold=True)}  ({duration(built.seconds)})",
        f"{project.framework_name}, with {', '.join(others)} and {last}.",
        "",
        *_rows([(does, command) for does, command in next_steps(built)]),
        "",
        *_people(built),
        *_proven(built),
        "The same project again, without a question:",
        f"  {again}",
    ]
    return "\n".join(blocks)


def next_steps(built: Built) -> list[tuple[str, str]]:
    """Return what to do next, and the command that does it.

    Args:
        built: the finished project.
    """
    poe = "uv run poe" if shutil.which("uv") else ".venv/bin/poe"
    steps = [("Go there", f"cd {quoted(str(shown_path(built.folder)))}")]
    if "packages" not in built.steps:
        steps.append(("Install", "uv sync"))
    if "database" not in built.steps:
        steps += _database_steps(built.project, poe)
    return [
        *steps,
        ("Start it", f"{poe} dev     then open http://localhost:8000"),
        ("Test it", f"{poe} check"),
    ]


def _database_steps(project: Project, poe: str) -> list[tuple[str, str]]:
    prepare = ("Fill it", f"{poe} seed")
    if project.database == "sqlite":
        return [prepare]
    return [("Database", "create the one that DATABASE_URL in .env names"), prepare]


def shown_path(folder: Path) -> Path:
    """Return a path as a person would type it: relative to where they are, if it is below.

    Args:
        folder: an absolute path.
    """
    try:
        here = Path.cwd()
    except FileNotFoundError:
        # It stood in the empty folder that the project has replaced.
        return folder
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _people(built: Built) -> list[str]:
    if "database" not in built.steps:
        return []
    env = read_env(built.folder / ".env")
    people = [(env[f"{who}_EMAIL"], env[f"{who}_PASSWORD"]) for who in ACCOUNTS]
    return [
        "Log in, on this machine only, as one of these; the second is staff:",
        *_rows(people),
        "",
    ]


def _proven(built: Built) -> list[str]:
    if not built.receipts:
        return []
    rows = [
        (receipt.step, f"{duration(receipt.seconds):>8}   {receipt.says}")
        for receipt in built.receipts
    ]
    where = "" if built.project.database == "sqlite" else ", on SQLite for want of your database"
    return [f"Seen working, with production settings{where}:", *_rows(rows), ""]


def _rows(pairs: list[tuple[str, str]]) -> list[str]:
    width = max(len(left) for left, _ in pairs)
    return [f"  {left:<{width}}   {right}" for left, right in pairs]
