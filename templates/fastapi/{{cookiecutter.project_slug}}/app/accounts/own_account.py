"""`/account`: what people can see and change about their own account."""

from fastapi import Request
from starlette.responses import Response

from app.accounts import new_address, services, sessions
from app.accounts.dependencies import CurrentUser, SessionKey
from app.accounts.forms import EmailForm, PasswordForm
from app.accounts.refusals import link_is_dead
from app.csrf import SubmittedForm
from app.dependencies import ClientAddress, CurrentSettings, DatabaseSession
from app.forms import Errors
from app.messages import redirect
from app.outbox import CurrentOutbox
from app.pages import Page, page_router

router = page_router()


@router.get("/account")
async def account(request: Request, user: CurrentUser) -> Response:
    return _page(request)


@router.post("/account/password")
async def change_password(
    request: Request,
    user: CurrentUser,
    settings: CurrentSettings,
    session: DatabaseSession,
    outbox: CurrentOutbox,
    address: ClientAddress,
    key: SessionKey,
    submitted: SubmittedForm,
) -> Response:
    form, errors = PasswordForm.read(submitted, email=user.email)
    if form is None:
        return _page(request, errors)
    owner = await services.authenticate(session, user.email, form.old_password, address)
    if owner is None or not await services.change_password(
        session, outbox, owner, form.new_password
    ):
        return _page(request, {"old_password": services.NOT_YOURS})
    await sessions.keep(session, settings, owner, key)
    return redirect(request, "/account", "password-changed")


@router.post("/account/email")
async def change_email(
    request: Request,
    user: CurrentUser,
    session: DatabaseSession,
    outbox: CurrentOutbox,
    address: ClientAddress,
    submitted: SubmittedForm,
) -> Response:
    form, errors = EmailForm.read(submitted)
    typed = str(submitted.get("email", ""))
    if form is None:
        return _page(request, errors, typed)
    owner = await services.authenticate(session, user.email, form.password, address)
    if owner is None:
        return _page(request, {"password": services.NOT_YOURS}, typed)
    new_address.request_new_email(outbox, owner, form.email)
    return redirect(request, "/account", "link-sent")


@router.get("/account/email/{token}")
async def confirm_new_email(
    request: Request, session: DatabaseSession, outbox: CurrentOutbox, token: str
) -> Response:
    if request.method == "HEAD":  # looking ahead does not use the link up
        return Response()
    if not await new_address.confirm_new_email(session, outbox, token):
        return link_is_dead(request, "/account")
    return redirect(request, "/account", "address-changed")


def _page(request: Request, errors: Errors | None = None, email: str = "") -> Response:
    return Page(
        request,
        "accounts/account.html",
        422 if errors else 200,
        errors=errors or {},
        values={"email": email},
    )
