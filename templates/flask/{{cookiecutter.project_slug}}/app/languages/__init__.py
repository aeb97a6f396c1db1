"""The languages of the site, and the marks of its texts, which are written in English.

https://python-babel.github.io/flask-babel/
"""

from flask import has_request_context, request
from flask_babel import gettext

# Each in its own words. The first is the one that the texts are written in.
LANGUAGES = {"en": "English", "de": "Deutsch"}
DEFAULT = next(iter(LANGUAGES))
COOKIE = "language"


def language() -> str:
    """The one that the visitor has chosen, or else their browser asks for.

    What is in `/api/` is in English always: it is for programs and who writes them.
    """
    if not has_request_context() or request.path.startswith("/api/"):
        return DEFAULT
    if (chosen := request.cookies.get(COOKIE)) in LANGUAGES:
        return str(chosen)
    # "de" will do for whoever asks for "de-AT".
    wanted = sorted(request.accept_languages, key=lambda each: -each[1])
    for tag, quality in wanted:
        name = DEFAULT if tag == "*" else tag.lower().partition("-")[0]
        if quality > 0 and name in LANGUAGES:
            return name
    return DEFAULT


def _(text: str) -> str:
    """The text in the language of the request."""
    return str(gettext(text)) if text else ""


def N_(text: str) -> str:  # noqa: N802  # that is what everybody calls it
    """Mark a text that is translated later, where it is shown."""
    return text
