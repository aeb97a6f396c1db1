"""Who listens in this process, and what each of them has still to be sent."""

import asyncio
from contextlib import suppress

# So many messages may wait for a reader that is slow; then it has to come again.
LONGEST_QUEUE = 100
# In one process, and never more than half of the files that `ulimit -n` lets it open.
MOST_LISTENERS = 10_000


class Listener:
    """A queue of messages, until it is full."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[str] = asyncio.Queue(LONGEST_QUEUE)
        self.fell_behind = asyncio.Event()

    def put(self, message: str) -> None:
        try:
            self.messages.put_nowait(message)
        except asyncio.QueueFull:
            self.fell_behind.set()


class Hub:
    """Takes messages from any thread, and hands them out in that of the event loop."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self) -> None:
        """Hand out what comes, for as long as the server runs."""
        messages: asyncio.Queue[str] = asyncio.Queue()
        self._messages, self._loop = messages, asyncio.get_running_loop()
        try:
            while True:
                message = await messages.get()
                for listener in self.listeners:
                    listener.put(message)
                # When many come at once, each is passed on before the next one.
                await asyncio.sleep(0)
        finally:
            self._loop = None

    def join(self, listener: Listener) -> bool:
        """Say whether there was room for one more."""
        if len(self.listeners) >= MOST_LISTENERS:
            return False
        self.listeners.add(listener)
        return True

    def leave(self, listener: Listener) -> None:
        self.listeners.discard(listener)

    def send_away(self) -> None:
        """End all connections: who comes again looks for what was missed."""
        for listener in self.listeners:
            listener.fell_behind.set()

    def send(self, message: str) -> None:
        """Hand out a message; a command has no loop, and nobody who listens."""
        if self._loop:
            with suppress(RuntimeError):  # the loop ends at this very moment
                self._loop.call_soon_threadsafe(self._messages.put_nowait, message)


hub = Hub()
