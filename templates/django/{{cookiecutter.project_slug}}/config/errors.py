"""What is answered when something goes wrong: in which form depends on who is asked.

Whatever fails ends in an empty answer with a status, and the form is given to it in one
place. A form asks neither the session nor the database, which may be what is broken.
https://docs.djangoproject.com/en/5.2/topics/http/views/#customizing-error-views
"""

import sys
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from config.away import COME_AGAIN, is_away

Handler = Callable[[HttpRequest], HttpResponse]
Form = Callable[[HttpResponse], HttpResponse]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_big = isinstance(exception, RequestDataTooBig)
    return HttpResponse(status=413 if too_big else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    if is_away(sys.exc_info()[1]):
        return HttpResponse(status=503, headers={"Retry-After": str(COME_AGAIN)})
    return HttpResponse(status=500)


def in_their_form(get_response: Handler) -> Handler:
    """Give errors the form that settings.ERROR_FORMS has for the path."""
    forms: dict[str, Form] = {
        path: import_string(form) for path, form in settings.ERROR_FORMS.items()
    }

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code < 400:
            return response
        fitting = [path for path in forms if f"{request.path_info}/".startswith(path)]
        # The longest path fits best; where none does, any form is better than none.
        response = forms[max(fitting or forms, key=len)](response)
        if not response.streaming:
            response.headers["Content-Length"] = str(len(response.content))
        return response

    return middleware
