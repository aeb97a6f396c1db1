"""Who listens in this process, and what each of them has still to be sent."""

import json
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from app.live.relay import Relay

# So many messages may wait for a reader that is slow; then it has to come again. An
# import sends hundreds in a second. They are the same for all, and kept once.
LONGEST_QUEUE = 1000

# https://www.iana.org/assignments/websocket/websocket.xhtml#close-code-number
GOING_AWAY = 1001
POLICY_VIOLATION = 1008
TOO_BIG = 1009
TRY_AGAIN_LATER = 1013


class Mailbox:
    """The messages of one listener, until the thread that serves it takes them."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self.messages: deque[str] = deque()
        # What the connection is to be closed with, when nothing more comes.
        self.ended = 0
        self._ring = ring

    def put(self, messages: Sequence[str]) -> None:
        """Take what one transaction has changed: that is one step, however large."""
        if len(self.messages) < LONGEST_QUEUE:
            self.messages.extend(messages)
            self._ring()
        else:
            self.end(TRY_AGAIN_LATER)

    def take(self) -> str | None:
        with suppress(IndexError):
            return self.messages.popleft()
        return None

    def end(self, code: int) -> None:
        self.ended = self.ended or code
        self.messages.clear()
        self._ring()


class Hub:
    """Everybody who listens in this process, and the way to the other processes."""

    def __init__(self) -> None:
        self.relay: Relay | None = None
        self._mailboxes: set[Mailbox] = set()
        self._has_ended = False
        # Signals are handled in a thread that may hold it already.
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._mailboxes)

    def join(self, mailbox: Mailbox, places: int) -> None:
        """Send to a listener too, unless all places are taken or the server ends."""
        with self._lock:
            if self._has_ended:
                mailbox.end(GOING_AWAY)
            elif len(self) >= places:
                mailbox.end(TRY_AGAIN_LATER)
            else:
                self._mailboxes.add(mailbox)

    def leave(self, mailbox: Mailbox) -> None:
        with self._lock:
            self._mailboxes.discard(mailbox)

    def publish(self, messages: Sequence[dict[str, Any]]) -> None:
        """Tell everybody, here first; a change that is stored never fails for it."""
        texts = [json.dumps(message) for message in messages]
        if texts:
            self.deliver(texts)
        if texts and self.relay:
            self.relay.send(texts)

    def deliver(self, texts: Sequence[str]) -> None:
        with self._lock:
            for mailbox in self._mailboxes:
                if not mailbox.ended:
                    mailbox.put(texts)

    def start_anew(self) -> None:
        """Let everybody come again: pages load then what they have missed."""
        with self._lock:
            for mailbox in self._mailboxes:
                mailbox.end(TRY_AGAIN_LATER)

    def end(self) -> None:
        """Send everybody away, and whoever comes later: the process is about to end."""
        with self._lock:
            self._has_ended = True
            for mailbox in self._mailboxes:
                mailbox.end(GOING_AWAY)


hub = Hub()
