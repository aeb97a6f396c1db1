"""Importing products in the background, and what becomes of that if something dies."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import override_settings
from django.utils import timezone
from django.utils.autoreload import StatReloader, autoreload_started
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from catalogue.models import Product
from imports import rows, tasks
from imports.models import ProductImport
from tests.imports import ROWS, many, upload, work
from worker import running

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _batches_of_a_hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, and without pauses between them."""
    monkeypatch.setattr(tasks, "LONGEST", 3600)
    monkeypatch.setattr(tasks, "PAUSE", 0)


@pytest.fixture
def _stopping() -> Iterator[None]:
    running.stopping.set()
    yield
    running.stopping.clear()


def queued() -> int:
    return DBTaskResult.objects.ready().count()


def expire_claims() -> None:
    past = timezone.now() - timedelta(seconds=1)
    ProductImport.objects.exclude(claimed_until=None).update(claimed_until=past)


def die_after(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process end, as far as the work can see, while it saves a product."""
    save = Product.save

    def deadly(product: Product, **kwargs: Any) -> None:
        if Product.objects.count() == number:
            raise SystemExit
        save(product, **kwargs)

    monkeypatch.setattr(Product, "save", deadly)


def test_good_rows_are_imported_and_bad_ones_listed(ann: User) -> None:
    done = upload(ann)
    assert (done.state, done.rows_total, done.rows_done) == ("waiting", 3, 0)
    work()
    done.refresh_from_db()
    assert (done.state, done.rows_done, done.imported) == ("finished", 3, 2)
    [problem] = done.problems
    assert problem["line"] == 3
    assert problem["reason"].startswith("A price is a number from 0 to 999,999.99")
    assert (done.content, done.claimed_until) == ("", None)
    towel, chair = Product.objects.order_by("pk")
    assert (towel.name, towel.slug, str(towel.price)) == (
        "Tea towel",
        "tea-towel",
        "11.90",
    )
    assert (towel.stock, towel.description, towel.owner) == (7, "Linen.", ann)
    assert (chair.stock, chair.description) == (0, "")


def test_only_the_first_thousand_problems_are_kept(ann: User) -> None:
    done = upload(ann, "name,price\n" + "Lamp,cheap\n" * 1100)
    work()
    done.refresh_from_db()
    assert (done.rows_done, done.refused, len(done.problems)) == (1100, 1100, 1000)


def test_an_import_happens_once_however_often_it_is_queued(ann: User) -> None:
    done = upload(ann)
    for _ in range(3):
        tasks.import_products.enqueue(done.pk)
    work()
    tasks.recover()
    work()
    assert Product.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_import_each_row_once(ann: User) -> None:
    pks = [upload(ann, many(150)).pk, upload(ann, many(150)).pk]

    def run(pk: int) -> None:
        try:
            tasks.import_products.call(pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, pks * 2))
    assert ProductImport.objects.filter(state="finished", imported=150).count() == 2
    assert Product.objects.values("name").distinct().count() == 150
    assert Product.objects.values("slug").distinct().count() == 300


def test_an_import_goes_on_after_its_worker_has_died(
    ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = upload(ann, many(250))
    with monkeypatch.context() as dying:
        die_after(150, dying)
        with pytest.raises(SystemExit):
            tasks.import_products.call(done.pk)
    done.refresh_from_db()
    assert (done.state, done.rows_done) == ("running", 100)
    assert Product.objects.count() == 100

    work()  # its worker might be only slow
    assert Product.objects.count() == 100
    expire_claims()
    tasks.recover()
    work()
    done.refresh_from_db()
    assert (done.state, done.imported) == ("finished", 250)
    assert Product.objects.values("name").distinct().count() == 250


def test_a_worker_that_was_too_slow_changes_nothing(
    ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = upload(ann)
    claim = ProductImport.objects.claim(done.pk)
    assert claim
    expire_claims()
    assert ProductImport.objects.claim(done.pk)
    assert tasks.import_batch(done.pk, claim, []) is None
    assert not Product.objects.exists()


@pytest.mark.usefixtures("_stopping")
def test_a_worker_that_has_to_end_gives_the_import_back(ann: User) -> None:
    done = upload(ann, many(250))
    DBTaskResult.objects.all().delete()
    tasks.import_products.call(done.pk)
    done.refresh_from_db()
    assert (done.state, done.rows_done) == ("running", 100)
    assert done.claimed_until is None
    assert queued() == 1


def test_what_the_queue_has_lost_is_queued_again(ann: User) -> None:
    upload(ann)
    tasks.recover()
    assert queued() == 1
    DBTaskResult.objects.all().delete()
    tasks.recover()
    tasks.recover()
    assert queued() == 1


def test_the_queue_forgets_what_was_long_ago(ann: User) -> None:
    for _ in range(3):
        upload(ann)
    killed, under_way, _waiting = DBTaskResult.objects.all()
    for task, days in ((killed, 14), (under_way, 13)):
        task.status = TaskResultStatus.RUNNING
        task.started_at = timezone.now() - timedelta(days=days)
        task.save()
    running.chores.send(sender=running.Worker)
    assert not DBTaskResult.objects.filter(pk=killed.pk).exists()
    assert DBTaskResult.objects.filter(pk=under_way.pk).exists()
    assert queued() >= 1


def test_an_error_of_ours_ends_an_import(
    ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "product", lambda row: 1 / 0)
    done = upload(ann)
    work()
    done.refresh_from_db()
    assert (done.state, done.content) == ("failed", "")
    assert done.finished_at
    tasks.recover()
    assert queued() == 0


def test_a_database_that_is_busy_is_asked_again(
    ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, failures = Product.save, [OperationalError("deadlock detected")] * 2

    def unlucky(product: Product, **kwargs: Any) -> None:
        if failures:
            raise failures.pop()
        save(product, **kwargs)

    monkeypatch.setattr(Product, "save", unlucky)
    upload(ann)
    work()
    assert Product.objects.count() == 2


def test_a_worker_outlives_its_database(monkeypatch: pytest.MonkeyPatch) -> None:
    failures = [OperationalError("the connection is lost")] * 2

    def run(worker: db_worker.Worker) -> None:
        if failures:
            raise failures.pop()

    monkeypatch.setattr(db_worker.Worker, "run", run)
    monkeypatch.setattr(running, "PAUSE", 0)
    monkeypatch.setattr("worker.running.connections.close_all", lambda: None)
    work()
    assert not failures


@override_settings(DEBUG=True)
def test_the_development_server_has_a_worker_inside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started = []

    def run_embedded(**kwargs: Any) -> None:
        started.append(kwargs)

    monkeypatch.setattr(running, "run_embedded", run_embedded)
    autoreload_started.send(sender=StatReloader())
    assert not started  # production has been set up
    apps.get_app_config("worker").ready()
    autoreload_started.send(sender=StatReloader())
    assert len(started) == 1


# The command


def import_products(file: Path, owner: str = "ann@example.com") -> str:
    told = StringIO()
    call_command("import_products", str(file), owner=owner, stdout=told)
    return told.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.csv"
    path.write_text(ROWS)
    return path


def test_a_file_is_queued_from_the_command_line(ann: User, file: Path) -> None:
    told = import_products(file, "Ann@example.com")
    done = ProductImport.objects.get()
    assert told == f"Import {done.pk} is queued, with 3 rows of shop.csv.\n"
    assert done.owner == ann
    work()
    assert Product.objects.count() == 2


def test_the_command_says_in_one_sentence_what_is_wrong(ann: User, file: Path) -> None:
    with pytest.raises(CommandError, match=r"no account with the address bob@"):
        import_products(file, "bob@example.com")
    with pytest.raises(CommandError, match=r"missing.csv cannot be read: No such"):
        import_products(file.with_name("missing.csv"))
    file.write_text("nothing")
    with pytest.raises(CommandError, match=r"shop.csv: The first line has to name"):
        import_products(file)
    assert not ProductImport.objects.exists()
