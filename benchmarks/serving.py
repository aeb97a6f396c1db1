"""Runs a server for as long as it is measured."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE = 60.0


@contextmanager
def serving(
    words: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    answers: Callable[[], bool],
) -> Iterator[int]:
    """Start a server, wait until it answers, and end it with the `with` block.

    Args:
        words: the command line.
        folder: where it runs.
        environment: all of its environment variables.
        answers: asks whether it answers.

    Yields:
        The number of its process.
    """
    server = subprocess.Popen(
        list(words),
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        end = time.monotonic() + PATIENCE
        while not answers():
            if time.monotonic() > end or server.poll() is not None:
                raise RuntimeError(f"{words} does not answer")
            time.sleep(0.005)
        yield server.pid
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()
