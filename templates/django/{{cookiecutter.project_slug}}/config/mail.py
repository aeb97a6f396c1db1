"""Delivers mail after the answer has been given, over SMTP or into a folder."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connections, transaction

logger = logging.getLogger(__name__)
NOT_SENT = "A mail could not be sent: %s. Does what MAIL_URL names take mail?"
executor = ThreadPoolExecutor(max_workers=2, thread_name_prefix="later")


def later(work: Callable[[], None]) -> None:
    """Do something when the answer does not wait for it any more.

    If a transaction is open, that begins when it is committed, and not if it fails.
    So the time of an answer does not tell whether there is an account with that
    address, and a mail server that hangs holds up nobody.
    """
    transaction.on_commit(lambda: _begin(work))


def give_up() -> None:
    """Begin no mail that still waits: the server ends, and soon."""
    executor.shutdown(wait=False, cancel_futures=True)


def _begin(work: Callable[[], None]) -> None:
    started = executor.submit(copy_context().run, _do, work)
    started.add_done_callback(_tell_if_given_up)


def _tell_if_given_up(started: Future[None]) -> None:
    if started.cancelled():
        logger.error(NOT_SENT, "The server has ended")


def _do(work: Callable[[], None]) -> None:
    try:
        work()
    except OSError as error:  # smtplib's errors are of its kind too
        logger.error(NOT_SENT, error.strerror or type(error).__name__)
    except Exception:
        logger.exception("What was left for after the answer has failed.")
    finally:
        connections.close_all()


class FolderBackend(BaseEmailBackend):
    """Writes each message into a file of its own, named so that they sort by time."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH or "")
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
            # Readable for nobody else, and found only when it is complete.
            with NamedTemporaryFile(dir=folder, delete=False) as file:
                file.write(message.message().as_bytes())
            Path(file.name).rename(folder / f"{now}-{token_hex(4)}.eml")
        return len(email_messages)
