"""Read an e-mail address in the one form in which it is kept and compared."""

import re

from email_validator import (
    SPECIAL_USE_DOMAIN_NAMES,
    EmailNotValidError,
    validate_email,
)

from app.languages import N_

MAXIMUM_LENGTH = 254
# To programs that read mails, `=?utf-8?q?ann?=@…` is another address.
ENCODED_WORD = re.compile(r"=\?.*\?=")
INVALID_ADDRESS = N_("That does not look like an e-mail address.")

# example.test and home.arpa are fine: nobody is asked here whether mail gets there.
SPECIAL_USE_DOMAIN_NAMES.clear()


def normalise(text: str) -> str:
    """The address in lower case and ASCII, so that nobody can register it twice.

    Raises:
        ValueError: it is not an address to which mail can be sent.
    """
    # Reading a megabyte as an address would take a while.
    if len(text) > MAXIMUM_LENGTH or ENCODED_WORD.search(text):
        raise ValueError(INVALID_ADDRESS)
    try:
        address = validate_email(
            text.strip(), allow_smtputf8=False, check_deliverability=False
        )
    except EmailNotValidError as error:
        raise ValueError(INVALID_ADDRESS) from error
    return (address.ascii_email or address.normalized).lower()
