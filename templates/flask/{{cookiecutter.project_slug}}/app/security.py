"""What every answer says to browsers, and which requests are not answered at all.

The headers: https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html
"""

import re
from collections.abc import Callable
from functools import partial
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from app.settings import Settings

MAX_BODY = 1024 * 1024
A_DAY = 24 * 60 * 60

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
    # What is shown depends on who is logged in: nobody but its reader keeps it.
    "Cache-Control": "private, no-store",
}
HSTS = "max-age=31536000; includeSubDomains"

READING = {"GET", "HEAD", "OPTIONS", "TRACE"}


def init_app(app: Flask, settings: Settings) -> None:
    app.config.from_mapping(
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        SEND_FILE_MAX_AGE_DEFAULT=A_DAY,
    )
    refusals: tuple[Callable[[Settings], AnyResponse | None], ...] = (
        refuse_unknown_host,
        redirect_to_https,
        refuse_other_sites,
        refuse_broken_text,
        refuse_broken_dates,
    )
    for refusal in refusals:
        app.before_request(partial(refusal, settings))
    hsts = {"Strict-Transport-Security": HSTS} if settings.is_https else {}
    app.after_request(partial(set_headers, HEADERS | hsts))


def refuse_unknown_host(settings: Settings) -> None:
    # Whoever watches over the server asks for its health by any name.
    if request.blueprint != "health" and not is_known(request.host, settings.hosts):
        abort(400)


def is_known(host: str, hosts: tuple[str, ...]) -> bool:
    name = re.sub(":[0-9]*$", "", host.lower())
    return any(
        known in ("*", name) or (known[:2] == "*." and name.endswith(known[1:]))
        for known in map(str.lower, hosts)
    )


def redirect_to_https(settings: Settings) -> AnyResponse | None:
    if not settings.is_https or request.is_secure or request.blueprint == "health":
        return None
    here = urlsplit(request.url)
    there = urlsplit(settings.origin)
    address = here._replace(scheme=there.scheme, netloc=there.netloc).geturl()
    return redirect(address, 308)


def refuse_other_sites(settings: Settings) -> None:
    """Let only pages of ours change something, as far as the browser tells.

    Forms have a token besides: https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
    """
    if request.method not in READING and not is_from_here(settings):
        abort(403)


def is_from_here(settings: Settings) -> bool:
    """Whether a page of ours asks, or a program that is no browser."""
    own = (settings.origin, f"{request.scheme}://{request.host.lower()}")
    origin = request.headers.get("Origin", settings.origin).lower()
    return request.headers.get("Sec-Fetch-Site") != "cross-site" and origin in own


def refuse_broken_text(settings: Settings) -> None:
    """Refuse what is not UTF-8, and NUL, which PostgreSQL cannot store."""
    path = request.environ["PATH_INFO"].encode("latin-1")
    texts = [path, unquote_to_bytes(request.query_string)]
    if request.mimetype == "application/x-www-form-urlencoded":
        texts.append(unquote_to_bytes(read_body()))
    elif request.mimetype == "multipart/form-data":
        # Werkzeug has put U+FFFD in place of what it could not read.
        fields = "".join(request.form.values())
        texts.append(fields.replace("\N{REPLACEMENT CHARACTER}", "\0").encode())
    try:
        if any("\0" in text.decode() for text in texts):
            abort(400)
    except UnicodeDecodeError:
        abort(400)


def refuse_broken_dates(settings: Settings) -> None:
    """Refuse years that no date can have: Werkzeug would fail when it sends a file."""
    try:
        _ = request.if_modified_since, request.if_unmodified_since, request.if_range
    except OverflowError:
        abort(400)


def read_body() -> bytes:
    """The body, if it is not too large; also one of unknown length."""
    body = request.get_data()
    if request.content_length is None:
        # It has only been read up to the limit: ask for more.
        request.stream.read(1)
    return body


def set_headers(headers: dict[str, str], response: Response) -> Response:
    """Add the headers that the view has not set itself."""
    own = {name.lower() for name, _ in response.headers}
    response.headers.extend(
        {name: value for name, value in headers.items() if name.lower() not in own}
    )
    return response
