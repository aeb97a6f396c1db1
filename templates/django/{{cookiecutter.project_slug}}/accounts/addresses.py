"""Which e-mail addresses are taken, and in which form they are stored and looked up."""

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from languages import _

LONGEST = 254


class AddressValidator(EmailValidator):
    """Refuses `"…"@example.com` too: such quotes may hold control characters.

    Python ends a line at some of them, and so a mail would get headers of a stranger's.
    """

    message = _("That does not look like an e-mail address.")

    def __call__(self, value: str | None) -> None:
        if '"' in (value or ""):
            raise ValidationError(self.message, code=self.code)
        super().__call__(value)
