"""`/ws/products`: the address where programs and pages listen."""

import socket
from collections.abc import Iterable
from contextlib import suppress
from threading import BoundedSemaphore
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from app.live.connection import BadHandshakeError, Connection
from app.live.hub import hub
from app.logs import request_id
from app.places import SPARE
from app.security import HEADERS, is_from_here

ADDRESS = "/ws/products"
# For each worker process. Each listener holds a thread of its own, which costs about
# 100 kB of memory when it is idle.
SOCKETS = 100

blueprint = Blueprint("sockets", __name__)
# Whoever comes beyond them is sent away, which takes a thread for a moment. Beyond these
# there are the threads for pages only.
threads = BoundedSemaphore(SOCKETS + SPARE)


class AnsweredAlready(Response):
    """In place of an answer: the connection was a WebSocket, and is over."""

    default_status = 101

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        if "gunicorn.socket" in environ:
            raise StopIteration  # gunicorn ends the connection without a word
        # The development server would say something more: nobody is to hear it.
        with suppress(OSError):
            environ["werkzeug.socket"].shutdown(socket.SHUT_WR)
        return super().__call__(environ, start_response)


@blueprint.route(ADDRESS, websocket=True)
def products() -> Response:
    if not is_from_here(current_app.config["SETTINGS"]):
        abort(403)
    if not threads.acquire(blocking=False):
        abort(503)
    try:
        return listen()
    finally:
        threads.release()


def listen() -> Response:
    client = client_socket() or abort(404)
    asked = list(request.headers.items())
    answered = [*HEADERS.items(), ("X-Request-ID", request_id.get())]
    try:
        connection = Connection(client, asked, answered)
    except BadHandshakeError:
        abort(400)
    if hub.relay:
        hub.relay.listen(hub.deliver, hub.start_anew)
    hub.join(connection.mailbox, SOCKETS)
    try:
        connection.serve()
    finally:
        hub.leave(connection.mailbox)
        connection.close()
    return AnsweredAlready()


@blueprint.get(ADDRESS)
def no_page() -> ResponseReturnValue:
    """Whoever does not ask for a WebSocket finds nothing here."""
    abort(404)


def client_socket() -> socket.socket | None:
    """The connection itself, which both servers hand out."""
    environ = request.environ
    return environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
