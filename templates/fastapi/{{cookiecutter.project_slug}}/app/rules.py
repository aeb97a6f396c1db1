"""What a name may be, of a product or of a person, whoever sends it."""

import unicodedata

from app.languages import N_


def one_line(value: str) -> str:
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise ValueError(N_("This has to be one line, without control characters."))
    return value
