"""Sends the changes to those who listen: nothing else is said on these connections.

https://asgi.readthedocs.io/en/latest/specs/www.html#websocket
"""

import asyncio
from contextlib import suppress

from config.threads import Answer
from live.handshake import SWITCHING_PROTOCOLS
from live.hub import Listener, hub
from live.threads import OverASGI, Receive, Scope, Send, start_of

# https://www.iana.org/assignments/websocket/websocket.xhtml#close-code-number
POLICY_VIOLATION = 1008
TRY_AGAIN_LATER = 1013
OF_A_BODY = (b"content-type", b"content-length")
# What it is to send when the client, or the server, has closed the connection
GONE = (OSError, RuntimeError)
# How long a client that is sent away may take to read why
PATIENCE = 3


async def serve(scope: Scope, receive: Receive, send: Send, site: OverASGI) -> None:
    """Ask the site about a handshake, then serve or refuse it."""
    await receive()
    answer = await site.answer(scope)
    begin = start_of(answer)
    if begin["status"] != SWITCHING_PROTOCOLS:
        return await refuse(answer, send)
    headers = [line for line in begin["headers"] if line[0] not in OF_A_BODY]
    await send({"type": "websocket.accept", "headers": headers})
    listener = Listener()
    code = TRY_AGAIN_LATER
    if hub.join(listener):
        try:
            code = await forward(listener, receive, send)
        finally:
            hub.leave(listener)
    if code:
        with suppress(*GONE, TimeoutError):
            closing = send({"type": "websocket.close", "code": code})
            await asyncio.wait_for(closing, PATIENCE)
    return None


async def refuse(answer: Answer, send: Send) -> None:
    await send({"type": "websocket.http.response.start"} | start_of(answer))
    await send({"type": "websocket.http.response.body", "body": b"".join(answer.parts)})


async def forward(listener: Listener, receive: Receive, send: Send) -> int:
    """Forward until it has to end; return with which code, 0 if the client went."""

    async def send_all() -> None:
        with suppress(*GONE):
            while True:
                text = await listener.messages.get()
                await send({"type": "websocket.send", "text": text})

    said = asyncio.ensure_future(receive())
    behind = asyncio.ensure_future(listener.fell_behind.wait())
    waits = [said, behind, asyncio.ensure_future(send_all())]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if said.done():
            talks = said.result()["type"] == "websocket.receive"
            return POLICY_VIOLATION if talks else 0
        return TRY_AGAIN_LATER if behind.done() else 0
    finally:
        for wait in waits:
            wait.cancel()
