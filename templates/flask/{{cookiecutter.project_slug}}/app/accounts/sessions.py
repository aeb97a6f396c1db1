"""The logins of browsers: the cookie holds the key.

A signed cookie alone would be good for as long as it lasts, also for whoever has
copied it.
"""

from app.accounts import keys
from app.accounts.models import User


class LoginSession(keys.Login):
    __tablename__ = "login_session"


def begin(user: User) -> str:
    return keys.begin(LoginSession, user)


def user_of(key: str) -> User | None:
    return keys.user_of(LoginSession, key)


def end(key: str) -> None:
    keys.end(LoginSession, key)
