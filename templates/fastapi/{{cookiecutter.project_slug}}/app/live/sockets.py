"""`/ws/products`: whoever connects hears of each change, and says nothing."""

import asyncio
import logging
import resource
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from fastapi import APIRouter, FastAPI, WebSocket, WebSocketDisconnect
from starlette import status
from starlette.responses import Response
from starlette.types import Scope

from app.live.hub import MAX_CONNECTIONS, hub
from app.security import RefusalMiddleware
from app.settings import Settings

# Whoever is further behind than this is disconnected, and may come again.
LONGEST_QUEUE = 100
ENOUGH_FILES = 65_536

logger = logging.getLogger(__name__)

SCHEMES = {"ws": "http", "wss": "https"}


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    hub.set_up(app.state.settings)
    # Pages need files too.
    hub.limit = min(MAX_CONNECTIONS, _open_files() // 2)
    if hub.relay is None:
        if app.state.settings.web_concurrency > 1:
            # Of several processes each would only tell what it has changed itself.
            logger.warning("Without REDIS_URL live updates stay in their own process.")
        yield
        return
    receiving = asyncio.create_task(hub.relay.receive(hub.deliver, hub.send_away))
    try:
        yield
    finally:
        receiving.cancel()
        with suppress(asyncio.CancelledError):
            await receiving


def _open_files() -> int:
    """How many this process may have open: as many as the system lets it ask for."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = min(most, ENOUGH_FILES) if most != resource.RLIM_INFINITY else ENOUGH_FILES
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    return files


router = APIRouter(lifespan=lifespan)


class Connection:
    """Somebody who listens. There is a task for what waits, while anything does."""

    __slots__ = ("__weakref__", "_is_behind", "_loop", "_sending", "_waiting", "socket")

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[str] = deque()
        self._sending: asyncio.Task[None] | None = None
        self._is_behind = False

    def deliver(self, texts: Sequence[str]) -> None:
        self._loop.call_soon_threadsafe(self._take, texts)

    def _take(self, texts: Sequence[str]) -> None:
        if self not in hub.listeners:
            return
        if len(self._waiting) < LONGEST_QUEUE:
            self._waiting.extend(texts)
            self._sending = self._sending or asyncio.create_task(self._send())
        else:
            self._give_up()

    def send_away(self) -> None:
        self._loop.call_soon_threadsafe(self._give_up)

    def _give_up(self) -> None:
        hub.listeners.discard(self)
        self._waiting.clear()
        self._is_behind = True
        self._sending = self._sending or asyncio.create_task(self._send())

    async def _send(self) -> None:
        with suppress(WebSocketDisconnect):
            while self._waiting:
                await self.socket.send_text(self._waiting.popleft())
            if self._is_behind:
                await self.socket.close(status.WS_1013_TRY_AGAIN_LATER)
        self._sending = None

    def stop(self) -> None:
        hub.listeners.discard(self)
        if self._sending:
            self._sending.cancel()


@router.websocket("/ws/products")
async def product_changes(socket: WebSocket) -> None:
    if answer := refusal(socket.scope, socket.app.state.settings):
        return await socket.send_denial_response(answer)
    await socket.accept()
    if hub.is_full:
        return await socket.close(status.WS_1013_TRY_AGAIN_LATER)
    connection = Connection(socket)
    hub.listeners.add(connection)
    try:
        message = await socket.receive()
    finally:
        connection.stop()
    if message["type"] != "websocket.disconnect":
        await socket.close(status.WS_1008_POLICY_VIOLATION)
    return None


def refusal(scope: Scope, settings: Settings) -> Response | None:
    """Why not: what is refused is what would be if it were a form."""
    form = {"type": "http", "method": "POST", "scheme": SCHEMES[scope["scheme"]]}
    return RefusalMiddleware(scope["app"], settings).refusal(dict(scope) | form)
