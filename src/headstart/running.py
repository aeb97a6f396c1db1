"""Run other programs on a project, and keep what they said for when they fail."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

# What points Python, uv or git at another project than the one at hand.
MISLEADING = (
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_WORK_TREE",
    "PYTHONHOME",
    "PYTHONPATH",
    "UV_PROJECT",
    "UV_PROJECT_ENVIRONMENT",
    "UV_WORKING_DIRECTORY",
    "VIRTUAL_ENV",
)


class ProgramFailed(Exception):
    """A program ended with another status than zero.

    Args:
        words: the command line.
        output: what it printed, both streams in the order in which it came.
    """

    def __init__(self, words: Sequence[str], output: str) -> None:
        super().__init__(f"{words[0]} failed")
        self.words = words
        self.output = output

    def last_lines(self, count: int = 12) -> str:
        """Return the end of what the program said.

        Args:
            count: how many lines at the most.
        """
        return "\n".join(self.output.strip().splitlines()[-count:])


def run(words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> str:
    """Run a program in a folder, without a terminal, and return what it printed.

    The program is ended when the caller is interrupted.

    Args:
        words: the command line; never given to a shell.
        folder: where it runs.
        environment: all of its environment variables.

    Raises:
        ProgramFailed: it ended with another status than zero.
        FileNotFoundError: there is no such program.
    """
    program = shutil.which(words[0], path=environment.get("PATH")) or words[0]
    finished = subprocess.run(
        [program, *words[1:]],
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    output = finished.stdout.decode("utf-8", "replace")
    if finished.returncode != 0:
        raise ProgramFailed(words, output)
    return output


def own_environment() -> dict[str, str]:
    """Return this process's variables, without those that point at another project."""
    return {key: value for key, value in os.environ.items() if key not in MISLEADING}
