"""Carries messages between processes and machines, where there is a REDIS_URL.

A process hands its own messages out by itself, so when Redis is gone only the others
miss them.
https://redis.io/docs/latest/develop/pubsub/
"""

import asyncio
import json
import logging
import time
from secrets import token_hex
from typing import Any

from django.conf import settings
from redis import Redis, RedisError
from redis.asyncio import Redis as AsyncRedis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

from live.hub import hub

logger = logging.getLogger(__name__)

# How long a request may wait for Redis, to connect and again to send
PATIENCE = 0.4
# How long it is left alone after a failure
REST = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
# After so many quiet seconds it is asked whether it is still there.
QUIET = 10.0


class Relay:
    """Sends what happens here to the others, and hands out what they send."""

    def __init__(self) -> None:
        self.sender = token_hex(8)
        # Other sites may use the same Redis, and channels know no database numbers.
        self.channel = f"{settings.SITE_URL}:products"
        self._client: Redis | None = None
        self._rests_until = 0.0

    def send(self, message: str) -> None:
        """Send a message to the other processes, or write down why that failed."""
        if time.monotonic() < self._rests_until:
            return
        try:
            self._client = self._client or Redis.from_url(
                settings.REDIS_URL,
                socket_timeout=PATIENCE,
                socket_connect_timeout=PATIENCE,
                retry=Retry(NoBackoff(), 0),
            )
            letter = json.dumps({"from": self.sender, "message": message})
            self._client.publish(self.channel, letter)
        except (RedisError, OSError, ValueError) as error:
            self._rests_until = time.monotonic() + REST
            logger.warning("Live updates do not reach other processes: %s", error)

    async def listen(self) -> None:
        """Hand out what the others send, for ever; without Redis, wait until it is back."""
        pause = FIRST_PAUSE
        was_away = False
        while True:
            try:
                async with (
                    AsyncRedis.from_url(
                        settings.REDIS_URL,
                        socket_connect_timeout=LONGEST_PAUSE,
                        retry=AsyncRetry(NoBackoff(), 0),
                    ) as client,
                    client.pubsub(ignore_subscribe_messages=True) as subscription,
                ):
                    await subscription.subscribe(self.channel)
                    pause = FIRST_PAUSE
                    if was_away:
                        hub.send_away()
                    while True:
                        received = await subscription.get_message(timeout=QUIET)
                        if received:
                            self.receive(received)
                        else:  # a server may die without a word
                            await asyncio.wait_for(client.ping(), QUIET)
            except Exception as error:
                was_away = True
                reason = str(error) or type(error).__name__
                logger.warning("No live updates from other processes: %s", reason)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def receive(self, received: dict[str, Any]) -> None:
        """Hand out what another process has sent."""
        letter = json.loads(received["data"])
        if letter["from"] != self.sender:
            hub.send(letter["message"])


relay = Relay()
