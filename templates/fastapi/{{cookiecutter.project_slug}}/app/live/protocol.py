"""How the server speaks WebSocket: it answers what is asked rightly, and ends in order."""

import base64
import binascii
import logging
from asyncio import BaseTransport
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

from app.protocol import PromptProtocol

# The addresses of WebSockets: everywhere else HTTP answers, even if a socket is asked for.
PATHS = {b"/ws/products"}
# A body, and ways to talk that are not spoken here.
UNWANTED = {b"content-length", b"transfer-encoding", b"sec-websocket-protocol"}
# What is longer is left to HTTP, which reads it and refuses it in its own way.
MOST_HEADERS = 100
LONGEST_HEADER = 8000

# It would write down addresses and cookies; `app.logs` writes a line without secrets.
logger = logging.getLogger("uvicorn.sockets")
logger.setLevel(logging.WARNING)


def is_handshake(http: Any) -> bool:
    """Whether a request opens a WebSocket: everything else is answered over HTTP.

    https://www.rfc-editor.org/rfc/rfc6455#section-4.2.1
    """
    headers: list[tuple[bytes, bytes]] = http.scope["headers"]
    given: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        given.setdefault(name, []).append(value)
    lengths = [len(name) + len(value) for name, value in headers]
    return (
        http.scope["method"] == "GET"
        and http.scope["http_version"] == "1.1"
        and http.url.isascii()
        and http.url.partition(b"?")[0] in PATHS
        and given.get(b"sec-websocket-version") == [b"13"]
        and _is_key(*given.get(b"sec-websocket-key", []))
        and len(given.get(b"origin", [])) <= 1
        and not given.keys() & UNWANTED
        and len(headers) <= MOST_HEADERS
        and max(len(http.url), *lengths) <= LONGEST_HEADER
    )


def _is_key(*values: bytes) -> bool:
    try:
        return [len(base64.b64decode(value, validate=True)) for value in values] == [16]
    except binascii.Error:
        return False


PromptProtocol.handshakes.append(is_handshake)


class SocketProtocol(WebSocketsSansIOProtocol):
    """Nobody keeps a connection by not reading, and everybody hears of the end."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.logger = logger
        self.conn.logger = logger
        self.conn.debug = False

    def handle_bytes(self, event: Frame) -> None:
        """That somebody says something is enough to know, before it has an end."""
        self.frames, self.curr_msg_data_type = [b""], "bytes"
        self.send_receive_event_to_app()

    def handle_text(self, event: Frame) -> None:
        self.handle_bytes(event)

    def handle_cont(self, event: Frame) -> None:
        """Nobody waits for the rest."""

    def pause_writing(self) -> None:
        """Whoever does not read is not listened to: pings would be answered in vain."""
        super().pause_writing()
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        super().resume_writing()
        if not self.read_paused:
            self.transport.resume_reading()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.transport.abort()

    async def send(self, message: Any) -> None:
        await super().send(message)
        if self.close_sent:  # a refusal ends the handshake too
            self.handshake_complete = True

    async def run_asgi(self) -> None:
        await super().run_asgi()
        self._end_soon()

    def shutdown(self) -> None:
        """Say that the server goes away, where uvicorn says that it restarts."""
        if self.handshake_complete and not self.close_sent:
            self.stop_keepalive()
            code = CloseCode.GOING_AWAY
            self.queue.put_nowait({"type": "websocket.disconnect", "code": code})
            self.conn.send_close(code)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()
        else:
            super().shutdown()
        self._end_soon()

    def _end_soon(self) -> None:
        """What has not been read by then is not waited for."""
        self.loop.call_later(self.close_timeout / 2, self.transport.abort)
