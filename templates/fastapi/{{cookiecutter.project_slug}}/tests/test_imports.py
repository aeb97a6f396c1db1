"""Importing products in the background, and what becomes of that if something dies."""

import asyncio
import logging
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread
from pydantic import SecretStr
from sqlalchemy import func, select, update
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app import worker
from app.accounts.models import User
from app.catalogue.models import Product
from app.catalogue.slugs import free_slug
from app.database import now
from app.imports import batches, commands, rows, work
from app.imports.models import MOST_PROBLEMS, ProductImport
from app.main import create_app
from app.queue import huey, queue_for, stopping, storage_for
from app.settings import Settings
from tests.conftest import MakeUser
from tests.fixtures_imports import ROWS, Upload, do_work, many


class Died(BaseException):
    """The process has ended, as far as the work can see."""


@huey.task()  # type: ignore[untyped-decorator]
def other(what: object) -> None:
    """Some other work for the same queue."""


@pytest.fixture
async def owner(make_user: MakeUser) -> User:
    return await make_user()


def die_at(name: str, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    values_of = rows.values_of

    def deadly(row: Any) -> Any:
        if row.values["name"] == name:
            raise error
        return values_of(row)

    monkeypatch.setattr(rows, "values_of", deadly)


async def count(session: AsyncSession, what: Any = Product.id) -> int:
    return await session.scalar(select(func.count(what.distinct()))) or 0


async def expire_claims(session: AsyncSession) -> None:
    past = now() - timedelta(seconds=1)
    await session.execute(update(ProductImport).values(claimed_until=past))
    await session.commit()


async def test_good_rows_are_imported_and_bad_ones_listed(
    session: AsyncSession, owner: User, upload: Upload
) -> None:
    done = await upload(owner)
    assert (done.state, done.rows_total, done.rows_done) == ("waiting", 3, 0)
    await do_work()
    await session.refresh(done)
    assert (done.state, done.rows_done, done.imported) == ("finished", 3, 2)
    reason = "A price is a number from 0 to 999,999.99."
    assert done.problems == [{"line": 3, "reason": reason}]
    assert (done.content, done.claimed_until) == ("", None)
    towel, chair = await session.scalars(select(Product).order_by(Product.id))
    assert (towel.name, towel.slug, str(towel.price)) == (
        "Tea towel",
        "tea-towel",
        "11.90",
    )
    assert (towel.stock, towel.description, towel.owner_id) == (7, "Linen.", owner.id)
    assert (chair.stock, chair.description) == (0, "")


async def test_only_the_first_thousand_problems_are_kept(
    session: AsyncSession, owner: User, upload: Upload
) -> None:
    done = await upload(owner, "name,price\n" + "Lamp,cheap\n" * 1100)
    await do_work()
    await session.refresh(done)
    assert (done.rows_done, done.refused) == (1100, 1100)
    assert len(done.problems) == MOST_PROBLEMS
    assert done.has_more_problems


async def test_an_import_happens_once_however_often_it_is_queued(
    session: AsyncSession, owner: User, upload: Upload
) -> None:
    done = await upload(owner)
    for _ in range(3):
        work.import_products(done.id)
    await do_work()
    await to_thread.run_sync(work.recover)
    await do_work()
    assert await count(session) == 2


async def test_two_workers_import_each_row_once(
    session: AsyncSession, owner: User, upload: Upload
) -> None:
    for _ in range(2):
        work.import_products((await upload(owner, many(150))).id)
    await asyncio.gather(*(do_work() for _ in range(4)))
    states = select(ProductImport.state, ProductImport.imported)
    assert [(*row,) for row in await session.execute(states)] == [("finished", 150)] * 2
    assert await count(session, Product.name) == 150
    assert await count(session, Product.slug) == 300


async def test_an_import_goes_on_after_its_worker_has_died(
    session: AsyncSession,
    owner: User,
    upload: Upload,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done = await upload(owner, many(250))
    with monkeypatch.context() as patched:
        die_at("Thing 220", patched, Died())
        with pytest.raises(Died):
            await do_work()
    assert await count(session) == 200
    await to_thread.run_sync(work.recover)
    await do_work()  # the claim of the dead one still counts
    assert await count(session) == 200
    await expire_claims(session)
    await to_thread.run_sync(work.recover)
    await do_work()
    await session.refresh(done)
    assert (done.state, done.rows_done, done.imported) == ("finished", 250, 250)
    assert await count(session, Product.name) == 250


async def test_a_worker_that_was_too_slow_changes_nothing(
    app: Any, session: AsyncSession, owner: User, upload: Upload
) -> None:
    number = (await upload(owner)).id
    slow = await batches.claim_import(app.state.sessions, number)
    assert slow
    assert await batches.claim_import(app.state.sessions, number) is None
    await expire_claims(session)
    assert await batches.claim_import(app.state.sessions, number)
    assert await batches.import_batch(app.state.sessions, number, slow, []) is None
    assert not await batches.leave_import(app.state.sessions, number, slow)
    assert await count(session) == 0


async def test_a_worker_that_has_to_end_gives_the_import_back(
    session: AsyncSession, owner: User, upload: Upload
) -> None:
    done = await upload(owner, many(250))
    stopping.set()
    await to_thread.run_sync(huey.execute, huey.dequeue())
    await session.refresh(done)
    assert (done.state, done.rows_done, done.claimed_until) == ("running", 100, None)
    stopping.clear()
    await do_work()
    await session.refresh(done)
    assert (done.state, done.imported) == ("finished", 250)


async def test_what_the_queue_has_lost_is_queued_again(
    session: AsyncSession, owner: User, upload: Upload
) -> None:
    done = await upload(owner)
    huey.flush()
    other(done.id)
    other([])
    for _ in range(2):
        await to_thread.run_sync(work.recover)
    assert huey.pending_count() == 3
    await do_work()
    await session.refresh(done)
    assert done.state == "finished"


@pytest.mark.parametrize("error", [RuntimeError(), DataError("", {}, Exception())])
async def test_an_error_of_ours_ends_an_import(
    session: AsyncSession,
    owner: User,
    upload: Upload,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    done = await upload(owner)
    die_at("Chair", monkeypatch, error)
    await do_work()
    await session.refresh(done)
    assert (done.state, done.content, done.imported) == ("failed", "", 0)
    assert "Unhandled exception" in caplog.text


@pytest.mark.parametrize("error", [DBAPIError("", {}, Exception()), OSError()])
async def test_a_database_that_is_gone_does_not_end_an_import(
    session: AsyncSession,
    owner: User,
    upload: Upload,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    async def gone(*args: Any) -> None:
        raise error

    done = await upload(owner)
    with monkeypatch.context() as patched:
        patched.setattr(batches, "import_batch", gone)
        await do_work()
    await session.refresh(done)
    assert done.state == "running"
    await expire_claims(session)
    await to_thread.run_sync(work.recover)
    await do_work()
    await session.refresh(done)
    assert done.state == "finished"


async def test_a_queue_that_is_gone_does_not_fail_an_upload(
    owner: User,
    upload: Upload,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def gone(*args: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(huey.storage, "enqueue", gone)
    assert (await upload(owner)).state == "waiting"
    assert caplog.messages == ["The queue takes no messages: ConnectionError"]


def test_a_queue_that_is_gone_is_a_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(*args: Any) -> None:
        raise ConnectionError

    task = work.import_products.s(1)
    for name in ("dequeue", "read_schedule", "peek_many"):
        monkeypatch.setattr(huey.storage, name, gone)
    stopping.set()  # so that it does not wait
    assert huey.dequeue() is None
    assert huey.read_schedule() == []
    assert huey.execute(task) is None
    assert caplog.messages == ["The queue is away: ConnectionError"] * 3
    assert "Traceback" not in caplog.text


async def test_slugs_are_unique_however_many_import_at_once(
    session: AsyncSession,
    owner: User,
    upload: Upload,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(2):
        await upload(owner)
        await do_work()
    await upload(owner, "name,price\nLamp 2,1\nLamp,1\nLamp,1")
    await do_work()
    slugs = set(await session.scalars(select(Product.slug)))
    assert slugs >= {"chair-2", "tea-towel-2", "lamp", "lamp-2", "lamp-3"}
    # As if somebody else were faster each time.
    monkeypatch.setattr(batches, "free_slug", lambda base, taken: base)
    await upload(owner)
    await do_work()
    assert await count(session, Product.slug) == 9
    assert free_slug("import", set()) == "import-2"


def test_the_queue_is_where_the_settings_say(settings: Settings) -> None:
    def storage(**values: str) -> dict[str, Any]:
        urls = {name: SecretStr(value) for name, value in values.items()}
        return storage_for(settings.model_copy(update=urls))

    file = storage(database_url="sqlite:////srv/site/db.sqlite3")
    assert file["filename"] == Path("/srv/site/tasks.sqlite3")
    server = storage(database_url="postgresql://db/shop")
    assert server["storage_class"].__name__ == "PostgresStorage"
    redis = storage(redis_url="redis://one/1")
    assert redis["url"] == "redis://one/1"


@pytest.mark.parametrize("where", ["file", "TEST_DATABASE_URL", "TEST_REDIS_URL"])
def test_a_message_is_carried(where: str, settings: Settings, tmp_path: Path) -> None:
    url = os.environ.get(where, f"sqlite:///{tmp_path}/db.sqlite3")
    if where not in {"file", *os.environ}:
        pytest.skip(f"{where} names no server")
    field = "redis_url" if "REDIS" in where else "database_url"
    queue = queue_for(settings.model_copy(update={field: SecretStr(url)}))
    heard: list[str] = []
    hear = queue.task()(heard.append)
    for _ in range(2):
        queue.is_prepared = False  # as in another process
        queue.prepare()
    queue.flush()
    hear("hello")
    queue.execute(queue.dequeue())
    assert heard == ["hello"]
    assert queue.dequeue() is None
    queue.storage.close()


def test_a_message_that_nobody_signed_is_not_read(settings: Settings) -> None:
    other = settings.model_copy(update={"secret_key": SecretStr("another" * 10)})
    message = queue_for(other).serializer.serialize("hello")
    with pytest.raises(ValueError, match="mismatch"):
        queue_for(settings).serializer.deserialize(message)


@pytest.mark.parametrize("is_developing", [True, False])
async def test_the_development_server_has_a_worker_inside(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, is_developing: bool
) -> None:
    began: list[str] = []

    class Embedded:
        def start(self) -> None:
            began.append("start")

        def stop(self, graceful: bool) -> None:
            began.append("stop")

    monkeypatch.setattr(worker, "EmbeddedWorker", Embedded)
    monkeypatch.setattr(sys, "argv", ["app", *["--reload"] * is_developing])
    app = create_app(settings.model_copy(update={"debug": True}))
    async with app.router.lifespan_context(app):
        assert began == ["start"] * is_developing
    assert began == ["start", "stop"] * is_developing


def test_a_worker_ends_when_it_is_told_to(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "app")
    monkeypatch.setattr(worker, "recover", lambda: None)
    started = worker.EmbeddedWorker()
    started.start()
    started.stop(graceful=True)
    assert stopping.is_set()
    assert caplog.messages == ["The worker waits for work.", "The worker has ended."]


async def test_a_file_is_queued_from_the_command_line(
    session: AsyncSession, owner: User, tmp_path: Path
) -> None:
    path = tmp_path / "shop.csv"
    path.write_text(ROWS)
    queued = await commands.queue_file(session, path, "Ada@example.com")
    assert (queued.filename, queued.rows_total) == ("shop.csv", 3)
    await do_work()
    assert await count(session) == 2


async def test_the_command_says_in_one_sentence_what_is_wrong(
    session: AsyncSession, owner: User, tmp_path: Path
) -> None:
    path = tmp_path / "shop.csv"
    with pytest.raises(ValueError, match="There is no account with the address"):
        await commands.queue_file(session, path, "nobody@example.com")
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        await commands.queue_file(session, path, owner.email)
    path.write_text("name,price,colour\nLamp,1,red")
    with pytest.raises(ValueError, match="There is no column “colour”"):
        await commands.queue_file(session, path, owner.email)
