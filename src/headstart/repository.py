"""A project's git repository and its first commit."""

import getpass
import os
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


def git_setting(name: str) -> str:
    """Return a setting of git's configuration, or nothing.

    Args:
        name: such as `user.name`.
    """
    try:
        return _git(Path.cwd(), "config", "--get", name).strip()
    except (ProgramFailed, OSError):
        return ""


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
    branch = git_setting("init.defaultBranch") or "main"
    name = git_setting("user.name") or project.author or getpass.getuser()
    email = git_setting("user.email") or project.email or f"{getpass.getuser()}@localhost"
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
