"""Live updates: each change of a product is sent to everybody who listens."""

import logging
import signal
from functools import partial
from types import FrameType

from flask import Flask

from app import places
from app.live import changes, sockets
from app.live.hub import hub
from app.live.relay import Relay
from app.settings import Settings

logger = logging.getLogger(__name__)


def init_app(app: Flask, settings: Settings) -> None:
    url = settings.redis_url.get_secret_value()
    hub.relay = Relay(url, settings.origin) if url else None
    changes.watch()
    app.register_blueprint(sockets.blueprint)
    places.UNCOUNTED.add(sockets.ADDRESS)


def warn_if_alone(settings: Settings) -> None:
    """Of several processes each would only tell what it has changed itself."""
    if not settings.redis_url:
        logger.warning("Without REDIS_URL live updates stay in their own process.")


def end_with_the_worker() -> None:
    """Send the listeners away first: a worker that ends waits for its threads."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, partial(_end, signal.getsignal(number)))


def _end(end_worker: object, number: int, frame: FrameType | None) -> None:
    hub.end()
    if callable(end_worker):
        end_worker(number, frame)
