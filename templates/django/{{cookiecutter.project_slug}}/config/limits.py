"""Refuses requests that are too large, or whose text is not text."""

from collections.abc import Callable, Iterable
from io import BytesIO
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from config.proxies import Application, Environ, StartResponse

Handler = Callable[[HttpRequest], HttpResponse]


def utf8(application: Application) -> Application:
    """Take forms as UTF-8, whatever charset their type claims, as browsers send them.

    This is WSGI middleware because Django decodes the query with that charset before
    it begins to catch errors.
    """

    def middleware(environ: Environ, start: StartResponse) -> Iterable[bytes]:
        kind, *parameters = environ.get("CONTENT_TYPE", "").split(";")
        boundary = [text for text in parameters if text.strip().startswith("boundary=")]
        environ["CONTENT_TYPE"] = ";".join([kind, *boundary])
        return application(environ, start)

    return middleware


def chunks(application: Application) -> Application:
    """Measure a body that comes in chunks, whose length nobody has told.

    Django takes a body without a length for an empty one. No more is read than it takes
    to see that a body is too large.
    """

    def middleware(environ: Environ, start: StartResponse) -> Iterable[bytes]:
        if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
            most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
            body = environ["wsgi.input"].read(most + 1)
            environ["CONTENT_LENGTH"] = str(len(body))
            environ["wsgi.input"] = BytesIO(body)
        return application(environ, start)

    return middleware


def size(get_response: Handler) -> Handler:
    """Refuse a large body before any of it is read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()):
            raise BadRequest("The length of the body is not a number.")
        if len(length) > 18 or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return HttpResponse(status=413)
        return get_response(request)

    return middleware


def text(get_response: Handler) -> Handler:
    """Refuse what is not UTF-8, and NUL, which PostgreSQL cannot store.

    Left to itself, Django puts U+FFFD in the place of what it cannot decode, and so
    stores what nobody has sent.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            readable = _is_text(request)
        except UnreadablePostError as error:
            raise BadRequest("The connection broke.") from error
        if not readable:
            raise BadRequest("This is not text in UTF-8.")
        return get_response(request)

    return middleware


def _is_text(request: HttpRequest) -> bool:
    # In a cookie NUL can be written as \000, and a session's key goes to the database.
    if any("\0" in text for text in (request.path_info, *request.COOKIES.values())):
        return False
    raw = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
    if request.content_type == "application/x-www-form-urlencoded":
        raw += unquote_to_bytes(request.body)
    elif request.content_type == "multipart/form-data":
        # Files may be anything, so look at the fields, which are decoded already.
        fields = "".join(text for _, texts in request.POST.lists() for text in texts)
        if "\N{REPLACEMENT CHARACTER}" in fields or "\0" in fields:
            return False
    try:
        return "\0" not in raw.decode()
    except UnicodeDecodeError:
        return False
