"""The page that shows, in development only, the mail that was not sent."""

import email
import email.policy
from email.message import EmailMessage
from urllib.parse import urlsplit

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from app.mail import folder

blueprint = Blueprint("dev_mail", __name__)

NEWEST = 50


@blueprint.get("/dev/mail")
def show() -> ResponseReturnValue:
    url = urlsplit(current_app.config["MAIL_URL"])
    files = folder(url).glob("*.eml") if url.scheme == "file" else ()
    newest = sorted(files, reverse=True)[:NEWEST]
    messages = [_message(file.read_bytes()) for file in newest]
    return render_template("dev_mail.html", messages=messages)


def _message(data: bytes) -> EmailMessage:
    return email.message_from_bytes(data, policy=email.policy.default)
