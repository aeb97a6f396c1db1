"""A project's virtual environment, its packages, and its own tasks."""

import errno
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from headstart.errors import NotAlive, SurroundingsLack
from headstart.project import Project, runs_here
from headstart.running import ProgramFailed, guarded, run
from headstart.tasks import surroundings, task
from headstart.variables import own_environment

# The lock file as it is, with everything that it names.
REST = "--frozen"
# Python is never fetched behind a person's back.
UV_SETTINGS = {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}


def install_packages(project: Project, folder: Path) -> None:
    """Make a project's environment, its lock file, and install what it runs on.

    Args:
        project: what is being built.
        folder: the project's folder.

    Raises:
        SurroundingsLack: no Python fits, or the packages cannot be had.
        OSError: the disk is full.
    """
    _make_environment(project, folder)
    _sync(folder, "--no-dev")


@contextmanager
def installing_tools(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Install the rest of the lock file for as long as the `with` block lasts.

    It is what a project is tested and checked with. Should the block fail, the
    installing is ended; should the installing fail, it is tried once more.

    Args:
        folder: the project's folder, with its environment and lock file.

    Raises:
        SurroundingsLack: the packages cannot be had.
        OSError: the disk is full.
    """
    words = [uv(), "sync", "--quiet", REST]
    with guarded(words, folder, _surroundings_of_uv(folder), subprocess.DEVNULL) as process:
        yield process
        process.wait()
    if process.returncode != 0:
        _sync(folder, REST)


def uv() -> str:
    """Return where uv is, which comes with headstart.

    Raises:
        SurroundingsLack: somebody took it away.
    """
    from uv import find_uv_bin

    try:
        return find_uv_bin()
    except FileNotFoundError as error:
        raise SurroundingsLack(
            "uv is missing, which makes the environment.",
            "Install headstart again: uv comes with it.",
        ) from error


def workspace_around(folder: Path) -> Path | None:
    """Return the uv workspace that takes a project for a member of its own, if one does.

    Its packages and its lock file are then what `uv run` uses in the project.

    Args:
        folder: the project's folder, where it is going to stay.
    """
    try:
        said = run([uv(), "workspace", "dir"], folder, own_environment())
    except (SurroundingsLack, ProgramFailed, OSError):
        return None
    workspace = Path(said.rstrip("\n"))
    return workspace if workspace != folder and workspace in folder.parents else None


def _sync(folder: Path, how: str) -> None:
    """Install from the index, or without a network from the cache."""
    try:
        _uv(folder, "sync", "--quiet", how)
    except ProgramFailed as online:
        try:
            _uv(folder, "sync", "--quiet", "--offline", how)
        except ProgramFailed:
            raise SurroundingsLack(
                f"The packages could not be installed: {_reason(online)}",
                "Check the network and try again, or make the project alone with `--no-setup`.",
            ) from online


def _make_environment(project: Project, folder: Path) -> None:
    # It is made in one place and moved to another: it must not hold the first path.
    python = sys.executable if runs_here(project.python) else project.python
    try:
        _uv(
            folder,
            "venv",
            "--quiet",
            "--relocatable",
            "--no-project",
            f"--python={python}",
            ".venv",
        )
    except ProgramFailed as error:
        if "No interpreter found" not in error.output:
            raise SurroundingsLack(
                f"The environment could not be made: {_reason(error)}",
                "Mend that and try again, or make the project alone with `--no-setup`.",
            ) from error
        raise SurroundingsLack(
            f"No Python {project.python} was found on this machine.",
            "Install it, or choose an older one with `--python`.",
        ) from error


def _surroundings_of_uv(folder: Path) -> dict[str, str]:
    return {**own_environment(), **UV_SETTINGS, **_temporary(folder)}


def _temporary(folder: Path) -> dict[str, str]:
    """Let what is temporary lie beside the project and vanish: uv leaves locks there."""
    return {"TMPDIR": str(folder.parent)}


def _uv(folder: Path, *words: str) -> str:
    try:
        return run([uv(), *words], folder, _surroundings_of_uv(folder))
    except ProgramFailed as error:
        if "no space left" in error.output.lower():
            raise OSError(errno.ENOSPC, "No space left on device") from error
        raise


def _reason(error: ProgramFailed) -> str:
    """Return the last line in which uv says why, as a sentence."""
    lines = [re.sub(r"^\W+", "", line) for line in error.output.splitlines()]
    said = [line for line in lines if line and not line.startswith("hint:")]
    reason = said[-1] if said else "uv did not say why"
    return reason if reason.endswith(".") else f"{reason}."


def run_task(folder: Path, name: str, **more: str) -> str:
    """Run one of a project's tasks to its end and return what it printed.

    Args:
        folder: the project's folder.
        name: a task in its `pyproject.toml`, such as `migrate`.
        **more: settings that go before those in its `.env`.

    Raises:
        NotAlive: it failed.
    """
    try:
        return run(
            task(folder, name), folder, {**surroundings(folder), **_temporary(folder), **more}
        )
    except ProgramFailed as error:
        raise NotAlive(
            f"The project's own `{name}` failed.", f"It said:\n{error.last_lines()}"
        ) from error
