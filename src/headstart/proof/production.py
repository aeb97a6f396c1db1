"""How a project is run for its proof: as in production, but beside the user's own data."""

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from headstart.tasks import read_env

SITE_URL = "https://localhost"
COPY = "database.sqlite3"
_SQLITE = "sqlite:///"


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
    (scratch / "mail").mkdir(exist_ok=True)
    mail = _from(project, scratch / "mail")
    return {
        "DEBUG": "false",
        "SECRET_KEY": written["SECRET_KEY"],
        "SITE_URL": SITE_URL,
        "ALLOWED_HOSTS": "localhost",
        "TRUSTED_PROXIES": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": str(workers),
        "MAIL_URL": f"file:{mail}",
        "DATABASE_URL": _copied_database(project, scratch, written),
        "LOG_LEVEL": "INFO",
    }


def _copied_database(project: Path, scratch: Path, env: Mapping[str, str]) -> str:
    # Another database than SQLite cannot be copied aside: an empty one stands in.
    copy = scratch / COPY
    url = env.get("DATABASE_URL", "")
    original = project / url.removeprefix(_SQLITE)
    if url.startswith(_SQLITE) and original.is_file():
        with (
            closing(sqlite3.connect(original)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
    return f"{_SQLITE}{_from(project, copy)}"


def _from(project: Path, path: Path) -> str:
    """A path as an address can hold it: without the folders above, called who knows what."""
    return os.path.relpath(path.resolve(), project.resolve())
