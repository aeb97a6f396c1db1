"""Reads what differs between machines: the environment first, then `.env`."""

import os
import re
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

Network = IPv4Network | IPv6Network

EXAMPLE = "example-"
YES = ("true", "yes", "on", "1")
NO = ("false", "no", "off", "0")
HOST = r"(?:[a-z0-9]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])"


class SettingsError(ImproperlyConfigured):
    """A variable is missing or unusable; the message is a sentence that names it."""


class Environment:
    """The variables of the process, over those of a file; an empty one is not set."""

    def __init__(self, file: Path) -> None:
        self._values = {**_read(file), **os.environ}

    def text(self, name: str, default: str = "") -> str:
        return self._values.get(name, "").strip() or default

    def words(self, name: str) -> list[str]:
        return [word for part in self.text(name).split(",") if (word := part.strip())]

    def flag(self, name: str) -> bool:
        value = self.text(name, "false").lower()
        if value not in YES + NO:
            raise SettingsError(f"{name} must be true or false, not {value!r}.")
        return value in YES

    def number(self, name: str, default: int, highest: int) -> int:
        value = self.text(name, str(default))
        digits = value.isascii() and value.isdigit() and len(value) < 10
        if not (digits and 1 <= int(value) <= highest):
            raise SettingsError(
                f"{name} must be a whole number from 1 to {highest}, not {value!r}."
            )
        return int(value)

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """Return one of some words, in whichever case; the first one is the default."""
        value = self.text(name, choices[0])
        if value.upper() not in choices:
            raise SettingsError(
                f"{name} must be one of {', '.join(choices)}, not {value!r}."
            )
        return value.upper()

    def hosts(self, name: str) -> list[str]:
        hosts = self.words(name)
        if not all(re.fullmatch(rf"\*|\.?{HOST}", host, re.I) for host in hosts):
            raise SettingsError(
                f"{name} must be names of hosts without a port, such as www.example.com "
                "or .example.com."
            )
        return hosts

    def networks(self, name: str) -> list[Network]:
        try:
            return [ip_network(word) for word in self.words(name)]
        except ValueError as error:
            raise SettingsError(f"{name} must be IP addresses: {error}.") from error

    def secret_key(self, *, debug: bool) -> str:
        key = self.text("SECRET_KEY", f"{EXAMPLE}for-development" if debug else "")
        if not debug and (len(key) < 32 or key.startswith(EXAMPLE)):
            raise SettingsError(
                "SECRET_KEY must be at least 32 random characters, and not the example."
            )
        return key

    def site_url(self, default: str) -> str:
        url = self.text("SITE_URL", default).removesuffix("/")
        try:
            usable = urlsplit(url).port != 0
        except ValueError:
            usable = False
        if not (usable and re.fullmatch(rf"https?://{HOST}(:[0-9]+)?", url, re.I)):
            raise SettingsError(
                "SITE_URL must be the address of the site without a path, "
                "such as https://www.example.com."
            )
        return url


def _read(file: Path) -> dict[str, str]:
    values = {}
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        name, equals, value = line.partition("=")
        if equals and not name.startswith("#"):
            values[name.strip()] = _unquoted(value.strip())
    return values


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value
