"""Through the live updates: open a connection, as an open page does."""

from collections.abc import Callable

from headstart.proof.steps import Walk, expect

# RFC 6455, section 1.3: the example, and what has to be answered to it.
# https://www.rfc-editor.org/rfc/rfc6455#section-1.3
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ACCEPTED = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def live_updates(walk: Walk) -> str:
    """Ask for a WebSocket, and be let in."""
    handshake = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": KEY,
        "Sec-WebSocket-Version": "13",
        "Origin": walk.site.url,
    }
    page = expect(walk.visitor.request("GET", "/ws/products", headers=handshake), 101)
    # What was a connection for pages is one no more.
    walk.visitor.close()
    if page.headers["Sec-WebSocket-Accept"] != ACCEPTED:
        raise ValueError("something else than a WebSocket")
    return "`/ws/products` opens a WebSocket"


STEPS: tuple[Callable[[Walk], str], ...] = (live_updates,)
