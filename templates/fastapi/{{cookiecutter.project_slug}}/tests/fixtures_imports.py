"""Files of products, and a worker that does what is queued."""

from collections.abc import Awaitable, Callable, Iterator

import pytest
from anyio import to_thread
from huey.storage import MemoryStorage
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.imports import files, work
from app.imports.models import ProductImport
from app.queue import huey, stopping
from app.settings import Settings

ROWS = """name,price,stock,description
Tea towel,11.90,7,Linen.
Lamp,cheap,1,
Chair,5,,
"""


def many(number: int) -> str:
    """A file of so many good rows."""
    rows = (f"Thing {count},1.50" for count in range(number))
    return "\n".join(["name,price", *rows])


@pytest.fixture(autouse=True)
def _own_queue(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(huey, "storage", MemoryStorage())
    monkeypatch.setattr(work, "load_settings", lambda: settings)
    monkeypatch.setattr(work, "PAUSE", 0)
    yield
    stopping.clear()


Upload = Callable[..., Awaitable[ProductImport]]


@pytest.fixture
def upload(session: AsyncSession) -> Upload:
    async def queue(owner: User, content: str = ROWS) -> ProductImport:
        file = files.read(content.encode())
        return await work.queue(session, file, "shop.csv", owner)

    return queue


async def do_work() -> None:
    """Do what is queued, as a worker does: in a thread with an event loop of its own."""
    while task := huey.dequeue():
        await to_thread.run_sync(huey.execute, task)
