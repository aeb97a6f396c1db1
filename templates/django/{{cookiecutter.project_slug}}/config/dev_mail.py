"""Shows the mail that lies in the folder of MAIL_URL, in development only."""

from collections.abc import Iterator
from datetime import UTC
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def newest_mails(request: HttpRequest) -> HttpResponse:
    return render(request, "dev_mail.html", {"mails": _mails()})


def _mails() -> Iterator[dict[str, object]]:
    folder = settings.EMAIL_FILE_PATH
    for file in sorted(folder.glob("*.eml"), reverse=True) if folder else ():
        message: EmailMessage = message_from_bytes(file.read_bytes(), policy=default)
        yield {
            "subject": message["Subject"],
            "to": message["To"],
            "sent": message["Date"].datetime.replace(tzinfo=UTC),
            "text": message.get_content().strip(),
        }


urlpatterns = [path("mail", newest_mails, name="dev-mail")] if settings.DEBUG else []
