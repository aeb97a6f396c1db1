"""How a project is run for its proof: as in production, but beside the user's own data."""

import os
import shlex
import sqlite3
import tomllib
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

SITE_URL = "https://localhost"
COPY = "database.sqlite3"
_SQLITE = "sqlite:///"
# Whatever else is set where headstart runs (PYTHONPATH, FLASK_APP, …) is not
# the project's, and would make the proof depend on the machine.
_KEPT = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ")


def production_settings(
    project: Path, scratch: Path, port: int, workers: int = 1
) -> dict[str, str]:
    """Return a project's settings for a run in production behind a proxy.

    The run uses a copy of the project's SQLite database, and writes its mails
    into the scratch folder, so that the user's own data stays as it was.

    Args:
        project: the project's folder.
        scratch: a folder that may be filled and is thrown away later.
        port: where the server is to listen.
        workers: how many processes are to serve.
    """
    written = read_env(project / ".env")
    mail = scratch / "mail"
    mail.mkdir(exist_ok=True)
    return {
        "DEBUG": "false",
        "SECRET_KEY": written["SECRET_KEY"],
        "SITE_URL": SITE_URL,
        "ALLOWED_HOSTS": "localhost",
        "TRUSTED_PROXIES": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": str(workers),
        "MAIL_URL": f"file://{mail}",
        "DATABASE_URL": _copied_database(project, scratch, written),
        "LOG_LEVEL": "INFO",
    }


def surroundings(project: Path) -> dict[str, str]:
    """Return the environment variables in which a project's commands are run."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    programs = str((project / ".venv" / "bin").absolute())
    return kept | {"PATH": os.pathsep.join([programs, kept.get("PATH", os.defpath)])}


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


def _copied_database(project: Path, scratch: Path, env: Mapping[str, str]) -> str:
    # Another database than SQLite cannot be copied aside: an empty one stands in.
    copy = scratch.absolute() / COPY
    url = env.get("DATABASE_URL", "")
    original = project / url.removeprefix(_SQLITE)
    if url.startswith(_SQLITE) and original.is_file():
        with (
            closing(sqlite3.connect(original)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
    return f"{_SQLITE}{copy}"
