"""The pages that say what went wrong; they ask neither session nor database."""

from urllib.parse import quote

from flask import Flask, current_app, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import Forbidden, HTTPException, NotFound
from werkzeug.wrappers import Response

from app.logs import request_id
from app.settings import Settings

# https://flask.palletsprojects.com/en/stable/errorhandling/
TEXTS = {
    403: (
        "You may not do that",
        "Perhaps it belongs to somebody else, or the page was open for too long."
        " Go back, load the page again and try once more.",
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
        "It is not your fault. Try again in a moment; if it keeps happening, tell us"
        " this number:",
    ),
}
OTHERS = (
    "We could not read that",
    "Something in the request was not as it should be. Go back and try once more.",
)


def init_app(app: Flask, settings: Settings) -> None:
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(CSRFError, refuse_form)
    app.register_error_handler(NotFound, redirect_without_slash)


def show(error: HTTPException) -> Response:
    """The status and the headers of the error, and none of its details."""
    title, text = TEXTS.get(error.code or 500, OTHERS)
    page = render_template(
        "too_many_attempts.html" if error.code == 429 else "error.html",
        error=error,
        title=title,
        text=text,
        number=request_id.get() if error.code == 500 else "",
    )
    response = error.get_response()
    response.data = page
    response.content_type = "text/html; charset=utf-8"
    return response


def refuse_form(error: CSRFError) -> Response:
    """Somebody else may have made the form: that is forbidden, not malformed."""
    return show(Forbidden())


def redirect_without_slash(error: NotFound) -> Response:
    path = request.path.rstrip("/")
    routes = current_app.url_map.bind("")
    if request.path != path and routes.test(path, request.method):
        query = request.query_string.decode("latin-1")
        # What was decoded, a line break for one, may not be in a header as it is.
        address = quote(path)
        return redirect(f"{address}?{query}" if query else address, 308)
    return show(error)
