"""The pages for when something goes wrong.

They ask neither the session nor the database, which may be what is broken.
https://docs.djangoproject.com/en/5.2/topics/http/views/#customizing-error-views
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from config.logs import request_id

Handler = Callable[[HttpRequest], HttpResponse]

PAGES = {
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
        "It is not your fault. Try again in a moment; if it keeps happening, "
        "tell us this number:",
    ),
}


def page(status: int) -> HttpResponse:
    title, text = PAGES[status]
    context = {
        "site_name": settings.SITE_NAME,
        "status": status,
        "title": title,
        "text": text,
        "number": request_id.get() if status == 500 else "",
    }
    return HttpResponse(render_to_string("error.html", context), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(404)


def server_error(request: HttpRequest) -> HttpResponse:
    return page(500)


def not_allowed(get_response: Handler) -> Handler:
    """Give the answer to a wrong method a page, which Django leaves empty."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and not response.content:
            allowed = response["Allow"]
            response = page(405)
            response["Allow"] = allowed
        return response

    return middleware
