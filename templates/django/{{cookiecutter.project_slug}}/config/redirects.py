"""A redirect that concerns every address."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import is_valid_path
from django.utils.encoding import escape_uri_path

Handler = Callable[[HttpRequest], HttpResponse]


def without_slash(get_response: Handler) -> Handler:
    """Redirect `/products/` to `/products`: the opposite of Django's APPEND_SLASH."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        path = request.path_info
        if (
            response.status_code == 404
            and request.method in ("GET", "HEAD")
            and path.endswith("/")
            # Only paths of this site are valid, so this leads nowhere else.
            and is_valid_path(path[:-1])
        ):
            query = request.META.get("QUERY_STRING", "")
            target = escape_uri_path(request.path[:-1]) + (f"?{query}" if query else "")
            return HttpResponsePermanentRedirect(target)
        return response

    return middleware
