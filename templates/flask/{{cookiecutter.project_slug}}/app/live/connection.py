"""One WebSocket, served by the thread that its request came in.

wsproto knows the protocol, the waiting is done here: whatever a client sends or leaves
unread, its thread is free again soon. https://python-hyper.org/projects/wsproto/
"""

import selectors
import socket
from base64 import b64decode
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic

from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Event,
    Message,
    Ping,
    Pong,
    TextMessage,
)
from wsproto.utilities import RemoteProtocolError

from app.live.hub import POLICY_VIOLATION, TOO_BIG, Mailbox

# Proxies take a connection for dead when nothing comes for a minute.
PING_SECONDS = 25
# How long a client has to read what is on its way, and to say goodbye.
LAST_SECONDS = 3
LARGEST_MESSAGE = 4096
# So many pings and pongs may a client send from one ping of ours to the next.
MOST_PINGS = 10
PIECE = 4096

Headers = Sequence[tuple[str, str]]


class BadHandshakeError(Exception):
    """Somebody asks for a WebSocket in a way that the protocol does not know."""


class Connection:
    """A client that listens; what its mailbox gets is sent to it."""

    def __init__(
        self, client: socket.socket, asked: Headers, answered: Headers
    ) -> None:
        if not _is_key(dict(asked).get("Sec-Websocket-Key", "")):
            raise BadHandshakeError
        self.client = client
        self.protocol = WSConnection(ConnectionType.SERVER)
        self.outgoing = bytearray()
        self.received = 0
        self.pings = 0
        self.ping_at = monotonic() + PING_SECONDS
        self.ends_at = float("inf")
        self.is_alive = True
        try:
            self.protocol.initiate_upgrade_connection(_encoded(asked), "/")
        except (RemoteProtocolError, UnicodeError) as error:
            raise BadHandshakeError from error
        list(self.protocol.events())  # the request itself: nothing in it is needed
        self._send(AcceptConnection(extra_headers=_encoded(answered)))
        self.bell, self._button = socket.socketpair()
        self.mailbox = Mailbox(self._ring)

    def _ring(self) -> None:
        with suppress(BlockingIOError):  # then it rings already
            self._button.send(b"!")

    def serve(self) -> None:
        """Send what comes into the mailbox, until one of the two sides ends it."""
        with selectors.DefaultSelector() as selector, suppress(OSError):
            for one in (self.client, self.bell, self._button):
                one.setblocking(False)
            selector.register(self.client, selectors.EVENT_READ)
            selector.register(self.bell, selectors.EVENT_READ)
            while self._goes_on():
                self._wait(selector)

    def close(self) -> None:
        """Let go of what is its own; the client's socket belongs to the server."""
        self.bell.close()
        self._button.close()

    @property
    def is_open(self) -> bool:
        return self.protocol.state is ConnectionState.OPEN

    def _goes_on(self) -> bool:
        """Put together what is to be sent next, and tell whether that is all."""
        now = monotonic()
        if self.is_open and now >= self.ping_at:
            if not self.is_alive:
                return False
            self._send(Ping())
            self.is_alive = False
            self.pings = 0
            self.ping_at = now + PING_SECONDS
        while self._may_send and (message := self.mailbox.take()):
            self._send(TextMessage(data=message))
        if self.mailbox.ended and self.is_open:
            self._send(CloseConnection(code=self.mailbox.ended))
        if not self.is_open:
            self.ends_at = min(self.ends_at, now + LAST_SECONDS)
        is_over = self.protocol.state is ConnectionState.CLOSED and not self.outgoing
        return not is_over and now < self.ends_at

    def _wait(self, selector: selectors.BaseSelector) -> None:
        # Whoever does not read is not read either: answers to pings would pile up.
        reading = selectors.EVENT_READ if len(self.outgoing) < PIECE else 0
        writing = selectors.EVENT_WRITE if self.outgoing else 0
        selector.modify(self.client, reading | writing)
        until = self.ping_at if self.is_open else self.ends_at
        for key, ready in selector.select(max(0, until - monotonic())):
            if key.fileobj is self.bell:
                self.bell.recv(PIECE)
                continue
            if ready & selectors.EVENT_WRITE:
                del self.outgoing[: self.client.send(self.outgoing)]
            if ready & selectors.EVENT_READ:
                self._receive(self.client.recv(PIECE))

    def _receive(self, data: bytes) -> None:
        if not data:
            raise ConnectionResetError
        if self.protocol.state is not ConnectionState.CLOSED:
            self.protocol.receive_data(data)
            for event in self.protocol.events():
                self._handle(event)

    def _handle(self, event: Event) -> None:
        if isinstance(event, Ping | Pong):
            self.is_alive = True
            self.pings += 1
            if self.pings > MOST_PINGS:
                self.mailbox.end(POLICY_VIOLATION)
        if isinstance(event, Message):
            data = event.data
            self.received += len(data.encode() if isinstance(data, str) else data)
            if self.received > LARGEST_MESSAGE:
                self.mailbox.end(TOO_BIG)
            elif event.message_finished:
                self.mailbox.end(POLICY_VIOLATION)
        elif isinstance(event, CloseConnection | Ping) and self._may_answer:
            self._send(event.response())

    @property
    def _may_send(self) -> bool:
        return self.is_open and len(self.outgoing) < PIECE

    @property
    def _may_answer(self) -> bool:
        return self.is_open or self.protocol.state is ConnectionState.REMOTE_CLOSING

    def _send(self, event: Event) -> None:
        self.outgoing += self.protocol.send(event)


def _is_key(text: str) -> bool:
    """wsproto takes any: https://www.rfc-editor.org/rfc/rfc6455#section-4.2.1"""
    try:
        return len(b64decode(text, validate=True)) == 16
    except ValueError:
        return False


def _encoded(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode("latin-1")) for name, value in headers]
