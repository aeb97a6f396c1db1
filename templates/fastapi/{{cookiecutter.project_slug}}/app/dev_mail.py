"""`/dev/mail`: what would have been sent, for development."""

from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.dependencies import CurrentSettings
from app.mail import mail_folder
from app.pages import Page, PageRoute

NEWEST = 50

router = APIRouter(route_class=PageRoute)


class StoredMail(NamedTuple):
    subject: str
    to: str
    sent: datetime
    text: str


@router.get("/dev/mail")
def show_mail(request: Request, settings: CurrentSettings) -> Response:
    folder = mail_folder(settings)
    paths = sorted(folder.glob("*.eml"), reverse=True) if folder else []
    mails = [_read(path) for path in paths[:NEWEST]]
    return Page(request, "dev_mail.html", mails=mails)


def _read(path: Path) -> StoredMail:
    message = BytesParser(EmailMessage, policy=default).parsebytes(path.read_bytes())
    return StoredMail(
        message["Subject"],
        message["To"],
        parsedate_to_datetime(message["Date"]),
        message.get_content().strip(),
    )
