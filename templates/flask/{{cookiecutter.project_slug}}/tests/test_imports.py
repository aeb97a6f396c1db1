"""Importing products in the background, and what becomes of that if something dies."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from huey.serializer import SignedSerializer
from pydantic import SecretStr
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import queue as queues
from app import worker
from app.accounts.models import User
from app.catalogue.models import Product
from app.database import now
from app.imports import batches, rows, work
from app.imports.files import Row
from app.imports.models import ProductImport
from app.queue import huey, stopping
from app.settings import Settings
from tests.conftest import MakeUser
from tests.imports import ROWS, many, upload, work_off


@pytest.fixture(autouse=True)
def _empty_queue(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    huey.init_app(app, settings)
    monkeypatch.setattr(work, "PAUSE", 0)
    monkeypatch.setattr(batches, "PAUSE", 0.01)
    huey.prepare()
    yield
    huey.flush()
    huey.storage.close()


@pytest.fixture
def ann(make_user: MakeUser) -> User:
    return make_user("ann@example.com")


@pytest.fixture
def _stopping() -> Iterator[None]:
    stopping.set()
    yield
    stopping.clear()


def found(session: Session, number: int) -> ProductImport:
    session.rollback()
    return session.get_one(ProductImport, number, populate_existing=True)


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Product)) or 0


def run(app: Flask, number: int) -> None:
    """Do the work as a worker does, whatever is queued."""
    with app.app_context():
        work.import_products.call_local(number)


def recover(app: Flask) -> None:
    with app.app_context():
        work.recover()


def expire_claims(session: Session) -> None:
    past = now() - timedelta(seconds=1)
    claimed = ProductImport.claimed_until.is_not(None)
    session.execute(update(ProductImport).where(claimed).values(claimed_until=past))
    session.commit()


def test_good_rows_are_imported_and_bad_ones_listed(
    app: Flask, ann: User, session: Session
) -> None:
    number = upload(app, ann)
    done = found(session, number)
    assert (done.state, done.rows_total, done.rows_done) == ("waiting", 3, 0)
    work_off()
    done = found(session, number)
    assert (done.state, done.rows_done, done.imported) == ("finished", 3, 2)
    [problem] = done.problems
    assert problem["line"] == 3
    assert problem["reason"].startswith("A price is a number from 0 to 999,999.99")
    assert (done.content, done.claimed_until) == ("", None)
    assert done.finished_at
    towel, chair = session.scalars(select(Product).order_by(Product.id))
    assert (towel.name, towel.slug) == ("Tea towel", "tea-towel")
    assert (f"{towel.price}", towel.stock) == ("11.90", 7)
    assert (towel.description, towel.owner_id) == ("Linen.", ann.id)
    assert (chair.stock, chair.description) == (0, "")


def test_only_the_first_thousand_problems_are_kept(
    app: Flask, ann: User, session: Session
) -> None:
    number = upload(app, ann, "name,price\n" + "Lamp,cheap\n" * 1100)
    work_off()
    done = found(session, number)
    assert (done.rows_done, done.refused, len(done.problems)) == (1100, 1100, 1000)


def test_slugs_are_unique_as_always(app: Flask, ann: User, session: Session) -> None:
    upload(app, ann, "name,price\nLamp,1\nLamp 2,1\nLamp,1\nNew,1\nImport,1\n")
    upload(app, ann, "name,price\nLamp,1\n")
    work_off()
    slugs = session.scalars(select(Product.slug).order_by(Product.id)).all()
    assert slugs == ["lamp", "lamp-2", "lamp-3", "new-2", "import-2", "lamp-4"]


def test_an_import_happens_once_however_often_it_is_queued(
    app: Flask, ann: User, session: Session
) -> None:
    number = upload(app, ann)
    for _ in range(3):
        work.import_products(number)
    work_off()
    recover(app)
    work_off()
    assert count(session) == 2


def test_two_workers_import_each_row_once(
    app: Flask, ann: User, session: Session
) -> None:
    numbers = [upload(app, ann, many(150)), upload(app, ann, many(150))]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, [app] * 4, numbers * 2))
    for number in numbers:
        done = found(session, number)
        assert (done.state, done.imported) == ("finished", 150)
    assert session.scalar(select(func.count(Product.name.distinct()))) == 150
    assert session.scalar(select(func.count(Product.slug.distinct()))) == 300


def test_an_import_goes_on_after_its_worker_has_died(
    app: Flask, ann: User, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = upload(app, ann, many(250))
    read, values_of = list[int](), rows.values_of

    def deadly(row: Row) -> object:
        """As if the process ended in the middle of a batch."""
        read.append(row.line)
        if len(read) > 150:
            raise SystemExit
        return values_of(row)

    with monkeypatch.context() as dying:
        dying.setattr(rows, "values_of", deadly)
        with pytest.raises(SystemExit):
            run(app, number)
    done = found(session, number)
    assert (done.state, done.rows_done) == ("running", 100)
    assert count(session) == 100

    work_off()  # its worker might be only slow
    assert count(session) == 100
    expire_claims(session)
    recover(app)
    work_off()
    done = found(session, number)
    assert (done.state, done.imported) == ("finished", 250)
    assert session.scalar(select(func.count(Product.name.distinct()))) == 250


def test_a_worker_that_was_too_slow_changes_nothing(
    app: Flask, ann: User, session: Session
) -> None:
    number = upload(app, ann)
    with app.app_context():
        claim = batches.claim_import(number)
        assert claim
        expire_claims(session)
        assert batches.claim_import(number)
        assert batches.import_batch(number, claim, []) is None
    assert count(session) == 0


@pytest.mark.usefixtures("_stopping")
def test_a_worker_that_has_to_end_gives_the_import_back(
    app: Flask, ann: User, session: Session
) -> None:
    number = upload(app, ann, many(250))
    huey.flush()
    run(app, number)
    done = found(session, number)
    assert (done.state, done.rows_done) == ("running", 100)
    assert done.claimed_until is None
    assert len(huey.pending()) == 1


def test_what_the_queue_has_lost_is_queued_again(app: Flask, ann: User) -> None:
    upload(app, ann)
    recover(app)
    assert len(huey.pending()) == 1
    huey.flush()
    recover(app)
    recover(app)
    assert len(huey.pending()) == 1


def test_a_queue_that_is_gone_fails_no_upload(
    app: Flask, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as gone:
        gone.setattr(huey.storage, "enqueue", lambda *_: 1 / 0)
        upload(app, ann)
        recover(app)
    recover(app)
    assert len(huey.pending()) == 1


def test_an_error_of_ours_ends_an_import(
    app: Flask, ann: User, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "values_of", lambda row: 1 / 0)
    number = upload(app, ann)
    work_off()
    done = found(session, number)
    assert (done.state, done.content) == ("failed", "")
    assert done.finished_at
    recover(app)
    assert not huey.pending()


def test_a_message_that_nobody_signed_is_not_read(app: Flask) -> None:
    message = SignedSerializer("the key of another site").serialize("hello")
    with pytest.raises(ValueError, match="mismatch"):
        huey.serializer.deserialize(message)


def test_a_worker_waits_for_a_queue_that_is_gone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(queues, "PAUSE_AFTER_FAILURE", 0)
    monkeypatch.setattr(huey.storage, "dequeue", lambda: 1 / 0)
    monkeypatch.setattr(huey.storage, "read_schedule", lambda _: 1 / 0)
    assert huey.dequeue() is None
    assert huey.read_schedule() == []
    assert caplog.messages == ["The queue is out of reach: ZeroDivisionError"] * 2
    assert not any(record.exc_info for record in caplog.records)


def test_a_database_that_is_busy_is_asked_again(
    app: Flask, ann: User, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [OperationalError("", {}, Exception("deadlock detected"))] * 2
    values_of = rows.values_of

    def unlucky(row: Row) -> object:
        if failures:
            raise failures.pop()
        return values_of(row)

    monkeypatch.setattr(rows, "values_of", unlucky)
    upload(app, ann)
    work_off()
    slugs = session.scalars(select(Product.slug).order_by(Product.id)).all()
    assert slugs == ["tea-towel", "chair"]


def test_the_development_server_has_a_worker_inside(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = list[object]()
    monkeypatch.setattr(worker.EmbeddedWorker, "start", lambda it: started.append(it))
    monkeypatch.setattr("app.worker.atexit.register", lambda *_, **__: None)
    monkeypatch.setattr(huey, "init_app", lambda *_: None)
    for debug, serves in ((True, "true"), (False, "true"), (True, "")):
        monkeypatch.setenv("WERKZEUG_RUN_MAIN", serves)
        worker.init_app(Flask("dev"), settings.model_copy(update={"debug": debug}))
    assert len(started) == 1


# Connections that wait for PostgreSQL to say something end with their thread.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_worker_ends_what_it_is_at(
    app: Flask, ann: User, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded = worker.EmbeddedWorker()
    embedded.start()
    number = upload(app, ann, many(1000))
    finished = threading.Event()
    for _ in range(500):
        if found(session, number).rows_done:
            break
        finished.wait(0.01)
    embedded.stop(graceful=True)
    stopping.clear()
    done = found(session, number)
    assert done.rows_done == done.imported == count(session) > 0
    assert done.claimed_until is None


@pytest.mark.parametrize(
    ("database_url", "redis_url", "storage"),
    [
        ("sqlite:///:memory:", "", "SqliteStorage"),
        ("postgresql://me@db/shop", "", "SchemaStorage"),
        ("postgresql://me@db/shop", "redis://a.test/1", "RedisStorage"),
    ],
)
def test_what_carries_the_messages(
    settings: Settings, database_url: str, redis_url: str, storage: str
) -> None:
    urls = {"database_url": database_url, "redis_url": redis_url}
    values = {name: SecretStr(url) for name, url in urls.items()}
    made = queues.storage_for(settings.model_copy(update=values))
    assert type(made).__name__ == storage


# The command


def import_products(app: Flask, file: Path, owner: str = "ann@example.com") -> str:
    args = ["import-products", str(file), "--owner", owner]
    result = app.test_cli_runner().invoke(args=args)
    return f"{result.exit_code} {result.output}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.csv"
    path.write_text(ROWS)
    return path


def test_a_file_is_queued_from_the_command_line(
    app: Flask, ann: User, session: Session, file: Path
) -> None:
    told = import_products(app, file, "Ann@example.com")
    done = session.scalars(select(ProductImport)).one()
    assert told == f"0 Import {done.id} is queued, with 3 rows of shop.csv.\n"
    assert done.owner_id == ann.id
    work_off()
    assert count(session) == 2


def test_the_command_says_in_one_sentence_what_is_wrong(
    app: Flask, ann: User, session: Session, file: Path
) -> None:
    assert "1 Error: There is no account with the address bob@example.com." in (
        import_products(app, file, "bob@example.com")
    )
    missing = file.with_name("missing.csv")
    assert "missing.csv cannot be read: No such" in import_products(app, missing)
    file.write_text("nothing")
    assert "shop.csv: The first line has to name" in import_products(app, file)
    assert session.scalars(select(ProductImport)).all() == []
