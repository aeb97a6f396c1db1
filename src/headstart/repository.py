"""A project's git repository and its first commit."""

import getpass
import os
import re
import shutil
from pathlib import Path

from headstart.errors import SurroundingsLack
from headstart.project import Project
from headstart.running import ProgramFailed, own_environment, run

# What a person configured for their own work must not run, sign, ignore or
# rewrite anything here.
OWN_RULES = (
    f"core.hooksPath={os.devnull}",
    f"core.excludesFile={os.devnull}",
    "core.autocrlf=false",
    "core.fsmonitor=false",
    "commit.gpgSign=false",
)
RULES = tuple(word for rule in OWN_RULES for word in ("-c", rule))


def check_git() -> None:
    """Make sure that git is there.

    Raises:
        SurroundingsLack: it is not.
    """
    if shutil.which("git") is None:
        raise SurroundingsLack(
            "git is missing, and the project is to be a repository.",
            "Install git, or build without a repository with `--no-git`.",
        )


def git_settings(*names: str) -> dict[str, str]:
    """Return settings of git's configuration; one that is not set is empty.

    Args:
        *names: such as `user.name`, in small letters.
    """
    found = dict.fromkeys(names, "")
    pattern = "|".join(re.escape(name) for name in names)
    try:
        said = _git(Path.cwd(), "config", "--null", "--get-regexp", f"^({pattern})$")
    except (ProgramFailed, OSError):
        return found
    pairs = (setting.partition("\n") for setting in said.split("\0") if setting)
    return {**found, **{name: value for name, _, value in pairs}}


def within_repository(folder: Path) -> bool:
    """Say whether a folder, or the nearest one above that exists, belongs to a repository.

    Args:
        folder: where a project is going to be made.
    """
    while not folder.is_dir():
        folder = folder.parent
    try:
        return _git(folder, "rev-parse", "--is-inside-work-tree").strip() == "true"
    except (ProgramFailed, OSError):
        return False


def commit_first(project: Project, folder: Path) -> None:
    """Make a repository of a project, with one commit that holds everything not ignored.

    Args:
        project: what was built.
        folder: the project's folder.

    Raises:
        SurroundingsLack: git refused.
    """
    settings = git_settings("init.defaultbranch", "user.name", "user.email")
    branch = settings["init.defaultbranch"] or "main"
    name = settings["user.name"] or project.author or getpass.getuser()
    email = settings["user.email"] or project.email or f"{getpass.getuser()}@localhost"
    identity = ("-c", f"user.name={name}", "-c", f"user.email={email}")
    message = f"Start {project.name}"
    try:
        _git(
            folder,
            *RULES,
            "init",
            "--quiet",
            "--template=",
            f"--initial-branch={branch}",
        )
        _git(folder, *RULES, "add", "--all")
        _git(
            folder,
            *RULES,
            *identity,
            "commit",
            "--quiet",
            "--no-verify",
            f"--message={message}",
        )
    except ProgramFailed as error:
        raise SurroundingsLack(
            f"git could not make the first commit: {error.last_lines(1)}.",
            "Mend git's configuration, or build without a repository with `--no-git`.",
        ) from error


def _git(folder: Path, *words: str) -> str:
    return run(["git", *words], folder, own_environment())
