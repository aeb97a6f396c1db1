"""Turns the address of Redis into a setting."""

from urllib.parse import urlsplit

from config.environment import SettingsError


def redis(url: str) -> str:
    """Return the address, or nothing if there is none."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("redis", "rediss", "unix") and parts.port != 0
    except ValueError:
        usable = False
    if url and not usable:
        raise SettingsError(
            "REDIS_URL must begin with redis://, rediss:// or unix://, and its port must "
            "be a number: in a password, # is written %23, / %2F and ? %3F."
        )
    return url
