"""Forms are accepted only with the token that was in the page of the same visitor.

The token is the signature of a cookie: the session's, or a stranger's own.
https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html#employing-hmac-csrf-tokens
"""

import hmac
import secrets
from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import unquote_to_bytes

from fastapi import Depends, HTTPException, Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from app.cookies import cookie_name, set_cookie
from app.settings import Settings

FIELD = "csrf_token"
# The paths of forms with a file, which may hold any bytes.
UPLOADS: set[str] = set()


def token_for(request: Request) -> str:
    """The token for this visitor's forms; a stranger gets a cookie to go with it."""
    settings: Settings = request.app.state.settings
    secret = _secret(request, settings)
    if not secret:
        secret = request.state.new_csrf_secret = secrets.token_urlsafe(32)
    request.state.has_form = True
    return _sign(settings, secret)


def remember(request: Request, response: Response) -> None:
    """Set the cookie if `token_for` has made one up."""
    if secret := getattr(request.state, "new_csrf_secret", ""):
        set_cookie(response, request.app.state.settings, "csrf", secret)


def is_used(request: Request) -> bool:
    """Whether there is a token in the page, which then is for one visitor only."""
    return getattr(request.state, "has_form", False)


async def checked_form(request: Request) -> AsyncIterator[FormData]:
    """What was sent, if it was sent from a page of ours."""
    if request.method in {"GET", "HEAD"}:
        yield FormData()
        return
    settings: Settings = request.app.state.settings
    form = await _read(request)
    try:
        given = str(form.get(FIELD, ""))
        secret = _secret(request, settings)
        if not secret or not hmac.compare_digest(
            given.encode(), _sign(settings, secret).encode()
        ):
            raise HTTPException(403)
        yield form
    finally:
        await form.close()


SubmittedForm = Annotated[FormData, Depends(checked_form)]


async def _read(request: Request) -> FormData:
    """The form, without guessing: Starlette replaces what is not UTF-8.

    And it would read the bytes that are looked at here in any way a sender asks for:
    `unicode_escape` can spell what is refused.
    """
    _, options = parse_options_header(request.headers.get("content-type"))
    if options.get(b"charset", b"utf-8").lower() != b"utf-8":
        raise HTTPException(415)
    try:
        if request.url.path in UPLOADS:
            return await request.form(max_files=1, max_fields=10)
        text = unquote_to_bytes(await request.body()).decode()
    except (UnicodeDecodeError, ClientDisconnect):
        raise HTTPException(400) from None
    if "\0" in text:
        raise HTTPException(400)
    return await request.form(max_files=0, max_fields=100)


def _secret(request: Request, settings: Settings) -> str:
    cookies = request.cookies
    session = cookies.get(cookie_name(settings, "session"), "")
    own = cookies.get(cookie_name(settings, "csrf"), "")
    return session or own or getattr(request.state, "new_csrf_secret", "")


def _sign(settings: Settings, secret: str) -> str:
    key = settings.secret_key.get_secret_value().encode()
    return hmac.digest(key, f"csrf:{secret}".encode(), "sha256").hex()
