"""Run headstart a thousand times: as a process each, but without starting Python each time."""

import io
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from ..command import PROGRAM, Ended

# Machines that do other things too.
PATIENCE = 300


def as_command(
    words: Sequence[str], folder: Path, environment: Mapping[str, str], streams: str, said: bytes
) -> Ended:
    """Run the command that people run."""
    command = [os.fsencode(word) for word in (str(PROGRAM), *words)]
    ended = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {STREAMS[streams]}', "sh", *command],
        cwd=folder,
        env=dict(environment),
        input=said,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    encoding = environment.get("PYTHONIOENCODING", "utf-8")
    out, err = (part.decode(encoding, "replace") for part in (ended.stdout, ended.stderr))
    return Ended(ended.returncode, out, err)


# What becomes of the standard streams, for a shell.
STREAMS = {
    "usual": "",
    "no stdin": "<&-",
    "no stdout": ">&-",
    "no stderr": "2>&-",
    "none": "<&- >&- 2>&-",
    "full stdout": ">/dev/full",
    "full": ">/dev/full 2>&1",
}


def as_fork(
    words: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    said: bytes,
    **patches: Any,
) -> Ended:
    """Run the same in a copy of this process, which has imported everything already.

    Args:
        words: the arguments.
        folder: where it runs.
        environment: all of its variables.
        said: what comes on standard input.
        **patches: what stands in for functions of the package `uv`.
    """
    out, err = folder.parent / "out", folder.parent / "err"
    given = folder.parent / "in"
    given.write_bytes(said)
    child = os.fork()
    if child == 0:
        _become(words, folder, environment, [given, out, err], patches)
    signal.alarm(PATIENCE)
    _, status = os.waitpid(child, 0)
    signal.alarm(0)
    told = [path.read_bytes().decode("utf-8", "replace") for path in (out, err)]
    for path in (out, err, given):
        path.unlink()
    return Ended(os.waitstatus_to_exitcode(status), *told)


def _become(
    words: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    streams: list[Path],
    patches: Mapping[str, Any],
) -> NoReturn:
    code = 99
    try:
        for number, (path, flags) in enumerate(
            zip(
                streams,
                (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT),
                strict=True,
            )
        ):
            os.dup2(os.open(path, flags, 0o600), number)
        sys.stdin, sys.stdout, sys.stderr = (
            io.TextIOWrapper(open(number, mode), encoding="utf-8", write_through=number == 2)  # noqa: SIM115
            for number, mode in enumerate(("rb", "wb", "wb"))
        )
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["headstart", *words]
        import uv

        for name, patch in patches.items():
            setattr(uv, name, patch)
        from headstart.cli import main

        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 98
        sys.stdout.flush()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)
