"""Turns the addresses of the database and of the mail server into Django's settings."""

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from config.environment import SettingsError


def database(url: str, folder: Path) -> dict[str, Any]:
    """Return DATABASES["default"] for `sqlite:///file` or `postgresql://host/name`."""
    parts = _split(url, "DATABASE_URL")
    path = unquote(parts.path[1:])
    if parts.scheme == "sqlite" and not parts.netloc and path:
        return _PERSISTENT | _sqlite(folder / path)
    if parts.scheme == "postgresql" and path:
        return _PERSISTENT | _postgresql(parts, path)
    raise SettingsError(
        "DATABASE_URL must look like sqlite:///var/db.sqlite3 "
        "or postgresql://user:password@localhost:5432/name."
    )


# A new connection for each request would cost more than the request, and one that the
# database has dropped is noticed before it is used:
# https://docs.djangoproject.com/en/5.2/ref/databases/#persistent-connections
_PERSISTENT = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}


def _sqlite(file: Path) -> dict[str, Any]:
    file.parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        # With a write-ahead log readers never wait for the writer, and with IMMEDIATE
        # writers wait for each other instead of failing:
        # https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-transaction-behavior
        "OPTIONS": {
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
        },
    }


def _postgresql(parts: SplitResult, name: str) -> dict[str, Any]:
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A Unix socket cannot be written before the path: `?host=/run/postgresql`.
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"connect_timeout": 2} | options,
    }


def mail(url: str, folder: Path) -> dict[str, Any]:
    """Return the EMAIL_… settings for `smtp://…`, `smtps://…` or `file:folder`."""
    parts = _split(url, "MAIL_URL")
    if parts.scheme == "file" and not parts.netloc and parts.path:
        return {
            "EMAIL_BACKEND": "config.mail.FolderBackend",
            "EMAIL_FILE_PATH": str(folder / unquote(parts.path)),
        }
    if parts.scheme in ("smtp", "smtps") and parts.hostname:
        encrypted = parts.scheme == "smtps"
        return {
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": parts.port or (465 if encrypted else 25),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": encrypted,
            # A password never travels in the clear.
            "EMAIL_USE_TLS": not encrypted and bool(parts.username),
            "EMAIL_TIMEOUT": 10,
        }
    raise SettingsError(
        "MAIL_URL must look like smtp://user:password@mail.example.com:587, "
        "smtps://… or file:var/mail."
    )


def _split(url: str, name: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise SettingsError(f"{name} is not an address: {error}.") from error
    return parts
