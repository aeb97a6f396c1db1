"""The pages for a forgotten password."""

from fastapi import Request
from starlette.responses import Response

from app.accounts import links, services
from app.accounts.forms import AskForResetForm, ResetForm
from app.accounts.refusals import link_is_dead
from app.csrf import SubmittedForm
from app.dependencies import DatabaseSession
from app.messages import redirect
from app.outbox import CurrentOutbox
from app.pages import Page, page_router

router = page_router()


@router.get("/password-reset")
async def show_password_reset(request: Request) -> Response:
    return Page(request, "accounts/password_reset.html", values={}, errors={})


@router.post("/password-reset")
async def password_reset(
    request: Request, outbox: CurrentOutbox, submitted: SubmittedForm
) -> Response:
    form, errors = AskForResetForm.read(submitted)
    if form is None:
        page = "accounts/password_reset.html"
        return Page(request, page, 422, values=submitted, errors=errors)
    services.request_password_reset(outbox, form.email)
    return redirect(request, "/password-reset/sent")


@router.get("/password-reset/sent")
async def password_reset_sent(request: Request) -> Response:
    return Page(request, "accounts/password_reset_sent.html")


@router.get("/password-reset/{token}")
async def show_new_password(
    request: Request, session: DatabaseSession, token: str
) -> Response:
    if await links.find(session, "reset", token) is None:
        return link_is_dead(request, "/password-reset")
    return Page(request, "accounts/password_reset_confirm.html", errors={})


@router.post("/password-reset/{token}")
async def new_password(
    request: Request,
    session: DatabaseSession,
    outbox: CurrentOutbox,
    token: str,
    submitted: SubmittedForm,
) -> Response:
    link = await links.find(session, "reset", token)
    if link is None:
        return link_is_dead(request, "/password-reset")
    form, errors = ResetForm.read(submitted, email=link.email)
    if form is None:
        return Page(request, "accounts/password_reset_confirm.html", 422, errors=errors)
    if not await services.reset_password(session, outbox, token, form.password):
        return link_is_dead(request, "/password-reset")
    return redirect(request, "/login", "password-reset")
