"""Registering, and what users do with their own account."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from ninja import Router, Status
from ninja.errors import ValidationError as InvalidInput

from accounts import attempts, links, services
from accounts.models import Link, User
from api import schemas
from api.documentation import BODY, answers
from api.problems import ProblemError
from api.tokens import Request, bearer

# The answer does not tell whether there is an account.
MAILED = (
    "The answer is the same whether or not there is such an account: the mail tells."
)
DEAD = "This token does not work, or no longer."

router = Router(tags=["accounts"])


@router.api_operation(
    ["GET", "HEAD"],
    "/me",
    auth=bearer,
    response=schemas.Me,
    summary="Whose token is this?",
    openapi_extra=answers({200: "The user"}, 401),
)
def read_me(request: Request) -> User:
    return request.auth.user


@router.put(
    "/me/password",
    auth=bearer,
    response={204: None},
    summary="Choose another password",
    openapi_extra=answers(
        {204: "It is changed, and all tokens and sessions are ended"},
        *(401, 403, 429, *BODY),
    ),
)
def change_password(request: Request, change: schemas.PasswordChange) -> Status[None]:
    user = request.auth.user
    check_new(change.new_password, user, "new_password")
    address = request.META["REMOTE_ADDR"]
    is_right = attempts.guard(
        user.email, address, lambda: user.check_password(change.old_password)
    )
    if not (is_right and services.change_password(user, change.new_password)):
        raise ProblemError(403, services.NOT_YOURS)
    return Status(204, None)


@router.post(
    "/users",
    response={202: None},
    summary="Register",
    description=MAILED,
    openapi_extra=answers({202: "A mail is on its way"}, *BODY),
)
def register_user(request: HttpRequest, new: schemas.NewUser) -> Status[None]:
    check_new(new.password, User(email=new.email))
    services.register(new.email, new.display_name, new.password)
    return Status(202, None)


@router.post(
    "/users/confirm",
    response={204: None},
    summary="Confirm the address, with the token that was mailed",
    openapi_extra=answers({204: "The account is ready"}, 404, *BODY),
)
def confirm_user(request: HttpRequest, sent: schemas.Confirmation) -> Status[None]:
    if services.confirm_registration(sent.token) is None:
        raise ProblemError(404, DEAD)
    return Status(204, None)


@router.post(
    "/password-reset",
    response={202: None},
    summary="Ask for a new password",
    description=MAILED,
    openapi_extra=answers({202: "A mail is on its way"}, *BODY),
)
def request_password_reset(
    request: HttpRequest, forgotten: schemas.ForgottenPassword
) -> Status[None]:
    services.request_reset(forgotten.email)
    return Status(202, None)


@router.post(
    "/password-reset/confirm",
    response={204: None},
    summary="Choose a new password, with the token that was mailed",
    openapi_extra=answers(
        {204: "It is changed, and all tokens and sessions are ended"}, 404, *BODY
    ),
)
def confirm_password_reset(
    request: HttpRequest, reset: schemas.PasswordReset
) -> Status[None]:
    link = links.find(Link.Purpose.RESET, reset.token)
    if link is None:
        raise ProblemError(404, DEAD)
    check_new(reset.password, link.user)
    if services.reset_password(reset.token, reset.password) is None:
        raise ProblemError(404, DEAD)
    return Status(204, None)


def check_new(password: str, user: User | None, field: str = "password") -> None:
    """Refuse a password that somebody chooses, for the reasons that forms give too."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(
            [
                {"type": "refused", "loc": ("body", "", field), "msg": message}
                for message in error.messages
            ]
        ) from error
