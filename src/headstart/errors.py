"""Everything that can go wrong for a reason that headstart can explain.

A message is one sentence that says what happened; a hint says what to do about
it. The command line turns both into words on stderr and ends with `exit_code`.
"""

import errno
from typing import ClassVar

# What the system says where there is no room.
FULL = {errno.ENOSPC, errno.EDQUOT}


class HeadstartError(Exception):
    """The family of all errors that a person is told about without a traceback.

    Args:
        message: one sentence that says what happened.
        hint: what to do about it, or nothing where nothing can be done.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class WrongInput(HeadstartError):
    """Something was asked in a way that cannot be answered."""

    exit_code = 2


class TargetUnusable(HeadstartError):
    """The folder where the project should go cannot take it."""

    exit_code = 3


class NotAlive(HeadstartError):
    """The project was made but did not answer as it should."""

    exit_code = 4


class SurroundingsLack(HeadstartError):
    """The machine lacks something that building needs: packages, Python, git."""

    exit_code = 5


class Interrupted(HeadstartError):
    """Somebody ended it before it was done.

    Args:
        command: what goes on from there, or nothing where nothing was said yet.
    """

    exit_code = 130

    def __init__(self, command: str = "") -> None:
        hint = f"Go on from here: {command}" if command else ""
        super().__init__("Interrupted; nothing was left behind.", hint)
