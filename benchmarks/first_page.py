"""From the command to the first page, against the floor and against bare Django by hand.

The package cache is warm. What is timed:

- headstart: `headstart new --yes --verify none`, then the production server until
  `/` answers. The proof of life is left out, for the others have none.
- the floor: `uv sync` in the same project, then the same server, with nothing
  compiled: what cannot be avoided with these packages.
- bare Django by hand, with pip and with uv: an environment, the package,
  `startproject`, `migrate`, `runserver` until its page answers.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from measure import Action, command, in_turn, report
from serving import serving
from uv import find_uv_bin

from headstart.proof.server import free_port
from headstart.tasks import surroundings, task
from headstart.template import FRAMEWORKS

RUNS = 5
HEADSTART = str(Path(sys.executable).with_name("headstart"))
UV = find_uv_bin()


def first_page(words: list[str], folder: Path, port: int, environment: Mapping[str, str]) -> None:
    """Start a server, wait until `/` answers, and end it."""
    with serving(words, folder, environment, partial(_answers, port)):
        pass


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def serve(project: Path) -> Action:
    """Return an action that starts a project's server for its first page."""

    def action() -> None:
        port = free_port()
        environment = {**surroundings(project), "PORT": str(port)}
        first_page(task(project, "serve"), project, port, environment)

    return action


def with_headstart(framework: str, folder: Path, steps: list[dict[str, float]]) -> Action:
    """Return an action that makes a project with headstart and opens its first page."""

    def action() -> None:
        words = [
            HEADSTART,
            "new",
            "Shop",
            "-f",
            framework,
            "--yes",
            "--verify=none",
            "--json",
        ]
        started = time.perf_counter()
        said = subprocess.run(
            [*words, f"--output-dir={folder}"],
            capture_output=True,
            check=True,
            text=True,
        )
        whole = time.perf_counter() - started
        serving = time.perf_counter()
        serve(folder / "shop")()
        own = json.loads(said.stdout)["steps"]
        own["starting headstart itself"] = whole - sum(own.values())
        own["server to first page"] = time.perf_counter() - serving
        steps.append(own)

    return action


def floor(kept: Path, folder: Path) -> Action:
    """Return an action that installs a finished project's packages and opens its first page."""

    def action() -> None:
        project = folder / "shop"
        shutil.copytree(
            kept / "shop",
            project,
            ignore=shutil.ignore_patterns(".venv", "uv.lock", "__pycache__"),
        )
        command([UV, "sync", "--quiet"], project)()
        serve(project)()

    return action


def django_by_hand(folder: Path, install: list[list[str]]) -> Action:
    """Return an action that goes the way of Django's tutorial to its first page."""

    def action() -> None:
        folder.mkdir()
        for words in install:
            command(words, folder)()
        python = str(folder / ".venv/bin/python")
        command([python, "-m", "django", "startproject", "bare", "."], folder)()
        command([python, "manage.py", "migrate"], folder)()
        port = free_port()
        first_page([python, "manage.py", "runserver", str(port)], folder, port, os.environ)

    return action


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        root = Path(name)
        out, kept = root / "out", root / "kept"
        with_pip = [
            [sys.executable, "-m", "venv", ".venv"],
            [".venv/bin/python", "-m", "pip", "install", "django~=5.2"],
        ]
        with_uv = [
            [UV, "venv", "--python", sys.executable, ".venv"],
            [UV, "pip", "install", "django~=5.2"],
        ]
        for framework in FRAMEWORKS:
            with_headstart(framework, kept / framework, [])()
            steps: list[dict[str, float]] = []
            times = in_turn(
                {
                    "floor": floor(kept / framework, out),
                    "headstart": with_headstart(framework, out, steps),
                    "bare Django, uv": django_by_hand(out, with_uv),
                    "bare Django, pip": django_by_hand(out, with_pip),
                },
                runs=RUNS,
                before=partial(shutil.rmtree, out, ignore_errors=True),
            )
            print(framework)
            report(times, "floor")
            for step in steps[-1]:
                median = statistics.median(own[step] for own in steps[1:])
                print(f"    {step:<26} {median * 1000:6.0f} ms")


if __name__ == "__main__":
    main()
