"""Mail, by way of `MAIL_URL`: a server, or in development files to look at."""

import asyncio
import logging
import os
import secrets
import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from app.database import now
from app.settings import PROJECT, SITE_NAME, Settings

logger = logging.getLogger(__name__)
NOT_SENT = "A mail could not be sent: %s. Does what MAIL_URL names take mail?"

TIMEOUT = 5  # less than a server has that is told to end
# Threads of their own: a mail server that hangs must not hold up anything else.
SENDING = CapacityLimiter(4)


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str


async def send(settings: Settings, mail: Mail) -> None:
    """Send a mail. If that fails, the log says so: no page waits for it or breaks."""
    try:
        message = _message(settings, mail)
        await run_sync(_deliver, settings, message, limiter=SENDING)
    except OSError as error:  # smtplib's errors are of its kind too
        logger.error(NOT_SENT, error.strerror or type(error).__name__)
    except asyncio.CancelledError:  # the last thing that this task had to do
        logger.error(NOT_SENT, "The server has ended")
    except Exception:
        logger.exception("The mail %r could not be sent.", mail.subject)


def mail_folder(settings: Settings) -> Path | None:
    """Where mails are written to, if they are."""
    url = urlsplit(settings.mail_url.get_secret_value())
    return PROJECT / url.path if url.scheme == "file" else None


def _message(settings: Settings, mail: Mail) -> EmailMessage:
    # This class refuses line breaks in headers.
    message = EmailMessage()
    message["From"] = Address(SITE_NAME, "noreply", settings.host)
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain=settings.host)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="8bit")
    return message


def _deliver(settings: Settings, message: EmailMessage) -> None:
    if folder := mail_folder(settings):
        _write(folder, message)
    else:
        _post(urlsplit(settings.mail_url.get_secret_value()), message)


def _write(folder: Path, message: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{now():%Y%m%dT%H%M%S.%f}Z-{secrets.token_hex(4)}.eml"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    part = folder / f"{name}.part"
    with open(os.open(part, flags, 0o600), "wb") as file:
        file.write(message.as_bytes())
    part.rename(folder / name)  # so that nobody reads half a mail


def _post(url: SplitResult, message: EmailMessage) -> None:
    host, tls = url.hostname or "localhost", ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, url.port or 465, timeout=TIMEOUT, context=tls
        )
    else:
        server = smtplib.SMTP(host, url.port or 25, timeout=TIMEOUT)
    with server:
        server.ehlo()
        if url.scheme != "smtps" and (url.username or server.has_extn("starttls")):
            server.starttls(context=tls)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)
