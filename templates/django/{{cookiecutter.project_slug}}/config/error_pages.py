"""The pages for when something goes wrong."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from config.logs import request_id
from languages import _

KEPT = ("Allow", "Cache-Control", "Retry-After")
PAGES = {
    400: (
        _("We could not read that"),
        _(
            "Something in the request was not as it should be. Go back and try once more."
        ),
    ),
    403: (
        _("You may not do that"),
        _(
            "Perhaps it belongs to somebody else, or the page was open for too long. "
            "Go back, load the page again and try once more."
        ),
    ),
    404: (
        _("There is nothing here"),
        _("The address has a slip in it, or what was here is gone."),
    ),
    405: (
        _("That does not work here"),
        _("This address exists, but not for what was just tried."),
    ),
    413: (
        _("That is too much at once"),
        _("We take up to one megabyte at a time. Make it smaller and try again."),
    ),
    500: (
        _("Something broke on our side"),
        _(
            "It is not your fault. Try again in a moment; if it keeps happening, "
            "tell us this number:"
        ),
    ),
    503: (
        _("That does not work at the moment"),
        _(
            "It is not your fault. Try again in a moment; if it keeps happening, "
            "tell us this number:"
        ),
    ),
}


def with_page(response: HttpResponse) -> HttpResponse:
    """Give an error a page, if it has none yet."""
    if response.streaming or response.content or response.status_code not in PAGES:
        return response
    answer = page(response.status_code)
    for name in KEPT:
        if name in response:
            answer[name] = response[name]
    return answer


def page(status: int) -> HttpResponse:
    title, text = PAGES[status]
    context = {
        "site_name": settings.SITE_NAME,
        "status": status,
        "title": title,
        "text": text,
        "number": request_id.get() if status >= 500 else "",
    }
    return HttpResponse(render_to_string("error.html", context), status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse(status=403)
