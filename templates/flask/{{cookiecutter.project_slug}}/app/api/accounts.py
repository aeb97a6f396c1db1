"""Logging in, registering, and passwords, for programs."""

from flask import Blueprint, abort, request

from app.accounts import links, services
from app.accounts.models import User
from app.accounts.rules import NOT_YOURS, WRONG_LOGIN, new_password
from app.api import schemas, tokens
from app.api.operations import BEARER, BODY, Answers, spec
from app.api.problems import InvalidInput

blueprint = Blueprint("api_accounts", __name__, url_prefix="/api")

DEAD_TOKEN = "This token does not work, or not any more."  # noqa: S105
MAIL_IS_COMING = "A mail is on its way"
IS_CHANGED = "It is changed, and all tokens and sessions are ended"


def check_password(field: str, password: str, *, email: str) -> None:
    try:
        new_password(password, email=email)
    except ValueError as error:
        raise InvalidInput((field, str(error))) from None


def authenticate(email: str, password: str) -> User | None:
    return services.authenticate(email, password, request.remote_addr or "")


@blueprint.post("/token")
@spec.validate(
    operation_id="createToken",
    tags=["tokens"],
    resp=Answers(200, "A new token", schemas.Token, problems=(401, 429, *BODY)),
)
def create_token(json: schemas.Credentials) -> schemas.Token:
    """Log in"""
    user = authenticate(json.email, json.password)
    if user is None:
        abort(401, WRONG_LOGIN)
    return schemas.Token(
        access_token=tokens.issue(user),
        token_type="bearer",  # noqa: S106
        expires_in=int(tokens.LIFETIME.total_seconds()),
    )


@blueprint.delete("/token")
@tokens.required
@spec.validate(
    operation_id="revokeToken",
    tags=["tokens"],
    security=BEARER,
    resp=Answers(204, "The token is dead", problems=(401,)),
)
def revoke_token(user: User) -> tuple[str, int]:
    """Log out: end this token"""
    tokens.revoke(tokens.sent_token())
    return "", 204


@blueprint.get("/me")
@tokens.required
@spec.validate(
    operation_id="readMe",
    tags=["accounts"],
    security=BEARER,
    resp=Answers(200, "The user", schemas.Me, problems=(401,)),
)
def read_me(user: User) -> schemas.Me:
    """Whose token is this?"""
    return schemas.Me.model_validate(user)


@blueprint.put("/me/password")
@tokens.required
@spec.validate(
    operation_id="changePassword",
    tags=["accounts"],
    security=BEARER,
    resp=Answers(204, IS_CHANGED, problems=(401, 403, 429, *BODY)),
)
def change_password(user: User, json: schemas.PasswordChange) -> tuple[str, int]:
    """Choose another password"""
    check_password("new_password", json.new_password, email=user.email)
    checked = authenticate(user.email, json.old_password)
    if not checked or not services.change_password(checked, json.new_password):
        abort(403, NOT_YOURS)
    return "", 204


@blueprint.post("/users")
@spec.validate(
    operation_id="registerUser",
    tags=["accounts"],
    resp=Answers(202, MAIL_IS_COMING, problems=BODY),
)
def register_user(json: schemas.NewUser) -> tuple[str, int]:
    """Register

    The answer is the same whether or not there is such an account: the mail tells.
    """
    check_password("password", json.password, email=json.email)
    services.register(json.email, json.display_name, json.password)
    return "", 202


@blueprint.post("/users/confirm")
@spec.validate(
    operation_id="confirmUser",
    tags=["accounts"],
    resp=Answers(204, "The account is ready", problems=(404, *BODY)),
)
def confirm_user(json: schemas.Confirmation) -> tuple[str, int]:
    """Confirm the address, with the token that was mailed"""
    if services.confirm_registration(json.token) is None:
        abort(404, DEAD_TOKEN)
    return "", 204


@blueprint.post("/password-reset")
@spec.validate(
    operation_id="requestPasswordReset",
    tags=["accounts"],
    resp=Answers(202, MAIL_IS_COMING, problems=BODY),
)
def request_password_reset(json: schemas.ForgottenPassword) -> tuple[str, int]:
    """Ask for a new password

    The answer is the same whether or not there is such an account: the mail tells.
    """
    services.request_password_reset(json.email)
    return "", 202


@blueprint.post("/password-reset/confirm")
@spec.validate(
    operation_id="confirmPasswordReset",
    tags=["accounts"],
    resp=Answers(204, IS_CHANGED, problems=(404, *BODY)),
)
def confirm_password_reset(json: schemas.PasswordReset) -> tuple[str, int]:
    """Choose a new password, with the token that was mailed"""
    link = links.find(links.RESET, json.token)
    if link is None:
        abort(404, DEAD_TOKEN)
    check_password("password", json.password, email=link.email)
    if not services.reset_password(json.token, json.password):
        abort(404, DEAD_TOKEN)
    return "", 204
