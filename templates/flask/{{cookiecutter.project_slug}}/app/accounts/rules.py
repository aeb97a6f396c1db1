"""What an account may be called, and what is said about passwords."""

from app import rules
from app.accounts.passwords import why_refused
from app.languages import N_
from app.settings import SITE_NAME

LONGEST_NAME = 80

NO_NAME = N_("Tell us what to call you.")
LONG_NAME = N_("A display name has at most 80 characters.")
WRONG_LOGIN = N_("That e-mail address and password do not match an account.")
NOT_YOURS = N_("That is not your password.")


def display_name(text: str) -> str:
    return rules.name(text, maximum=LONGEST_NAME, none=NO_NAME, too_long=LONG_NAME)


def new_password(password: str, *, email: str) -> str:
    reason = why_refused(password, email=email, site_name=SITE_NAME)
    if reason:
        raise ValueError(reason)
    return rules.storable(password)
