"""Logging in and out, and one's account."""

from fastapi import HTTPException
from starlette.responses import Response

from app.accounts import links, rules, services
from app.api import schemas, tokens
from app.api.dependencies import BearerToken, CurrentUser
from app.api.problems import FieldRefused, described
from app.api.routing import ApiRouter
from app.dependencies import ClientAddress, CurrentSettings, DatabaseSession
from app.outbox import CurrentOutbox

router = ApiRouter("accounts")
token_router = ApiRouter("tokens")

BODY = (413, 415, 422)
MAIL = "A mail is on its way"
MAIL_TELLS = (
    "The answer is the same whether or not there is such an account: the mail tells."
)
CHANGED = "It is changed, and all tokens and sessions are ended"


@token_router.post(
    "/token",
    summary="Log in",
    response_description="A new token",
    responses=described(401, 429, *BODY),
)
async def create_token(
    credentials: schemas.Credentials,
    session: DatabaseSession,
    settings: CurrentSettings,
    address: ClientAddress,
) -> schemas.Token:
    user = await services.log_in(
        session, credentials.email, credentials.password, address
    )
    if user is None:
        raise HTTPException(401, services.NO_MATCH)
    return schemas.Token(
        access_token=await tokens.make(session, settings, user),
        token_type="bearer",  # noqa: S106
        expires_in=tokens.SECONDS,
    )


@token_router.delete(
    "/token",
    status_code=204,
    response_class=Response,
    summary="Log out: end this token",
    response_description="The token is dead",
    responses=described(401),
)
async def revoke_token(
    user: CurrentUser, token: BearerToken, session: DatabaseSession
) -> None:
    await tokens.revoke(session, token)


@router.get(
    "/me",
    response_model=schemas.Me,
    summary="Whose token is this?",
    response_description="The user",
    responses=described(401),
)
async def read_me(user: CurrentUser) -> object:
    return user


@router.put(
    "/me/password",
    status_code=204,
    response_class=Response,
    summary="Choose another password",
    response_description=CHANGED,
    responses=described(401, 403, 429, *BODY),
)
async def change_password(
    user: CurrentUser,
    change: schemas.PasswordChange,
    session: DatabaseSession,
    outbox: CurrentOutbox,
    address: ClientAddress,
) -> None:
    _check_password("new_password", change.new_password, user.email)
    owner = await services.authenticate(
        session, user.email, change.old_password, address
    )
    if owner is None or not await services.change_password(
        session, outbox, owner, change.new_password
    ):
        raise HTTPException(403, services.NOT_YOURS)


@router.post(
    "/users",
    status_code=202,
    response_class=Response,
    summary="Register",
    description=MAIL_TELLS,
    response_description=MAIL,
    responses=described(*BODY),
)
async def register_user(
    user: schemas.NewUser, session: DatabaseSession, outbox: CurrentOutbox
) -> None:
    await services.register(
        session, outbox, user.email, user.display_name, user.password
    )


@router.post(
    "/users/confirm",
    status_code=204,
    response_class=Response,
    summary="Confirm the address, with the token that was mailed",
    response_description="The account is ready",
    responses=described(404, *BODY),
)
async def confirm_user(
    confirmation: schemas.Confirmation, session: DatabaseSession
) -> None:
    if not await services.confirm_registration(session, confirmation.token):
        raise HTTPException(404)


@router.post(
    "/password-reset",
    status_code=202,
    response_class=Response,
    summary="Ask for a new password",
    description=MAIL_TELLS,
    response_description=MAIL,
    responses=described(*BODY),
)
async def request_password_reset(
    forgotten: schemas.ForgottenPassword, outbox: CurrentOutbox
) -> None:
    services.request_password_reset(outbox, forgotten.email)


@router.post(
    "/password-reset/confirm",
    status_code=204,
    response_class=Response,
    summary="Choose a new password, with the token that was mailed",
    response_description=CHANGED,
    responses=described(404, *BODY),
)
async def confirm_password_reset(
    reset: schemas.PasswordReset, session: DatabaseSession, outbox: CurrentOutbox
) -> None:
    link = await links.find(session, "reset", reset.token)
    if link is None:
        raise HTTPException(404)
    _check_password("password", reset.password, link.email)
    if not await services.reset_password(session, outbox, reset.token, reset.password):
        raise HTTPException(404)


def _check_password(field: str, password: str, email: str) -> None:
    """Here it is known whose it will be."""
    try:
        rules.new_password(password, email)
    except ValueError as error:
        raise FieldRefused(field, str(error)) from None
