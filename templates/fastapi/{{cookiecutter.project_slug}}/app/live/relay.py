"""Messages between the processes and machines of the site, through Redis.

https://redis.readthedocs.io/en/stable/examples/asyncio_examples.html
"""

import asyncio
import json
import logging
import random
import secrets
import time
from collections.abc import Callable, Sequence

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import RedisError

# How long whoever changes a product may have to wait for Redis, in seconds; and for how
# long nobody waits after it has failed.
PATIENCE = 1
PAUSE_AFTER_FAILURE = 5
LONGEST_PAUSE = 30
# So many texts are one message: Redis gives up who has to take too much at once.
AT_ONCE = 100
# Redis is asked whether it is there if it says nothing for so long.
SILENCE = 30

logger = logging.getLogger(__name__)


class Relay:
    def __init__(self, url: str, site: str) -> None:
        self.url = url
        # Another site may use the same Redis, and channels know no databases.
        self.channel = f"{site}:products"
        self.sender = secrets.token_hex(8)
        self._silent_until = 0.0

    async def send(self, texts: Sequence[str]) -> None:
        """Send to the others; if that fails they miss it, and the log says so.

        On a connection of its own, for a command or a worker soon ends its event loop.
        """
        if time.monotonic() < self._silent_until:
            return
        try:
            async with asyncio.timeout(PATIENCE), Redis.from_url(self.url) as redis:
                pipeline = redis.pipeline(transaction=False)
                for start in range(0, len(texts), AT_ONCE):
                    part = texts[start : start + AT_ONCE]
                    message = {"from": self.sender, "texts": part}
                    pipeline.publish(self.channel, json.dumps(message))
                await pipeline.execute()
        except (RedisError, OSError, ValueError) as error:
            self._silent_until = time.monotonic() + PAUSE_AFTER_FAILURE
            logger.warning("Redis takes no messages: %s", type(error).__name__)

    async def receive(
        self,
        deliver: Callable[[Sequence[str]], None],
        miss: Callable[[], None],
    ) -> None:
        """Hand on what others send, for ever; say when something may have been missed."""
        pause = 1.0
        was_away = False
        while True:
            try:
                async with Redis.from_url(self.url) as redis, redis.pubsub() as pubsub:
                    async with asyncio.timeout(SILENCE):
                        await pubsub.subscribe(self.channel)
                    is_silent = False
                    while True:
                        message = await pubsub.get_message(timeout=SILENCE)
                        if message is None:
                            if is_silent:
                                raise Disconnected("silence")
                            await pubsub.ping()
                        elif message["type"] == "message":
                            self._hand_on(message["data"], deliver)
                            await asyncio.sleep(0)  # listeners get it before the next
                        else:  # that it is there
                            pause = 1.0
                            if was_away:
                                miss()
                            was_away = False
                        is_silent = message is None
            except (RedisError, OSError, ValueError) as error:
                logger.warning("Redis sends no messages: %s", type(error).__name__)
                was_away = True
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311
            pause = min(pause * 2, LONGEST_PAUSE)

    def _hand_on(self, data: bytes, deliver: Callable[[Sequence[str]], None]) -> None:
        try:
            message = json.loads(data)
            if message["from"] != self.sender:
                deliver(message["texts"])
        except (ValueError, KeyError, TypeError):
            logger.warning("Redis sent something else than a message of ours.")
