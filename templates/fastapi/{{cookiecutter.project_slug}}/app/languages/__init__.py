"""The languages of the site, and the marks of its texts, which are written in English.

https://babel.pocoo.org/en/latest/support.html
"""

from contextvars import ContextVar
from functools import cache

from babel.support import NullTranslations, Translations

from app.settings import PROJECT

# Each in its own words. The first is the one that the texts are written in.
LANGUAGES = {"en": "English", "de": "Deutsch"}
DEFAULT = next(iter(LANGUAGES))

# Of the request that is being answered, and of the work that it leaves for later.
current: ContextVar[str] = ContextVar("language", default=DEFAULT)


def language() -> str:
    """The language of the request."""
    return current.get()


def _(text: str) -> str:
    """The text in the language of the request."""
    return str(_catalogue(language()).gettext(text)) if text else ""


def N_(text: str) -> str:
    """Mark a text that is translated later, where it is shown."""
    return text


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(str(PROJECT / "locale"), [language])
