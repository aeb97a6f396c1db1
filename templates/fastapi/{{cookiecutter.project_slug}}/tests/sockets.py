"""Somebody who opens a WebSocket, for tests."""

import asyncio
import json
from typing import Any, Self

from fastapi import FastAPI
from starlette.types import Message


class Socket:
    """Reads all that comes, unless `reads` is cleared.

    https://asgi.readthedocs.io/en/latest/specs/www.html#websocket
    """

    def __init__(self, app: FastAPI, **headers: str) -> None:
        self.app = app
        self.headers = {"host": "example.test"} | headers
        self.said: asyncio.Queue[Message] = asyncio.Queue()
        self.heard: asyncio.Queue[Message] = asyncio.Queue()
        self.reads = asyncio.Event()
        self.reads.set()

    async def __aenter__(self) -> Self:
        headers = [
            (name.encode(), value.encode()) for name, value in self.headers.items()
        ]
        scope = {
            "type": "websocket",
            "scheme": "wss",
            "path": "/ws/products",
            "raw_path": b"/ws/products",
            "query_string": b"",
            "headers": headers,
            "client": ("203.0.113.7", 50000),
            "subprotocols": [],
            "extensions": {"websocket.http.response": {}},
        }
        self.said.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.create_task(self.app(scope, self.said.get, self._hear))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.reads.set()
        self.said.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await self.task

    async def _hear(self, message: Message) -> None:
        await self.reads.wait()
        if message["type"] == "websocket.close":
            self.said.put_nowait({"type": "websocket.disconnect", "code": 1000})
        self.heard.put_nowait(message)

    async def next(self) -> Message:
        async with asyncio.timeout(5):
            return await self.heard.get()

    async def accepted(self) -> Self:
        assert (await self.next())["type"] == "websocket.accept"
        await asyncio.sleep(0)  # until it listens
        return self

    async def change(self) -> dict[str, Any]:
        change: dict[str, Any] = json.loads((await self.next())["text"])
        return change

    async def is_silent(self) -> bool:
        await asyncio.sleep(0.05)
        return self.heard.empty()
