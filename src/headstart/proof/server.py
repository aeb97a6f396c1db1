"""Starts a project's server, waits until it answers, and stops what it started."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from headstart.proof.receipts import StepFailed
from headstart.running import guarded

STEP = "start"
_PAUSE = 0.02
_LAST_LINES = 15


@dataclass(frozen=True)
class Server:
    """A server that runs: its process, its port, and the file that it logs to."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    port: int,
    log: Path,
    patience: float = 30.0,
) -> Iterator[Server]:
    """Run a project's server for as long as the `with` block lasts.

    The server gets a process group of its own: Ctrl-C in the terminal does not
    reach it, and stopping it reaches all of its workers and nobody else.

    Args:
        command: the program and its arguments.
        folder: where it runs.
        environment: all of its environment variables.
        port: where it was told to listen.
        log: the file that gets what it writes.
        patience: how many seconds it may take until `/healthz` answers.

    Raises:
        StepFailed: it ended, or took too long.
    """
    with ExitStack() as stack:
        output = stack.enter_context(log.open("ab"))
        try:
            process = stack.enter_context(guarded(command, folder, environment, output))
        except OSError as error:
            came = f"`{command[0]}` could not be run ({error.strerror})"
            raise StepFailed(STEP, "a server", came) from error
        try:
            _wait_until_healthy(process, port, log, patience)
            yield Server(process, port, log)
        finally:
            stop(process)


def stop(process: "subprocess.Popen[bytes]", patience: float = 10.0) -> int:
    """End a process that leads its own group: ask it first, then end the whole group.

    Args:
        process: a process that was started by this module.
        patience: how many seconds it gets to finish what it is doing.

    Returns:
        The exit code of the process.
    """
    try:
        if process.poll() is None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(patience)
    finally:
        # Also when Ctrl-C came while we waited, and for workers left behind.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return process.returncode


def last_lines(log: Path) -> str:
    """Return the end of a log, as far as one wants to read it."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(lines[-_LAST_LINES:])


def _wait_until_healthy(
    process: "subprocess.Popen[bytes]", port: int, log: Path, patience: float
) -> None:
    end = time.monotonic() + patience
    while not _is_healthy(port):
        if process.poll() is not None:
            came = f"the end of the server with code {process.returncode}"
        elif time.monotonic() > end:
            came = f"no such answer within {patience:.0f} s"
        else:
            time.sleep(_PAUSE)
            continue
        raise StepFailed(STEP, "an answer from `/healthz`", came, last_lines(log))


def _is_healthy(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
