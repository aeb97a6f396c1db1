"""Programs that the tests need and the project does not: each gets a folder of its own, pinned.

They lie in a cache outside the repository, because some bring a hundred packages that
must not decide which versions everything else here gets.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from uv import find_uv_bin

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "headstart-tools"


def python_program(name: str, package: str, version: str) -> Path:
    """Return a program of a Python package, in an environment of its own.

    Args:
        name: what is run.
        package: where it comes from.
        version: the one that the tests know.
    """

    def bring(folder: Path) -> None:
        _run(package, find_uv_bin(), "venv", "--quiet", "--relocatable", str(folder))
        python = str(folder / "bin" / "python")
        words = ("pip", "install", "--quiet", "--python", python, f"{package}=={version}")
        _run(package, find_uv_bin(), *words)

    return _kept(f"{package}-{version}", bring) / "bin" / name


def npm_package(package: str, version: str) -> Path:
    """Return the folder of an npm package, with what it needs beside it.

    Args:
        package: its name, with its scope.
        version: the one that the tests know.
    """

    def bring(folder: Path) -> None:
        installed("npm", "node")
        # Their scripts would ask other hosts for more.
        words = ("install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder))
        _run(package, "npm", *words, f"{package}@{version}")

    name = package.lstrip("@").replace("/", "-")
    return _kept(f"{name}-{version}", bring) / "node_modules" / package


def installed(*names: str) -> None:
    """Skip a test that needs a program which is not on this machine, and say so."""
    for name in names:
        if shutil.which(name) is None:
            pytest.skip(f"no `{name}` on this machine")


def _kept(name: str, bring: Callable[[Path], None]) -> Path:
    folder = CACHE / name
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        # Whole or not at all, also when two processes bring the same.
        made = Path(tempfile.mkdtemp(prefix=f"{name}.", dir=CACHE))
        try:
            bring(made)
            with suppress(OSError):
                made.rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return folder


def _run(package: str, *command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"{package} cannot be installed on this machine: {done.stderr[-300:]}")
