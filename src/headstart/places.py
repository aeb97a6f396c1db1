"""Where a project is going to be: the folder that was asked for, without detours."""

import os
import unicodedata
from pathlib import Path

from headstart.errors import TargetUnusable, WrongInput
from headstart.names import UNWRITABLE

# What the name of no folder on the way may contain, because of those who read it.
TEMPLATE = "Cookiecutter would run it as a template"
UNUSABLE = {
    "{{": TEMPLATE,
    "{%": TEMPLATE,
    "{#": TEMPLATE,
    "%": "Alembic would not find the migrations",
    os.pathsep: "programs in it would not be found",
}
HINT = "Choose another folder with `--output-dir`."


def find_folder(asked: Path) -> Path:
    """Return the folder in which a project's folder is going to be, absolute.

    Links on the way are followed now, and what has yet to be made is below a folder that
    is there: a link that appears later leads nowhere else.

    Args:
        asked: the folder that somebody named; it need not exist.

    Raises:
        WrongInput: a program could not work in a folder of that name.
        TargetUnusable: the way to it is broken.
    """
    _check_characters(asked)
    try:
        there, missing = asked.absolute(), list[str]()
        while not os.path.lexists(there):
            missing.append(there.name)
            there = there.parent
        folder = there.resolve(strict=True).joinpath(*reversed(missing))
    except (OSError, RuntimeError) as error:
        reason = (getattr(error, "strerror", None) or "its links lead in a circle").lower()
        raise TargetUnusable(f"`{asked}` cannot be used: {reason}.", HINT) from error
    folder = Path(os.path.normpath(folder))
    _check_characters(folder)
    return folder


def _check_characters(folder: Path) -> None:
    name = str(folder)
    if any(unicodedata.category(character) in UNWRITABLE for character in name):
        raise WrongInput("The folder's name contains a character that cannot be shown.", HINT)
    for mark, reason in UNUSABLE.items():
        if mark in name:
            raise WrongInput(f"`{name}` contains `{mark}`, and {reason}.", HINT)
