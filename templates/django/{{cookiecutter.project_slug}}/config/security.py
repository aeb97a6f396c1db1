"""Headers that tell browsers what a page may do, and a check of where a request comes from.

The rest is Django's, and switched on in the settings:
https://docs.djangoproject.com/en/5.2/topics/security/
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")

# https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CSP
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


def headers(get_response: Handler) -> Handler:
    """Add the headers to every answer, also to those that Django's middleware misses.

    A view that needs another policy sets the header itself.
    """
    usual = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS_POLICY,
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    if settings.SECURE_HSTS_SECONDS:
        usual["Strict-Transport-Security"] = (
            f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
        )

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in usual.items():
            response.headers.setdefault(name, value)
        if settings.DEBUG and response.status_code in (400, 404, 500):
            # Django's own debug pages have their style and scripts inside.
            del response.headers["Content-Security-Policy"]
        return response

    return middleware


def plain_cookies(get_response: Handler) -> Handler:
    """Forget cookies whose names are more than ASCII.

    Django strips all that is a space in Unicode from a name: `\\u2000__Host-session`, which
    every subdomain may set, would count as ours.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        cookies = request.META.get("HTTP_COOKIE", "")
        if not cookies.isascii():
            request.META["HTTP_COOKIE"] = ";".join(
                cookie
                for cookie in cookies.split(";")
                if cookie.partition("=")[0].isascii()
            )
        return get_response(request)

    return middleware


def known_host(get_response: Handler) -> Handler:
    """Refuse other hosts for static files too, which are answered without a view.

    https://docs.djangoproject.com/en/5.2/ref/settings/#allowed-hosts
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.get_host()
        return get_response(request)

    return middleware


def same_site(get_response: Handler) -> Handler:
    """Refuse what a browser says another site has started, if it could change something.

    https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS and is_cross_site(request):
            raise PermissionDenied("This request comes from another site.")
        return get_response(request)

    return middleware


def is_cross_site(request: HttpRequest) -> bool:
    ours = (None, settings.SITE_URL, f"{request.scheme}://{request.get_host()}")
    foreign = request.headers.get("Origin") not in ours
    return foreign or request.headers.get("Sec-Fetch-Site") == "cross-site"
