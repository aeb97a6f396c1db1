"""The sentence at the top of the next page: a cookie carries its name there."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.cookies import cookie_name, delete_cookie, set_cookie
from app.languages import N_

LINK_SENT = N_("We sent a link to the new address. The change counts once you open it.")

MESSAGES = {
    "address-changed": N_("Your e-mail address is changed."),
    "link-sent": LINK_SENT,
    "logged-out": N_("You are logged out."),
    "password-changed": N_("Your password is changed."),
    "password-reset": N_("Your password is changed. Log in with the new one."),
    "product-added": N_("Your product is added."),
    "product-deleted": N_("The product is deleted."),
    "product-saved": N_("Your changes are saved."),
    "registered": N_("Welcome! Your account is ready."),
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
