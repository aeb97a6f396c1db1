"""What every answer says to browsers, and which requests are not answered at all.

The headers: https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html
"""

import re
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import error_answer
from app.logs import STARTS
from app.settings import Settings

MAX_BODY = 1024 * 1024

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    # What `frame-ancestors` says, for what does not know that.
    "X-Frame-Options": "DENY",
    # Not `no-referrer`: with it browsers send `Origin: null` with forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), "
        "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
}
HSTS = "max-age=31536000; includeSubDomains"

# Whoever watches over the server asks for these by any name, without TLS.
HEALTH = {"/healthz", "/readyz"}
READING = {"GET", "HEAD", "OPTIONS", "TRACE"}

_HOST = re.compile(r"([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")


class HeadersMiddleware:
    """Puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        hsts = {"Strict-Transport-Security": HSTS} if settings.is_https else {}
        self.headers = Headers(HEADERS | hsts).raw

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] in STARTS:
                own = {name for name, _ in message["headers"]}
                usual = [line for line in self.headers if line[0] not in own]
                message["headers"] = [*message["headers"], *usual]
            await send(message)

        await self.app(scope, receive, with_headers)


class RefusalMiddleware:
    """Answers, instead of the application, what must not get there."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in HEALTH:
            return await self.app(scope, receive, send)
        scope["headers"] = [
            (name, plain_cookies(name, value)) for name, value in scope["headers"]
        ]
        refusal = self.refusal(scope)
        await (refusal or self.app)(scope, receive, send)

    def refusal(self, scope: Scope) -> Response | None:
        request = Request(scope)
        host = request.headers.get("host", "").lower()
        if not is_text(scope) or not is_known(host, self.settings.hosts):
            return error_answer(request, HTTPException(400))
        if self.settings.is_https and scope["scheme"] == "http":
            return RedirectResponse(https_address(scope, self.settings), 308)
        own = {self.settings.origin, f"{scope['scheme']}://{host}"}
        if scope["method"] not in READING and not is_same_site(request.headers, own):
            return error_answer(request, HTTPException(403))
        if declared_size(request.headers) > MAX_BODY:
            return error_answer(request, HTTPException(413))
        return None


def plain_cookies(name: bytes, value: bytes) -> bytes:
    """Leave out cookies whose names are more than ASCII; other headers stay.

    Starlette strips what else is a space in Latin-1: `\\xa0__Host-session`, which every
    subdomain may set, would count as ours.
    """
    if name != b"cookie" or value.isascii():
        return value
    cookies = value.split(b";")
    return b";".join(c for c in cookies if c.partition(b"=")[0].isascii())


def is_text(scope: Scope) -> bool:
    """Whether path and query are UTF-8 without NUL, which PostgreSQL cannot store."""
    try:
        text = unquote_to_bytes(scope["raw_path"] + b"?" + scope["query_string"])
        return "\0" not in text.decode()
    except UnicodeDecodeError:
        return False


def is_known(host: str, hosts: tuple[str, ...]) -> bool:
    match = _HOST.fullmatch(host)
    return match is not None and any(
        known in ("*", match[1])
        or (known.startswith("*.") and match[1].endswith(known[1:]))
        for known in map(str.lower, hosts)
    )


def https_address(scope: Scope, settings: Settings) -> str:
    query: bytes = scope["query_string"]
    path: bytes = scope["raw_path"]
    return settings.origin + (path + b"?" * bool(query) + query).decode("latin-1")


def is_same_site(headers: Headers, own: set[str]) -> bool:
    """Whether a form came from a page of ours, as far as the browser tells.

    https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
    """
    origin = headers.get("origin")
    is_foreign = origin is not None and origin.lower() not in own
    return not is_foreign and headers.get("sec-fetch-site") != "cross-site"


def declared_size(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length) if length.isdecimal() and len(length) < 20 else 0
