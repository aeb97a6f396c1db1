"""What is left for after the answer.

So its time does not tell whether an address has an account, and nobody waits for a
mail server. https://fastapi.tiangolo.com/tutorial/background-tasks/
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Concatenate, ParamSpec

from fastapi import BackgroundTasks, Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.links import WayFor
from app.database import Sessions
from app.dependencies import CurrentSettings, DatabaseSessions
from app.mail import Mail, send
from app.settings import Settings

Parameters = ParamSpec("Parameters")


class Outbox:
    """Mails to send after the answer."""

    def __init__(
        self,
        background: BackgroundTasks,
        sessions: Sessions,
        settings: Settings,
        way_for: WayFor,
    ) -> None:
        self.background = background
        self.sessions = sessions
        self.settings = settings
        self.way_for = way_for

    def add(self, mail: Mail) -> None:
        self.background.add_task(send, self.settings, mail)

    def write_later(
        self,
        write: Callable[
            Concatenate[AsyncSession, WayFor, Parameters], Awaitable[Mail | None]
        ],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> None:
        """Write a mail after the answer too, with a database session of its own."""

        async def write_and_send() -> None:
            async with self.sessions() as session:
                mail = await write(session, self.way_for, *args, **kwargs)
            if mail:
                await send(self.settings, mail)

        self.background.add_task(write_and_send)


async def _outbox(
    request: Request,
    background: BackgroundTasks,
    sessions: DatabaseSessions,
    settings: CurrentSettings,
) -> Outbox:
    way_for = partial(request.app.state.way_for, settings)
    return Outbox(background, sessions, settings, way_for)


CurrentOutbox = Annotated[Outbox, Depends(_outbox)]
