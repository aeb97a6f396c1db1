"""Run headstart as a person does: as a process of its own, in a folder of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).with_name("headstart")


@dataclass(frozen=True)
class Ended:
    """How a run ended, and what it wrote."""

    code: int
    out: str
    err: str


def environment(**more: str) -> dict[str, str]:
    """Return the variables for a run: no colours, nobody's git settings."""
    return {**os.environ, "NO_COLOR": "1", **more}


def headstart(*words: str, folder: Path, timeout: float = 60, **more: Any) -> Ended:
    """Run headstart to its end, without a terminal.

    Args:
        *words: its arguments.
        folder: where it runs.
        timeout: how many seconds it may take.
        **more: environment variables.
    """
    ended = subprocess.run(
        [PROGRAM, *words],
        cwd=folder,
        env=environment(**more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)
