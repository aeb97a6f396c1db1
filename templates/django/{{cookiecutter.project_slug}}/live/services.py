"""Turns the address of Redis into a setting."""

from redis import ConnectionPool, RedisError

from config.environment import SettingsError
from config.services import ESCAPES


def redis(url: str) -> str:
    """Return the address, or nothing if there is none."""
    try:
        if url:
            # It is made and not opened: what is wrong in the address shows.
            ConnectionPool.from_url(url).make_connection()
    except (RedisError, TypeError, ValueError):
        raise SettingsError(
            "REDIS_URL must look like redis://:password@localhost:6379/0, "
            f"rediss://… or unix://…; {ESCAPES}"
        ) from None
    return url
