"""The languages of the site: which one a visitor reads, and where its texts are."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import cast

from django.utils import translation

# Marks a text, which is translated when it is shown. Django's types keep such texts apart
# from `str`, for which they stand in nearly everywhere.
_ = cast("Callable[[str], str]", translation.gettext_lazy)

# The language of an answer. What is left for after it has this too, in another thread,
# where Django does not know which language was active.
spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def gettext(text: str) -> str:
    """Translate a text at once, such as one of a mail."""
    with translation.override(spoken.get() or translation.get_language()):
        return translation.gettext(text)
