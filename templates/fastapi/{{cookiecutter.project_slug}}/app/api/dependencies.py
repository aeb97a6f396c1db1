"""Who is asking, for endpoints that want to know; cookies are not even looked at."""

from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.accounts.models import User
from app.api import tokens
from app.dependencies import CurrentSettings, DatabaseSession

bearer = HTTPBearer(scheme_name="bearer", auto_error=False)


async def _bearer_token(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> str:
    return credentials.credentials if credentials else ""


BearerToken = Annotated[str, Depends(_bearer_token)]


async def _current_user(
    token: BearerToken, session: DatabaseSession, settings: CurrentSettings
) -> User:
    user = await tokens.user_of(session, settings, token) if token else None
    if user is None:
        raise HTTPException(401)
    return user


CurrentUser = Annotated[User, Depends(_current_user)]
