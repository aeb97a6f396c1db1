"""The logins of programs, which send their token with each request."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from flask import Response, abort, after_this_request, request

from app.accounts import keys
from app.accounts.models import User

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")

LIFETIME = keys.LIFETIME


class ApiToken(keys.Login):
    __tablename__ = "api_token"


def issue(user: User) -> str:
    return keys.begin(ApiToken, user)


def user_of(token: str) -> User | None:
    return keys.user_of(ApiToken, token)


def revoke(token: str) -> None:
    keys.end(ApiToken, token)


def sent_token() -> str:
    """The token of this request; cookies count for nothing here."""
    sent = request.authorization
    return (sent.token or "") if sent and sent.type == "bearer" else ""


def required(
    view: Callable[Concatenate[User, Parameters], Answer],
) -> Callable[Parameters, Answer]:
    """Give a view the user whose token was sent, before anything else is looked at."""

    @wraps(view)
    def with_user(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
        after_this_request(depends_on_token)
        user = user_of(sent_token())
        if user is None:
            abort(401)
        return view(user, *args, **kwargs)

    return with_user


def depends_on_token(response: Response) -> Response:
    response.vary.add("Authorization")
    return response
