"""Which e-mail addresses are taken, and in which form they are stored and looked up."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from languages import _

LONGEST = 254
MISREAD = re.compile(r'"|=\?.*\?=')


class AddressValidator(EmailValidator):
    """Refuses `"…"@example.com` too: such quotes may hold control characters.

    Python ends a line at some of them, and so a mail would get headers of a stranger's.
    To programs that read mails, `=?utf-8?q?ann?=@…` is another address.
    """

    message = _("That does not look like an e-mail address.")

    def __call__(self, value: str | None) -> None:
        if MISREAD.search(value or ""):
            raise ValidationError(self.message, code=self.code)
        super().__call__(value)
