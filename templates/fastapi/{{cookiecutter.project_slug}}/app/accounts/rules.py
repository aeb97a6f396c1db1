"""What people may call themselves, and with which passwords: in forms as in the API.

A rule returns what is good, and raises `ValueError` with the sentence to show.
"""

from app.accounts.passwords import why_refused
from app.languages import N_
from app.rules import one_line
from app.settings import SITE_NAME

LONGEST_DISPLAY_NAME = 80


def display_name(value: str) -> str:
    if not value.strip():
        raise ValueError(N_("Tell us what to call you."))
    if len(value) > LONGEST_DISPLAY_NAME:
        raise ValueError(N_("A display name has at most 80 characters."))
    return one_line(value)


def new_password(value: str, email: str) -> str:
    if reason := why_refused(value, email=email, site_name=SITE_NAME):
        raise ValueError(reason)
    return value
