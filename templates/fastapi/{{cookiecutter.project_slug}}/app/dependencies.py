"""What endpoints ask for, by name.

https://fastapi.tiangolo.com/tutorial/dependencies/#share-annotated-dependencies
"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Sessions
from app.settings import Settings


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _sessions(request: Request) -> Sessions:
    sessions: Sessions = request.app.state.sessions
    return sessions


CurrentSettings = Annotated[Settings, Depends(_settings)]
# For work after the answer, which outlives the session of the request.
DatabaseSessions = Annotated[Sessions, Depends(_sessions)]


async def _client_address(request: Request) -> str:
    return request.client.host if request.client else ""


ClientAddress = Annotated[str, Depends(_client_address)]


async def _session(request: Request) -> AsyncIterator[AsyncSession]:
    async with request.app.state.sessions() as session:
        yield session


# `function`: its connection goes back when the endpoint returns, so that a slow
# reader of the answer holds none.
# https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/#early-exit-and-scope
DatabaseSession = Annotated[AsyncSession, Depends(_session, scope="function")]
