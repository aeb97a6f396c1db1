"""A project's git repository and its first commit."""

import getpass
import os
import re
import shutil
from pathlib import Path

from headstart.errors import SurroundingsLack
from headstart.project import Project
from headstart.running import ProgramFailed, run
from headstart.variables import own_environment, safe_path

# What a person configured for their own work must not run, sign, ignore or rewrite
# anything here: their configuration is not read, and nor are the files that git reads
# without one.
NO_SETTINGS = {
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_COUNT": "0",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}
OWN_RULES = (
    f"core.attributesFile={os.devnull}",
    f"core.excludesFile={os.devnull}",
    f"core.hooksPath={os.devnull}",
    "core.autocrlf=false",
    "gc.auto=0",
    # It is ours, though the file system may not know.
    "safe.directory=*",
)
# Of which no name can consist: https://git-scm.com/docs/git-commit#_commit_information
NOTHING = ".,:;<>\"\\'"
RULES = tuple(word for rule in OWN_RULES for word in ("-c", rule))


def check_git() -> None:
    """Make sure that git is there.

    Raises:
        SurroundingsLack: it is not.
    """
    if shutil.which("git", path=safe_path()) is None:
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
    while not os.path.isdir(folder):
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
    names = (settings["user.name"], project.author, _user())
    name = next(filter(_names_somebody, names), "somebody")
    addresses = (settings["user.email"], project.email, f"{_user()}@localhost")
    email = next(filter(_names_somebody, addresses))
    identity = ("-c", f"user.name={name}", "-c", f"user.email={email}")
    message = f"Start {project.name}"
    try:
        for words in (
            ("init", "--quiet", "--template=", f"--initial-branch={branch}"),
            ("add", "--all"),
            (*identity, "commit", "--quiet", "--no-verify", f"--message={message}"),
        ):
            _git(folder, *RULES, *words, **NO_SETTINGS)
    except ProgramFailed as error:
        raise SurroundingsLack(
            f"git could not make the first commit: {error.last_lines(1)}.",
            "Mend git's configuration, or build without a repository with `--no-git`.",
        ) from error


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # Nobody gave the number a name.
        return "somebody"


def _names_somebody(text: str) -> bool:
    """Whether anything is left of a name when git has taken off what it does not take."""
    return any(letter > " " and letter not in NOTHING for letter in text)


def _git(folder: Path, *words: str, **more: str) -> str:
    return run(["git", *words], folder, {**own_environment(), **more})
