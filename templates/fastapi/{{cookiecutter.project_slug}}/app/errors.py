"""What goes wrong, told by the part of the site that was asked, in its own way.

Which part that is, the path says: `app.routes` names them.
"""

import logging
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import URL
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Mount

from app.away import COME_AGAIN, advice, is_away

logger = logging.getLogger(__name__)
ErrorAnswer = Callable[[Request, HTTPException], Response]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def answer_errors(app: FastAPI, path: str, answer: ErrorAnswer) -> None:
    """Let this function tell what goes wrong at this path and below it."""
    app.state.error_answers[path] = answer


def error_answer(request: Request, error: HTTPException) -> Response:
    answers: dict[str, ErrorAnswer] = request.app.state.error_answers
    asked = request.url.path.rstrip("/") + "/"
    own = [path for path in answers if asked.startswith(path)]
    # Where nobody feels responsible, it is all the same who answers.
    response = answers[max(own or answers, key=len)](request, error)
    response.headers.update(error.headers or {})
    response.headers["Cache-Control"] = "no-store"
    return response


async def http_error(request: Request, error: HTTPException) -> Response:
    is_missing = error.status_code == 404 and request.method in {"GET", "HEAD"}
    if is_missing and (address := without_slash(request.url)):
        return RedirectResponse(address, 308)
    if error.status_code == 405:
        error.headers = {"Allow": allowed_methods(request)}
    return error_answer(request, error)


def without_slash(url: URL) -> str:
    """Where there may be something, if the slash at the end is what is wrong.

    With one slash in front, for `//evil.test/` must not become another host.
    """
    if url.path == "/" or not url.path.endswith("/"):
        return ""
    address = quote("/" + url.path.strip("/"))
    return f"{address}?{url.query}" if url.query else address


def allowed_methods(request: Request) -> str:
    """All that the address knows: a route by itself names only its own."""
    routes = [route for route in request.app.routes if not isinstance(route, Mount)]
    found = [
        method
        for method in METHODS
        for route in routes
        if route.matches({**request.scope, "method": method})[0] is Match.FULL
    ]
    return ", ".join(found or ["GET", "HEAD"])  # only files are mounted


async def database_error(request: Request, error: Exception) -> Response:
    if not is_away(error):
        raise error
    logger.error("The database is away: %s", advice(error))
    again = {"Retry-After": str(COME_AGAIN)}
    return error_answer(request, HTTPException(503, headers=again))


async def server_error(request: Request, error: Exception) -> Response:
    return error_answer(request, HTTPException(500))


Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]
error_handlers: dict[int | type[Exception], Handler] = {
    HTTPException: http_error,
    SQLAlchemyError: database_error,
}
