"""How the server speaks HTTP: at once."""

import asyncio
from collections.abc import Callable
from socket import IPPROTO_TCP, TCP_NODELAY
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# What begins a request, all headers together, is shorter than this.
LONGEST_HEAD = 128 * 1024
# So many seconds may pass until all of a request is there, from the connection on.
PATIENCE = 30


class PromptProtocol(HttpToolsProtocol):
    """Sends the body right after the head, without waiting for the other side.

    asyncio sees to that by itself, but not for the socket that workers share: there
    every answer on a connection that is kept would come 40 milliseconds later.
    """

    # What tells, of a request, that another protocol can take over from here.
    handshakes: ClassVar[list[Callable[[Any], bool]]] = []

    is_in_head = False
    head_length = 0
    patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        transport.get_extra_info("socket").setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        super().connection_made(transport)
        self.begin_to_wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self.wait_no_more()
        super().connection_lost(exc)

    def begin_to_wait(self) -> None:
        """Hang up on whoever is too slow: uvicorn would wait for ever."""
        self.wait_no_more()
        self.patience = self.loop.call_later(PATIENCE, self.transport.close)

    def wait_no_more(self) -> None:
        if self.patience:
            self.patience.cancel()
            self.patience = None

    def data_received(self, data: bytes) -> None:
        """Refuse a head that does not end: uvicorn would keep all of it."""
        was_in_head = self.is_in_head
        super().data_received(data)
        if was_in_head and self.is_in_head:
            self.head_length += len(data)
            if self.head_length > LONGEST_HEAD:
                self.send_400_response("The head of this request is too long.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.begin_to_wait()
        self.is_in_head = True
        self.head_length = 0

    def on_headers_complete(self) -> None:
        self.is_in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self.wait_no_more()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self.wait_no_more()
        super().handle_websocket_upgrade()

    def _should_upgrade(self) -> bool:
        return super()._should_upgrade() and any(
            is_handshake(self) for is_handshake in self.handshakes
        )
