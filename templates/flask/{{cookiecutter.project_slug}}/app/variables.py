"""What the variables that hold addresses have to look like.

A bad one is refused with a sentence before anything starts, and is not repeated: there
may be a password in it.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

HOST = r"(?:[a-z0-9]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])"

NO_SITE = (
    "SITE_URL must be the address of the site without a path,"
    " such as https://www.example.com."
)
NO_HOSTS = (
    "ALLOWED_HOSTS must be names of hosts without a port, such as www.example.com"
    " or *.example.com."
)
NO_DATABASE = (
    "DATABASE_URL must look like sqlite:///var/db.sqlite3"
    " or postgresql://user:password@localhost:5432/name;"
    " in a password, # is written %23, / %2F and @ %40."
)
NO_FOLDER = "DATABASE_URL names a file in a folder that cannot be made: {}."
NO_MAIL = (
    "MAIL_URL must look like smtp://user:password@mail.example.com:587,"
    " smtps://… or file:var/mail; in a password, # is written %23, / %2F and @ %40."
)


def check_site(url: str) -> None:
    if not re.fullmatch(rf"https?://{HOST}(:[0-9]+)?/?", url, re.I) or not _parts(url):
        raise ValueError(NO_SITE)


def check_hosts(names: tuple[str, ...]) -> None:
    if not all(re.fullmatch(rf"\*|(\*\.)?{HOST}", name, re.I) for name in names):
        raise ValueError(NO_HOSTS)


def check_database(url: str, project: Path) -> None:
    """Refuse what is no database; make the folder of one that is a file."""
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError(NO_DATABASE) from None
    # What is only in memory would be another one in each process.
    if parts.database in (None, "", ":memory:") or not _is_known(parts, url):
        raise ValueError(NO_DATABASE)
    if parts.drivername == "sqlite":
        try:
            (project / parts.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ValueError(NO_FOLDER.format(error.strerror)) from None


def _is_known(parts: URL, url: str) -> bool:
    if parts.drivername != "postgresql":
        return parts.drivername == "sqlite" and not parts.host
    return _parts(url) is not None and _takes(parts.query)


def _takes(options: Mapping[str, Any]) -> bool:
    try:
        make_conninfo(**options)
    except ProgrammingError:
        return False
    return True


def check_mail(url: str) -> None:
    parts = _parts(url)
    is_server = parts and parts.scheme in ("smtp", "smtps") and parts.hostname
    is_folder = parts and parts.scheme == "file" and parts.path and not parts.netloc
    if not (is_server or is_folder):
        raise ValueError(NO_MAIL)


def _parts(url: str) -> SplitResult | None:
    """What an address is made of: nothing, if its host or its port is none."""
    try:
        parts = urlsplit(url)
        return None if parts.port == 0 or parts.fragment else parts
    except ValueError:
        return None
