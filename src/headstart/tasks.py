"""A project's own tasks: their command lines, and the variables under which they run."""

import os
import shlex
import tomllib
from pathlib import Path

from headstart.variables import safe_path

# Whatever else is set where headstart runs (PYTHONPATH, FLASK_APP, …) is not
# the project's, and would make what they do depend on the machine.
_KEPT = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TZ")


def surroundings(project: Path) -> dict[str, str]:
    """Return the environment variables in which a project's commands are run."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    programs = str((project / ".venv" / "bin").absolute())
    return kept | {"PATH": os.pathsep.join([programs, safe_path()])}


def task(project: Path, name: str) -> list[str]:
    """Return the command behind `poe NAME` in a project.

    Args:
        project: the project's folder.
        name: the name of a task that is one plain command.
    """
    with (project / "pyproject.toml").open("rb") as file:
        command = tomllib.load(file)["tool"]["poe"]["tasks"][name]
    return shlex.split(command if isinstance(command, str) else command["cmd"])


def read_env(path: Path) -> dict[str, str]:
    """Return the variables in a `.env` file; none when there is no such file."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    pairs = [line.partition("=") for line in lines if not line.startswith("#")]
    return {name.strip(): value.strip().strip("\"'") for name, equals, value in pairs if equals}
