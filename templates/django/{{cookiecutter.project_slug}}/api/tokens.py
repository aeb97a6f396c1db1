"""Makes tokens, recognises and ends them.

A token carries a fingerprint of its user's password, the same that Django puts into
sessions. So each change of the password ends it, wherever and whenever that happens.
https://docs.djangoproject.com/en/5.2/topics/auth/default/#session-invalidation-on-password-change
"""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.contrib.auth import authenticate
from django.db import IntegrityError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from ninja import Router, Status
from ninja.security.base import AuthBase

from accounts import attempts
from accounts.models import User
from accounts.services import NO_MATCH
from api import schemas
from api.documentation import BODY, answers
from api.models import Token
from api.problems import ProblemError

LIFETIME = timedelta(days=14)

router = Router(tags=["tokens"])


class Request(HttpRequest):
    """A request with a valid token."""

    auth: Token


class Bearer(AuthBase):
    """Looks for a token in the header `Authorization`, and nowhere else.

    Ninja's own HttpBearer writes into the log what it does not understand.
    """

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Token | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return find(token.strip()) if scheme.lower() == "bearer" else None


bearer = Bearer()


def make(user: User) -> str:
    """Keep a new token and return it; it is kept nowhere as it is."""
    now = timezone.now()
    Token.objects.filter(expires_at__lte=now).delete()
    token = token_urlsafe(32)
    Token.objects.create(
        token_hash=_hash(token),
        user=user,
        # That of the password which was checked: it may have changed meanwhile.
        password_fingerprint=user.get_session_auth_hash(),
        expires_at=now + LIFETIME,
    )
    return token


def find(token: str) -> Token | None:
    """Return what is kept of a token, as long as it is valid."""
    found = (
        Token.objects.select_related("user")
        .filter(token_hash=_hash(token), expires_at__gt=timezone.now())
        .filter(user__is_active=True)
        .first()
    )
    if found is None:
        return None
    fingerprint = found.user.get_session_auth_hash()
    same = constant_time_compare(found.password_fingerprint, fingerprint)
    return found if same else None


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


@router.post(
    "/token",
    response=schemas.Token,
    summary="Log in",
    openapi_extra=answers({200: "A new token"}, 401, 429, *BODY),
)
def create_token(
    request: HttpRequest, credentials: schemas.Credentials
) -> schemas.Token:
    email, password = credentials.email, credentials.password
    user = attempts.guard(
        email,
        request.META["REMOTE_ADDR"],
        lambda: authenticate(request, email=email, password=password),
    )
    if not isinstance(user, User):
        raise ProblemError(401, NO_MATCH)
    try:
        token = make(user)
    except IntegrityError as error:  # the account is gone since
        raise ProblemError(401, NO_MATCH) from error
    return schemas.Token(
        access_token=token,
        token_type="bearer",  # noqa: S106
        expires_in=int(LIFETIME.total_seconds()),
    )


@router.delete(
    "/token",
    auth=bearer,
    response={204: None},
    summary="Log out: end this token",
    openapi_extra=answers({204: "The token is dead"}, 401),
)
def revoke_token(request: Request) -> Status[None]:
    request.auth.delete()
    return Status(204, None)
