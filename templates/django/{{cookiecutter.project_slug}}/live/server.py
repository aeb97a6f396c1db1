"""How gunicorn serves WebSockets beside pages: with uvicorn in its workers.

https://www.uvicorn.org/settings/
"""

import asyncio
import logging
import os
import resource
import signal
import sys
from socket import IPPROTO_TCP, TCP_NODELAY
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn_worker import UvicornWorker  # type: ignore[import-untyped]
from websockets.frames import Frame

from live import hub

GOING_AWAY = 1001
LARGEST_HEAD = 64 * 1024  # bytes, after what came at once
PATIENCE = 30  # seconds until all of a head is there; `live.threads` waits for bodies


class Requests(HttpToolsProtocol):
    """Refuses what uvicorn would take without an end, or leave without an answer."""

    head: int | None = None  # how much of one has come; none while there is a body
    patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        # A body goes out right after its head, without waiting for the other side:
        # asyncio sees to that, but not for the sockets that gunicorn opens.
        transport.get_extra_info("socket").setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        super().connection_made(transport)
        self.begin_to_wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self.wait_no_more()
        super().connection_lost(exc)

    def begin_to_wait(self) -> None:
        self.wait_no_more()
        self.patience = self.loop.call_later(PATIENCE, self.transport.close)

    def wait_no_more(self) -> None:
        if self.patience:
            self.patience.cancel()
            self.patience = None

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.begin_to_wait()
        self.head = 0

    def on_headers_complete(self) -> None:
        self.wait_no_more()
        self.head = None
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        if self.head is not None:
            self.head += len(data)
            if self.head > LARGEST_HEAD:
                self.send_400_response("The head of this request is too large.")
                return
        super().data_received(data)

    def handle_websocket_upgrade(self) -> None:
        super().handle_websocket_upgrade()
        sockets = self.transport.get_protocol()
        if isinstance(sockets, Sockets) and not sockets.handshake_initiated:
            self.send_400_response("This is no WebSocket handshake.")


class Sockets(WebSocketsSansIOProtocol):
    """Hears nothing, and corrects how uvicorn ends connections."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.close_timeout = 2  # so long it goes on reading from who was sent away

    def handle_bytes(self, event: Frame) -> None:
        # Nobody has anything to say: that something begins is enough.
        event.data, event.fin = b"", True
        super().handle_bytes(event)

    handle_text = handle_bytes

    def handle_cont(self, event: Frame) -> None:
        pass

    def handle_ping(self) -> None:
        super().handle_ping()
        if not self.writable.is_set():
            self.transport.abort()  # who does not read gets no more answers

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.transport.abort()  # what waits to be sent, nobody will take

    async def run_asgi(self) -> None:
        await super().run_asgi()
        if not self.writable.is_set():
            self.transport.abort()

    async def send(self, message: Any) -> None:
        await super().send(message)
        # It would take a refusal for no answer at all, and write down an error.
        refused = message["type"] == "websocket.http.response.body"
        self.handshake_complete = self.handshake_complete or refused

    def shutdown(self) -> None:
        if not self.handshake_initiated:
            return self.transport.close()
        # Otherwise with 1012, which browsers take for an error.
        if self.handshake_complete and not self.close_sent:
            self.queue.put_nowait(
                {"type": "websocket.disconnect", "code": GOING_AWAY, "reason": ""}
            )
            self.conn.send_close(GOING_AWAY)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
        return super().shutdown()


OPTIONS: dict[str, Any] = {
    "http": Requests,
    "ws": Sockets,
    "ws_max_size": 4096,  # nobody has anything to say here
    "ws_per_message_deflate": False,
    "ws_ping_interval": 25,
    "ws_ping_timeout": 25,
    "access_log": False,  # `config.logs` writes one, without secrets
    "proxy_headers": False,  # `config.proxies` knows whom to trust
    "server_header": False,
    "log_config": None,
    "timeout_notify": 1,  # seconds: so soon it notices that gunicorn is gone
    "log_level": "warning",
}


class Worker(UvicornWorker):  # type: ignore[misc]
    CONFIG_KWARGS = OPTIONS | {"timeout_graceful_shutdown": 6}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Requests need open files too.
        most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        hub.MOST_LISTENERS = min(hub.MOST_LISTENERS, most // 2)
        # What it has to say comes in the form of all other lines.
        logging.getLogger("uvicorn.error").propagate = True

    async def callback_notify(self) -> None:
        """Tell gunicorn that the worker lives, and end without it, as others do."""
        await super().callback_notify()
        if os.getppid() != self.ppid:
            signal.raise_signal(signal.SIGTERM)

    def init_signals(self) -> None:
        super().init_signals()
        # Nothing has to be finished while it loads, where an exception might be caught.
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))

    def run(self) -> None:
        # uvicorn ends by the signal that it got; there may be mails left to send.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        super().run()
