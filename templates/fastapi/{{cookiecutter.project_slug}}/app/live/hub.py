"""Who gets to know of a change: whoever is connected here, and the other processes."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy.util.concurrency import await_, in_greenlet

from app.settings import Settings, load_settings

if TYPE_CHECKING:
    from app.live.relay import Relay

# Each costs some 40 KB.
MAX_CONNECTIONS = 10_000


class Listener(Protocol):
    def deliver(self, texts: Sequence[str]) -> None:
        """Take messages, at once and from any thread."""

    def send_away(self) -> None:
        """Something is missing: whoever comes again sees how it is now."""


class Hub:
    """Hands messages to everybody who listens. There is one in each process."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        # The way to the other processes; `None` if there is none.
        self.relay: Relay | None = None
        self.limit = MAX_CONNECTIONS
        self._is_set_up = False

    @property
    def is_full(self) -> bool:
        return len(self.listeners) >= self.limit

    def set_up(self, settings: Settings) -> None:
        self._is_set_up = True
        self.relay = None
        if redis_url := settings.redis_url.get_secret_value():
            # Here, because it takes long and few need it.
            from app.live.relay import Relay

            self.relay = Relay(redis_url, settings.origin)

    def publish(self, messages: Sequence[dict[str, Any]]) -> None:
        """Send what a session has committed: it waits in a greenlet of SQLAlchemy's."""
        if messages and in_greenlet():
            await_(self.send(messages))

    async def send(self, messages: Sequence[dict[str, Any]]) -> None:
        """Tell everybody, here first; a change that is stored never fails for it."""
        texts = [json.dumps(message) for message in messages]
        self.deliver(texts)
        if not self._is_set_up:  # in a command or a worker
            self.set_up(load_settings())
        if self.relay:
            await self.relay.send(texts)

    def deliver(self, texts: Sequence[str]) -> None:
        for listener in list(self.listeners):
            listener.deliver(texts)

    def send_away(self) -> None:
        for listener in list(self.listeners):
            listener.send_away()


hub = Hub()
