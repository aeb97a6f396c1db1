"""Turns the addresses of the database and of the mail server into Django's settings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from config.environment import SettingsError

ESCAPES = "in a password, # is written %23, / %2F and @ %40."


def database(url: str, base: Path) -> dict[str, Any]:
    """Return DATABASES["default"] for `sqlite:///file` or `postgresql://host/name`."""
    parts = _split(url, "DATABASE_URL")
    path = unquote(parts.path[1:])
    if parts.scheme == "sqlite" and not parts.netloc and path:
        return _PERSISTENT | _sqlite(base / path)
    if parts.scheme == "postgresql" and path and _takes(parts.query):
        return _PERSISTENT | _postgresql(parts, path)
    raise SettingsError(
        "DATABASE_URL must look like sqlite:///var/db.sqlite3 "
        "or postgresql://user:password@localhost:5432/name; "
        f"{ESCAPES}"
    )


# A new connection for each request would cost more than the request:
# https://docs.djangoproject.com/en/5.2/ref/databases/#persistent-connections
_PERSISTENT = {"CONN_MAX_AGE": 600}


def _sqlite(file: Path) -> dict[str, Any]:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            "DATABASE_URL names a file in a folder that cannot be made: "
            f"{error.strerror}."
        ) from error
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        # With a write-ahead log readers never wait for the writer, and with IMMEDIATE
        # writers wait for each other instead of failing:
        # https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-transaction-behavior
        "OPTIONS": {
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
            "transaction_mode": "IMMEDIATE",
            "timeout": 4,
        },
    }


def _takes(options: str) -> bool:
    from psycopg import ProgrammingError  # takes its time, and SQLite needs none
    from psycopg.conninfo import make_conninfo

    try:
        make_conninfo(**dict(parse_qsl(options)))
    except ProgrammingError:
        return False
    return True


def _postgresql(parts: SplitResult, name: str) -> dict[str, Any]:
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "config.postgresql",
        # A connection that the server has dropped is noticed before it is used.
        "CONN_HEALTH_CHECKS": True,
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A Unix socket cannot be written before the path: `?host=/run/postgresql`.
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"connect_timeout": 2} | options,
    }


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What Django's EMAIL_… settings are made of."""

    backend: str = "django.core.mail.backends.smtp.EmailBackend"
    folder: Path | None = None
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    ssl: bool = False
    tls: bool = False


def mail(url: str, base: Path) -> Mail:
    """Return how to send mail for `smtp://host`, `smtps://host` or `file:folder`."""
    parts = _split(url, "MAIL_URL")
    if parts.scheme == "file" and not parts.netloc and parts.path:
        folder = base / unquote(parts.path)
        return Mail(backend="config.mail.FolderBackend", folder=folder)
    if parts.scheme in ("smtp", "smtps") and parts.hostname:
        ssl = parts.scheme == "smtps"
        return Mail(
            host=parts.hostname,
            port=parts.port or (465 if ssl else 25),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            ssl=ssl,
            # Passwords never travel in the clear.
            tls=bool(parts.username) and not ssl,
        )
    raise SettingsError(
        "MAIL_URL must look like smtp://user:password@mail.example.com:587, "
        f"smtps://… or file:var/mail; {ESCAPES}"
    )


def _split(url: str, name: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.port != 0 and not parts.fragment
    except ValueError:
        usable = False
    if not usable:  # not told in Python's words: a part of the password is in them
        raise SettingsError(f"{name} is not an address; {ESCAPES}")
    return parts
