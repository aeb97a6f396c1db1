"""The pages for logging in and out, and for a new account."""

from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from app.accounts import services, sessions
from app.accounts.dependencies import SessionKey
from app.accounts.forms import LoginForm, RegisterForm
from app.accounts.logins import LIFETIME
from app.accounts.refusals import link_is_dead, local_path
from app.cookies import delete_cookie, set_cookie
from app.csrf import SubmittedForm
from app.dependencies import ClientAddress, CurrentSettings, DatabaseSession
from app.languages import N_
from app.messages import redirect
from app.outbox import CurrentOutbox
from app.pages import Page, page_router

router = page_router()

LOGIN_FIRST = N_("Please log in first, then we take you to the page you asked for.")


@router.get("/login")
async def show_login(
    request: Request, target: Annotated[str, Query(alias="next")] = ""
) -> Response:
    message: dict[str, Any] = {"message": LOGIN_FIRST} if target else {}
    values = {"next": target}
    return Page(request, "accounts/login.html", values=values, errors={}, **message)


@router.post("/login")
async def login(
    request: Request,
    settings: CurrentSettings,
    session: DatabaseSession,
    address: ClientAddress,
    key: SessionKey,
    submitted: SubmittedForm,
) -> Response:
    form, _ = LoginForm.read(submitted)
    user = (
        await services.log_in(session, form.email, form.password, address)
        if form
        else None
    )
    if form is None or user is None:
        errors = {"password": services.NO_MATCH}
        return Page(
            request, "accounts/login.html", 422, values=submitted, errors=errors
        )
    if key:
        await sessions.log_out(session, key)
    response = redirect(request, local_path(form.next))
    _remember(response, settings, await sessions.log_in(session, settings, user))
    return response


@router.post("/logout")
async def logout(
    request: Request,
    settings: CurrentSettings,
    session: DatabaseSession,
    key: SessionKey,
) -> Response:
    await sessions.log_out(session, key)
    response = redirect(request, "/", "logged-out")
    delete_cookie(response, settings, "session")
    return response


@router.get("/register")
async def show_register(request: Request) -> Response:
    return Page(request, "accounts/register.html", values={}, errors={})


@router.post("/register")
async def register(
    request: Request,
    session: DatabaseSession,
    outbox: CurrentOutbox,
    submitted: SubmittedForm,
) -> Response:
    form, errors = RegisterForm.read(submitted)
    if form is None:
        return Page(
            request, "accounts/register.html", 422, values=submitted, errors=errors
        )
    await services.register(
        session, outbox, form.email, form.display_name, form.password
    )
    return redirect(request, "/register/sent")


@router.get("/register/sent")
async def register_sent(request: Request) -> Response:
    return Page(request, "accounts/register_sent.html")


@router.get("/register/confirm/{token}")
async def confirm_registration(
    request: Request, settings: CurrentSettings, session: DatabaseSession, token: str
) -> Response:
    if request.method == "HEAD":  # looking ahead does not use the link up
        return Response()
    user = await services.confirm_registration(session, token)
    if user is None:
        return link_is_dead(request, "/register")
    response = redirect(request, "/", "registered")
    _remember(response, settings, await sessions.log_in(session, settings, user))
    return response


def _remember(response: Response, settings: CurrentSettings, key: str) -> None:
    """Hand the key of a new session to the browser; a stranger's token is history."""
    seconds = int(LIFETIME.total_seconds())
    set_cookie(response, settings, "session", key, max_age=seconds)
    delete_cookie(response, settings, "csrf")
