"""The switch between the languages, in the footer of the pages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.logins import next_path


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep a language in a cookie, and go back to where it was chosen."""
    response = HttpResponseRedirect(next_path(request) or reverse("home"))
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
