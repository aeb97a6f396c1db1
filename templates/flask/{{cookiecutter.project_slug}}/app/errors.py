"""What goes wrong is told in the language of whoever asked: with a page, or to a program.

https://flask.palletsprojects.com/en/stable/errorhandling/
"""

import logging
from collections.abc import Callable
from urllib.parse import quote

from flask import Flask, current_app, redirect, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.exc import ObjectDeletedError
from werkzeug.exceptions import HTTPException, NotFound, ServiceUnavailable
from werkzeug.wrappers import Response

from app.away import COME_AGAIN, advice, is_away
from app.settings import Settings

logger = logging.getLogger(__name__)
Teller = Callable[[HTTPException], Response]


def init_app(app: Flask, settings: Settings) -> None:
    # `/products//lamp` is not found; Werkzeug would redirect it to `/products/lamp`.
    app.url_map.merge_slashes = False
    app.extensions["tellers"] = {}
    app.register_error_handler(HTTPException, tell)
    app.register_error_handler(NotFound, redirect_without_slash)
    app.register_error_handler(SQLAlchemyError, tell_of_database)
    app.register_error_handler(ObjectDeletedError, tell_that_it_is_gone)


def add_teller(app: Flask, folder: str, teller: Teller) -> None:
    """Let a function answer for the errors below `/` or below `/api/`.

    The first to come answers for all addresses that are nobody else's.
    """
    tellers: dict[str, Teller] = app.extensions["tellers"]
    tellers[folder] = teller
    tellers.setdefault("/", teller)


def tell(error: HTTPException) -> Response:
    tellers: dict[str, Teller] = current_app.extensions["tellers"]
    path = f"{request.path}/"
    folder = max(filter(path.startswith, tellers), key=len, default="/")
    return tellers[folder](error)


def tell_of_database(error: SQLAlchemyError) -> Response:
    if not is_away(error):
        raise error
    logger.error("The database is away: %s", advice(error))
    return tell(ServiceUnavailable(retry_after=COME_AGAIN))


def tell_that_it_is_gone(error: ObjectDeletedError) -> Response:
    """What was read or stored a moment ago, somebody else has deleted since."""
    return tell(NotFound())


def redirect_without_slash(error: NotFound) -> Response:
    path = request.path.rstrip("/")
    routes = current_app.url_map.bind("")
    if request.url_rule is None and routes.test(path, request.method):
        query = request.query_string.decode("latin-1")
        # What was decoded, a line break for one, may not be in a header as it is.
        address = quote(path)
        return redirect(f"{address}?{query}" if query else address, 308)
    return tell(error)
