"""Who is looking at a page, for endpoints that want to know."""

from typing import Annotated

from fastapi import Depends, Request

from app.accounts.models import User
from app.accounts.sessions import user_of
from app.cookies import cookie_name
from app.dependencies import DatabaseSession
from app.settings import Settings


class LoginRequired(Exception):
    """This is only for people who are logged in."""


async def _session_key(request: Request) -> str:
    return request.cookies.get(cookie_name(request.app.state.settings, "session"), "")


SessionKey = Annotated[str, Depends(_session_key)]


async def find_visitor(
    request: Request, key: SessionKey, session: DatabaseSession
) -> User | None:
    """The user who is logged in, if any; pages find it in `request.state.user`."""
    settings: Settings = request.app.state.settings
    user = await user_of(session, settings, key) if key else None
    if user:
        # A rollback would unload what is in the session, and pages come after it.
        session.expunge(user)
    request.state.user = user
    return user


Visitor = Annotated[User | None, Depends(find_visitor)]


async def _current_user(visitor: Visitor) -> User:
    if visitor is None:
        raise LoginRequired
    return visitor


CurrentUser = Annotated[User, Depends(_current_user)]
