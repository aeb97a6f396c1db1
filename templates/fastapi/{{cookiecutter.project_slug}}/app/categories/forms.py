"""The form that asks the model."""

from typing import Annotated

from pydantic import AfterValidator

from app.categories.model import LONGEST_TEXT
from app.forms import Form
from app.languages import N_

NO_TEXT = N_("Write something first.")
LONG_TEXT = N_("A text has 2,000 characters at most.")


def _text(value: str) -> str:
    text = value.replace("\r\n", "\n").strip()
    if not text:
        raise ValueError(NO_TEXT)
    if len(text) > LONGEST_TEXT:
        raise ValueError(LONG_TEXT)
    return text


class TextForm(Form):
    text: Annotated[str, AfterValidator(_text)] = ""
