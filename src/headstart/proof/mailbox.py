"""Reads the mails that a project wrote into a folder (`MAIL_URL=file:…`)."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import lru_cache
from pathlib import Path

_LINK = re.compile(r"https?://\S+")
_TOKEN = re.compile(r"^[A-Za-z0-9_-]{20,}$", re.MULTILINE)
_PAUSE = 0.02


class NoMail(LookupError):
    """The mail that was waited for did not come, or has no link."""


@dataclass(frozen=True)
class Mail:
    """One mail."""

    to: str
    subject: str
    text: str

    @property
    def link(self) -> str:
        """The first link in the mail.

        Raises:
            NoMail: there is none.
        """
        found = _LINK.search(self.text)
        if found is None:
            raise NoMail(f"no link in the mail `{self.subject}`")
        return found.group()

    @property
    def token(self) -> str:
        """The token in the mail: alone on a line, or the end of the link.

        Raises:
            NoMail: there is neither.
        """
        found = _TOKEN.search(self.text)
        return found.group() if found else self.link.rpartition("/")[2]


@dataclass(frozen=True)
class Mailbox:
    """The folder where a project leaves its mails."""

    folder: Path

    def mails(self) -> Iterator[Mail]:
        """Return the mails that are there, newest first."""
        # Their names begin with the time, so that they sort.
        for path in sorted(self.folder.glob("*.eml"), reverse=True):
            yield _read(path.read_bytes())

    def find(self, to: str, subject: str = "") -> list[Mail]:
        """Return the mails to an address with words in the subject, newest first."""
        return [
            mail
            for mail in self.mails()
            if to.casefold() in mail.to.casefold() and subject.casefold() in mail.subject.casefold()
        ]

    def wait_for(self, to: str, subject: str = "", patience: float = 5.0, count: int = 1) -> Mail:
        """Return the newest mail to an address, waiting for it if need be.

        Args:
            to: the address.
            subject: words of the subject; any subject when empty.
            patience: how many seconds to wait at most.
            count: how many such mails must be there.

        Raises:
            NoMail: none came.
        """
        end = time.monotonic() + patience
        while True:
            # A mail that is still being written has no address yet and is passed over.
            found = self.find(to, subject)
            if len(found) >= count:
                return found[0]
            if time.monotonic() > end:
                about = f" about `{subject}`" if subject else ""
                raise NoMail(f"no mail to {to}{about} within {patience:.0f} s")
            time.sleep(_PAUSE)


# Whoever waits for a mail looks at all of them, again and again.
@lru_cache(4096)
def _read(content: bytes) -> Mail:
    message = message_from_bytes(content, EmailMessage, policy=default)
    body = message.get_body(("plain",))
    text = "" if body is None else body.get_content()
    return Mail(str(message["To"] or ""), str(message["Subject"] or ""), text)
