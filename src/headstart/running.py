"""Run other programs on a project; none of them outlives this one, however this one ends."""

import errno
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from headstart.interrupts import held

# A shell that becomes the program (its words stay words), after leaving a guard behind.
# The guard waits for the end of our pipe, which comes when we close it and also when we
# are killed, and ends the whole process group, the program's own children with it. It is
# none of these itself: a server counts its workers.
GUARDED = """
exec 3<&0 </dev/null
( { cd /; read -r _ <&3; kill -KILL 0; } >/dev/null 2>&1 & )
exec 3<&-
exec "$@"
"""


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

    Args:
        words: the command line.
        folder: where it runs.
        environment: all of its environment variables.

    Raises:
        ProgramFailed: it ended with another status than zero.
        FileNotFoundError: there is no such program.
    """
    with guarded(words, folder, environment, subprocess.PIPE) as process:
        assert process.stdout  # noqa: S101
        output = process.stdout.read().decode("utf-8", "replace")
        if process.wait() != 0:
            raise ProgramFailed(words, output)
    return output


@contextmanager
def guarded(
    words: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    output: "int | IO[bytes] | None" = None,
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program in a process group of its own for as long as the `with` block lasts.

    Ctrl-C in the terminal does not reach it: ending it is the caller's business. What is
    left of the group when the block ends is killed.

    Args:
        words: the command line.
        folder: where it runs.
        environment: all of its environment variables.
        output: where both of its streams go; the terminal, unless given.

    Raises:
        FileNotFoundError: there is no such program.
    """
    program = shutil.which(words[0], path=environment.get("PATH", os.defpath))
    if program is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), words[0])
    process = None
    try:
        with held():
            process = subprocess.Popen(
                ["/bin/sh", "-c", GUARDED, "headstart", program, *words[1:]],
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT if output is not None else None,
                start_new_session=True,
            )
        yield process
    finally:
        if process:
            with held():
                _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    # Its guard is of the group: as long as it lives, nobody else has the number.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream:
            stream.close()
