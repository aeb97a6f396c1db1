"""Messages between the processes and machines of the site, through Redis.

https://redis.readthedocs.io/en/stable/
"""

import json
import logging
import random
import secrets
import threading
import time
from collections.abc import Callable, Sequence

from redis import Redis
from redis.backoff import NoBackoff
from redis.client import PubSub
from redis.exceptions import ConnectionError as DisconnectedError
from redis.exceptions import RedisError
from redis.retry import Retry

# How long whoever changes a product may have to wait for Redis, in seconds: for a
# connection, for an answer; and for how long nobody waits after it has failed.
PATIENCE = 0.5
PAUSE_AFTER_FAILURE = 5
LONGEST_PAUSE = 30
# Redis is asked whether it is there if it says nothing for so long.
SILENCE = 30

Deliver = Callable[[list[str]], None]

logger = logging.getLogger(__name__)


class Relay:
    """The way to the other processes; each of them that has listeners listens too."""

    def __init__(self, url: str, site: str) -> None:
        # Another site may use the same Redis, or this one for a trial: to channels the
        # number of a database makes no difference.
        self.channel = f"{site}:products"
        self.sender = secrets.token_hex(8)
        self._redis = Redis.from_url(
            url,
            socket_connect_timeout=PATIENCE,
            socket_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
        )
        self._silent_until = 0.0
        self._listening = threading.Lock()

    def send(self, texts: Sequence[str]) -> None:
        """Send to the others; if that fails they miss it, and the log says so."""
        if time.monotonic() < self._silent_until:
            return
        try:
            message = {"from": self.sender, "texts": texts}
            self._redis.publish(self.channel, json.dumps(message))
        except (RedisError, OSError) as error:
            self._silent_until = time.monotonic() + PAUSE_AFTER_FAILURE
            logger.warning("Redis takes no messages: %s", type(error).__name__)

    def listen(self, deliver: Deliver, start_anew: Callable[[], None]) -> None:
        """Hand on what others send, from now on, in a thread; once is enough.

        After an interruption nobody knows what they have sent meanwhile.
        """
        if self._listening.acquire(blocking=False):
            work = threading.Thread(target=self._receive, args=[deliver, start_anew])
            work.daemon = True
            work.start()

    def _receive(self, deliver: Deliver, start_anew: Callable[[], None]) -> None:
        was_interrupted = False
        pause = 1.0
        while True:
            connected_at = time.monotonic()
            try:
                with self._redis.pubsub() as pubsub:  # type: ignore[no-untyped-call]  # has no types
                    pubsub.subscribe(self.channel)
                    if was_interrupted:
                        start_anew()
                    self._hand_on_all(pubsub, deliver)
            except Exception as error:  # without this thread nobody hears of others
                was_interrupted = True
                logger.warning("Redis sends no messages: %s", type(error).__name__)
            if time.monotonic() - connected_at > LONGEST_PAUSE:
                pause = 1.0
            time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311
            pause = min(pause * 2, LONGEST_PAUSE)

    def _hand_on_all(self, pubsub: PubSub, deliver: Deliver) -> None:
        """Until the connection breaks, or Redis says nothing when it is asked."""
        is_silent = False
        while True:
            message = pubsub.get_message(timeout=SILENCE)
            if message is None and is_silent:
                raise DisconnectedError("silence")
            is_silent = message is None
            if message is None:
                pubsub.ping()
            elif message["type"] == "message":
                self._hand_on(message["data"], deliver)

    def _hand_on(self, data: bytes, deliver: Deliver) -> None:
        try:
            message = json.loads(data)
            if message["from"] != self.sender:
                deliver(message["texts"])
        except (ValueError, KeyError, TypeError):
            logger.warning("Redis sent something else than a message of ours.")
