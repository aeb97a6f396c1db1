"""Outgoing mail: to a mail server, or in development to a folder."""

import logging
import os
import secrets
import smtplib
import ssl
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from functools import partial
from pathlib import Path
from typing import ParamSpec
from urllib.parse import SplitResult, unquote, urlsplit

from flask import (
    Response,
    after_this_request,
    copy_current_request_context,
    current_app,
)

from app.database import now
from app.logs import request_id
from app.settings import PROJECT, SITE_NAME

logger = logging.getLogger(__name__)
NOT_SENT = "A mail could not be sent: %s. Does what MAIL_URL names take mail?"
Parameters = ParamSpec("Parameters")

TIMEOUT = 5  # less than a server has that is told to end
workers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str


def later(
    function: Callable[Parameters, None],
    *args: Parameters.args,
    **kwargs: Parameters.kwargs,
) -> None:
    """Call a function once the answer has been sent, in a thread of its own.

    So the time of an answer does not tell whether an address has an account,
    and nobody waits for a mail server.
    """
    called = partial(function, *args, **kwargs)
    work = copy_current_request_context(partial(_run, request_id.get(), called))

    @after_this_request
    def start_when_closed(response: Response) -> Response:
        response.call_on_close(lambda: _begin(work))
        return response


def give_up() -> None:
    """Begin no mail that still waits: the server ends, and soon."""
    workers.shutdown(wait=False, cancel_futures=True)


def _begin(work: Callable[[], None]) -> None:
    workers.submit(work).add_done_callback(_tell_if_given_up)


def _tell_if_given_up(started: Future[None]) -> None:
    if started.cancelled():
        logger.error(NOT_SENT, "The server has ended")


def _run(number: str, function: Callable[[], None]) -> None:
    request_id.set(number)  # its log lines belong to the request that asked for it
    try:
        function()
    except Exception:
        logger.exception("What was left for after the answer has failed")


def send(mail: Mail) -> None:
    """Send a mail to where `MAIL_URL` says; a failure is logged and goes no further."""
    url = urlsplit(current_app.config["MAIL_URL"])
    message = _message(mail)
    try:
        if url.scheme == "file":
            _write(message, folder(url))
        else:
            _submit(message, url)
    except OSError as error:  # smtplib's errors are of its kind too
        logger.error(NOT_SENT, error.strerror or type(error).__name__)


def folder(url: SplitResult) -> Path:
    """Where mails lie; a path without a leading slash starts at the project."""
    return PROJECT / unquote(url.path)


def _message(mail: Mail) -> EmailMessage:
    host = urlsplit(current_app.config["SITE_URL"]).hostname or "localhost"
    message = EmailMessage()
    message["From"] = Address(SITE_NAME, "noreply", host)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain=host)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="8bit")
    return message


def _write(message: EmailMessage, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    name = f"{now():%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}.eml"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    part = target / f"{name}.part"
    with open(os.open(part, flags, 0o600), "wb") as file:
        file.write(message.as_bytes())
    part.rename(target / name)  # so that nobody reads half a mail


def _submit(message: EmailMessage, url: SplitResult) -> None:
    host, context = url.hostname or "localhost", ssl.create_default_context()
    if url.scheme == "smtps":
        port = url.port or smtplib.SMTP_SSL_PORT
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=TIMEOUT, context=context
        )
    else:
        server = smtplib.SMTP(host, url.port or smtplib.SMTP_PORT, timeout=TIMEOUT)
    with server:
        if url.username:
            # A password goes out over an encrypted connection or not at all.
            if url.scheme != "smtps":
                server.starttls(context=context)
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)
