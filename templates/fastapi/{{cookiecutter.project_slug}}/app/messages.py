"""The sentence at the top of the next page: a cookie carries its name there."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.cookies import cookie_name, delete_cookie, set_cookie

MESSAGES = {
    "address-changed": "Your e-mail address is changed.",
    "link-sent": "We sent a link to the new address. The change counts once you open it.",
    "logged-out": "You are logged out.",
    "password-changed": "Your password is changed.",
    "password-reset": "Your password is changed. Log in with the new one.",
    "product-added": "Your product is added.",
    "product-deleted": "The product is deleted.",
    "product-saved": "Your changes are saved.",
    "registered": "Welcome! Your account is ready.",
}


def redirect(request: Request, path: str, message: str = "") -> Response:
    """Send the browser on to a page, which then shows the message once."""
    response = RedirectResponse(path, status_code=303)
    if message:
        set_cookie(response, request.app.state.settings, "message", message, max_age=60)
    return response


def message_for(request: Request) -> str:
    name = request.cookies.get(cookie_name(request.app.state.settings, "message"), "")
    return MESSAGES.get(name, "")


def forget(request: Request, response: Response) -> None:
    settings = request.app.state.settings
    if cookie_name(settings, "message") in request.cookies:
        delete_cookie(response, settings, "message")
