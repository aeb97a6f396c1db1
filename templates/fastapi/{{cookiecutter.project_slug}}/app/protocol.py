"""How the server speaks HTTP: at once."""

import asyncio
from socket import IPPROTO_TCP, TCP_NODELAY

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class PromptProtocol(HttpToolsProtocol):
    """Sends the body right after the head, without waiting for the other side.

    asyncio sees to that by itself, but not for the socket that workers share: there
    every answer on a connection that is kept would come 40 milliseconds later.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        transport.get_extra_info("socket").setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        super().connection_made(transport)
