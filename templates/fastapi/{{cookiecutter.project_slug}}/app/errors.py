"""Pages for what goes wrong: the same for everyone, without session or database."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError
from starlette.datastructures import URL
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.logs import request_id
from app.pages import templates

# What the page says: a title and a sentence.
WORDS = {
    400: (
        "We could not read that",
        "Something in the request was not as it should be. Go back and try once more.",
    ),
    403: (
        "You may not do that",
        "Perhaps it belongs to somebody else, or the page was open for too long. "
        "Go back, load the page again and try once more.",
    ),
    404: (
        "There is nothing here",
        "The address has a slip in it, or what was here is gone.",
    ),
    405: (
        "That does not work here",
        "This address exists, but not for what was just tried.",
    ),
    413: (
        "That is too much at once",
        "We take up to one megabyte at a time. Make it smaller and try again.",
    ),
    500: (
        "Something broke on our side",
        "It is not your fault. Try again in a moment; "
        "if it keeps happening, tell us this number:",
    ),
}


def error_page(request: Request, status: int) -> Response:
    title, sentence = WORDS.get(status, (HTTPStatus(status).phrase, WORDS[400][1]))
    context = {
        "status": status,
        "title": title,
        "sentence": sentence,
        "request_id": request_id.get() if status >= 500 else "",
    }
    response = templates.TemplateResponse(request, "error.html", context, status)
    response.headers["Cache-Control"] = "no-store"
    return response


async def http_error(request: Request, error: HTTPException) -> Response:
    is_missing = error.status_code == 404 and request.method in {"GET", "HEAD"}
    if is_missing and (address := without_slash(request.url)):
        return RedirectResponse(address, 308)
    response = error_page(request, error.status_code)
    response.headers.update(error.headers or {})
    return response


def without_slash(url: URL) -> str:
    """Where there may be a page, if the slash at the end is what is wrong.

    With one slash in front, for `//evil.test/` must not become another host.
    """
    if url.path == "/" or not url.path.endswith("/"):
        return ""
    address = quote("/" + url.path.strip("/"))
    return f"{address}?{url.query}" if url.query else address


async def invalid_address(request: Request, error: RequestValidationError) -> Response:
    """`?page=x`: endpoints leave forms alone, so it is the address that is wrong."""
    return error_page(request, 404)


Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]
error_handlers: dict[int | type[Exception], Handler] = {
    HTTPException: http_error,
    RequestValidationError: invalid_address,
}


async def server_error(request: Request, error: Exception) -> Response:
    return error_page(request, 500)
