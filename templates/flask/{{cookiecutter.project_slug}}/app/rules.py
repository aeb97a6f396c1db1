"""What a text may be, whoever sends it: a form, a program, a command.

A rule returns what is to be stored, or raises a ValueError that says what is wrong.
"""

import unicodedata

from app.languages import N_

NO_NUL = N_("This has a character in it that cannot be stored.")
NOT_ONE_LINE = N_("This has to be one line, without control characters.")


def name(text: str, *, maximum: int, none: str, too_long: str) -> str:
    """One line with something to see in it; nothing is trimmed off."""
    if not text.strip():
        raise ValueError(none)
    if len(text) > maximum:
        raise ValueError(too_long)
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ValueError(NOT_ONE_LINE)
    return text


def short(text: str, *, maximum: int, too_long: str) -> str:
    if len(text) > maximum:
        raise ValueError(too_long)
    return storable(text)


def storable(text: str) -> str:
    """Without NUL, which PostgreSQL cannot store."""
    if "\0" in text:
        raise ValueError(NO_NUL)
    return text
