"""Which language an answer is in.

https://docs.djangoproject.com/en/5.2/topics/i18n/translation/#how-django-discovers-language-preference
"""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from languages import spoken

Handler = Callable[[HttpRequest], HttpResponse]


def language_of(request: HttpRequest) -> str:
    """Return what the visitor has chosen, or else what their browser likes best.

    Unlike Django's own function, it takes a quality of 0 for a no.
    https://www.rfc-editor.org/rfc/rfc9110#name-accept-language
    """
    for language in _wanted(request):
        try:
            return translation.get_supported_language_variant(language)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def _wanted(request: HttpRequest) -> Iterator[str]:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in dict(settings.LANGUAGES):
        yield chosen
    header = request.headers.get("Accept-Language", "")
    for language, quality in parse_accept_lang_header(header):
        if language == "*":
            return
        if quality:
            yield language


def visitors_language(get_response: Handler) -> Handler:
    """Answer people in their language, and programs in English.

    Programs are asked for below those paths that have errors in a form of their own.
    """
    programs = tuple(path for path in settings.ERROR_FORMS if path != "/")

    def middleware(request: HttpRequest) -> HttpResponse:
        if f"{request.path_info}/".startswith(programs):
            return get_response(request)
        language = language_of(request)
        token = spoken.set(language)
        try:
            with translation.override(language):
                response = get_response(request)
        finally:
            spoken.reset(token)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language)
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    return middleware
