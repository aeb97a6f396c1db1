"""The application that gunicorn and `manage.py runserver` serve, with live updates.

https://docs.djangoproject.com/en/5.2/howto/deployment/asgi/
"""

import asyncio
import logging
from contextlib import suppress

from django.conf import settings

from config.wsgi import site
from live.hub import hub
from live.sockets import serve
from live.threads import OverASGI, Receive, Scope, Send

logger = logging.getLogger(__name__)

over_asgi = OverASGI(site)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    match scope["type"]:
        case "http":
            await over_asgi(scope, receive, send)
        case "websocket":
            await serve(scope, receive, send, over_asgi)
        case "lifespan":
            await live(receive, send)


async def live(receive: Receive, send: Send) -> None:
    """Hand out messages from the start of the server to its end."""
    await receive()
    # With their exceptions returned, all of them have ended when this has.
    work = asyncio.gather(hub.run(), hear_others(), return_exceptions=True)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work
    await send({"type": "lifespan.shutdown.complete"})


async def hear_others() -> None:
    if settings.REDIS_URL:
        from live.relay import relay

        await relay.listen()
    elif settings.WEB_CONCURRENCY > 1 and not settings.DEBUG:
        logger.warning("Without REDIS_URL live updates stay in their own process.")
