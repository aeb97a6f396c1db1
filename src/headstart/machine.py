"""What this machine has and lacks for building projects."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from headstart.environment import uv
from headstart.errors import SurroundingsLack
from headstart.project import OLDEST_PYTHON, runs_here
from headstart.repository import git_settings
from headstart.running import ProgramFailed, run
from headstart.variables import own_environment, safe_path


@dataclass(frozen=True)
class Finding:
    """One thing that building needs or likes.

    Attributes:
        subject: what was looked at.
        good: whether it is as it should be.
        says: what was found.
        hint: what to do about it; empty where all is well.
        needed: whether nothing can be built without it.
    """

    subject: str
    good: bool
    says: str
    hint: str = ""
    needed: bool = False


def examine() -> Iterator[Finding]:
    """Look at everything, one thing after the other."""
    for check in CHECKS:
        yield check()


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    hint = f"Install Python {OLDEST_PYTHON} or later."
    return Finding(
        "Python", runs_here(OLDEST_PYTHON), f"{version} at {sys.executable}", hint, needed=True
    )


def _uv() -> Finding:
    try:
        version = run([uv(), "--version"], Path.cwd(), own_environment())
    except (SurroundingsLack, ProgramFailed, OSError):
        hint = "Install headstart again: uv comes with it."
        return Finding("uv", False, "does not run", hint, needed=True)
    return Finding("uv", True, version.strip(), needed=True)


def _git() -> Finding:
    if shutil.which("git", path=safe_path()) is None:
        hint = "Install git, or build with `--no-git`."
        return Finding("git", False, "missing", hint)
    try:
        version = run(["git", "--version"], Path.cwd(), own_environment()).strip()
    except (ProgramFailed, OSError):
        return Finding("git", False, "does not run", hint="Mend it, or build with `--no-git`.")
    return Finding("git", True, version)


def _identity() -> Finding:
    name, email = git_settings("user.name", "user.email").values()
    hint = "`git config --global user.name` and `user.email` sign your commits."
    says = f"{name} <{email}>" if name and email else "git does not know who you are"
    return Finding("author", bool(name and email), says, hint)


def _here() -> Finding:
    folder = Path.cwd()
    good = os.access(folder, os.W_OK)
    says = f"{folder} {'can' if good else 'cannot'} be written"
    return Finding("this folder", good, says, "Build elsewhere with `--output-dir`.")


def _cache() -> Finding:
    try:
        said = run([uv(), "cache", "dir"], Path.cwd(), own_environment())
    except (SurroundingsLack, ProgramFailed, OSError):
        return Finding("package cache", False, "unknown", "uv has to run for it to be found.")
    cache = Path(said.strip())
    nearest = next(path for path in (cache, *cache.parents) if path.exists())
    if nearest.stat().st_dev == Path.cwd().stat().st_dev:
        return Finding("package cache", True, f"{cache}, on this disk: installing is linking")
    hint = "Set `UV_CACHE_DIR` to a folder on this disk, and installing takes less time and room."
    return Finding("package cache", False, f"{cache}, on another disk", hint)


CHECKS: tuple[Callable[[], Finding], ...] = (
    _python,
    _uv,
    _git,
    _identity,
    _here,
    _cache,
)
