"""What people see who have to log in first, to wait, or to ask for a new link."""

from urllib.parse import urlencode

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.accounts.attempts import TooManyAttempts
from app.accounts.dependencies import LoginRequired
from app.accounts.models import AccountGone
from app.error_pages import invalid_address
from app.errors import Handler
from app.pages import Page


async def login_first(request: Request, error: LoginRequired | AccountGone) -> Response:
    """Send a stranger to log in, and from there to the page that was asked for."""
    address = "/login"
    if request.method in {"GET", "HEAD"}:
        target = request.url.path.rstrip("/") or "/"
        if request.url.query:
            target += f"?{request.url.query}"
        address += "?" + urlencode({"next": target}, safe="/")
    return RedirectResponse(address, 303)


async def too_many_attempts(request: Request, error: TooManyAttempts) -> Response:
    return Page(
        request,
        "accounts/too_many_attempts.html",
        429,
        {"Retry-After": str(error.seconds)},
        seconds=error.seconds,
    )


handlers: dict[type[Exception], Handler] = {
    LoginRequired: login_first,
    AccountGone: login_first,
    TooManyAttempts: too_many_attempts,
    RequestValidationError: invalid_address,
}


def link_is_dead(request: Request, ask_again: str) -> Response:
    return Page(request, "accounts/link_dead.html", 404, ask_again=ask_again)


def local_path(target: str) -> str:
    """The page to go to after logging in, if it is one of ours; else the first one.

    https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html
    """
    is_local = target.startswith("/") and not target.startswith("//")
    return target if is_local and target.isprintable() and "\\" not in target else "/"
