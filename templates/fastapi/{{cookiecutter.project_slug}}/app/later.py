"""What is left for after the answer, with a database session of its own.

So the time of an answer does not tell whether an address has an account, and
nobody waits for a mail server.
https://fastapi.tiangolo.com/tutorial/background-tasks/
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Concatenate, ParamSpec

from fastapi import BackgroundTasks, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Sessions
from app.dependencies import CurrentSettings, DatabaseSessions
from app.mail import Mail, send
from app.settings import Settings

Parameters = ParamSpec("Parameters")


class LaterTasks:
    def __init__(
        self, background: BackgroundTasks, sessions: Sessions, settings: Settings
    ) -> None:
        self.background = background
        self.sessions = sessions
        self.settings = settings

    def send(self, mail: Mail) -> None:
        self.background.add_task(send, self.settings, mail)

    def do(
        self,
        work: Callable[
            Concatenate[AsyncSession, Settings, Parameters], Awaitable[None]
        ],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> None:
        async def with_session() -> None:
            async with self.sessions() as session:
                await work(session, self.settings, *args, **kwargs)

        self.background.add_task(with_session)


def _later(
    background: BackgroundTasks, sessions: DatabaseSessions, settings: CurrentSettings
) -> LaterTasks:
    return LaterTasks(background, sessions, settings)


Later = Annotated[LaterTasks, Depends(_later)]
