"""Imports the products of a file in the background, a hundred rows at a time.

A batch and how far it has come are one transaction, so whoever goes on after a worker
that died imports each row once. https://docs.djangoproject.com/en/6.0/topics/tasks/
"""

from datetime import datetime
from time import monotonic, sleep
from typing import Any

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from imports import files, rows
from imports.models import CLAIM, LONGEST_FILENAME, ProductImport
from worker.running import stopping

# A batch ends after so many rows or seconds, and others may write until the next.
BATCH = 100
LONGEST = 1.0
PAUSE = 0.1
TRIES = 5


def queue(file: files.ProductFile, filename: str, owner: User) -> ProductImport:
    """Store a file and the message that it is there: both, or neither."""
    with transaction.atomic():
        stored = ProductImport.objects.create(
            owner=owner,
            # A name may be anything that a file system or a browser gives.
            filename=filename.encode("utf-8", "replace").decode()[:LONGEST_FILENAME],
            content=file.content,
            rows_total=file.rows_total,
        )
        import_products.enqueue(stored.pk)
    return stored


@task()
def import_products(number: int) -> None:
    """Import what is left of a file, unless another worker is at it."""
    claim = ProductImport.objects.claim(number)
    if claim is None:
        return
    try:
        found = list(files.rows(ProductImport.objects.get(pk=number).content))
        while further := import_batch(number, claim, found):
            claim = further
            if stopping.is_set():
                leave(number, claim)
                break
            sleep(PAUSE)
    except (InterfaceError, OperationalError):
        raise  # when the database is back, somebody goes on
    except Exception:
        fail(number, claim)
        raise


def import_batch(
    number: int, claim: datetime, found: list[files.Row]
) -> datetime | None:
    """Import the next rows, patiently: others write too, perhaps of the same names.

    Returns:
        until when the import is claimed now; None if there is nothing more to do.
    """
    for pause in range(TRIES):
        try:
            return try_batch(number, claim, found)
        except OperationalError:
            if stopping.is_set():
                raise
            sleep(pause * PAUSE)
    return try_batch(number, claim, found)


@transaction.atomic
def try_batch(number: int, claim: datetime, found: list[files.Row]) -> datetime | None:
    # Locked, so that nobody else claims it while we are only slow.
    locked = ProductImport.objects.select_for_update().defer("content")
    work = locked.filter(pk=number, claimed_until=claim).first()
    if work is None:
        return None  # we were too slow, and somebody else goes on
    start = monotonic()
    for row in found[work.rows_done : work.rows_done + BATCH]:
        try:
            product = rows.product(row)
        except ValidationError as error:
            work.refuse(row.line, " ".join(error.messages))
        else:
            product.owner_id = work.owner_id
            product.save()
            work.imported += 1
        work.rows_done += 1
        if monotonic() - start > LONGEST:
            break
    if work.rows_done < len(found):
        work.claimed_until = timezone.now() + CLAIM
    else:
        work.end(ProductImport.State.FINISHED)
    work.save()
    return work.claimed_until


def leave(number: int, claim: datetime) -> None:
    """Give an import back: the next worker goes on at once."""
    with transaction.atomic():
        ours = ProductImport.objects.filter(pk=number, claimed_until=claim)
        if ours.update(claimed_until=None):
            import_products.enqueue(number)


def fail(number: int, claim: datetime) -> None:
    """End an import that cannot go on; what it has imported stays."""
    for work in ProductImport.objects.filter(pk=number, claimed_until=claim):
        work.end(ProductImport.State.FAILED)
        work.save()


def recover(**kwargs: Any) -> None:
    """Queue what nobody works at: its message was lost, or its worker died."""
    path = import_products.module_path
    messages = DBTaskResult.objects.ready().filter(task_path=path).values_list
    queued = [message["args"] for message in messages("args_kwargs", flat=True)]
    for number in ProductImport.objects.open().values_list("pk", flat=True):
        if [number] not in queued:
            import_products.enqueue(number)
