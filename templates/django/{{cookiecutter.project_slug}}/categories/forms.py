"""The form that asks the model."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from categories.model import LONGEST_TEXT

NO_TEXT = _("Write something first.")
LONG_TEXT = _("A text has 2,000 characters at most.")


class TextField(forms.CharField):
    """Counts line breaks once: browsers send them as two characters."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class TextForm(forms.Form):
    text = TextField(
        max_length=LONGEST_TEXT,
        label=_("Text"),
        widget=forms.Textarea({"rows": 6}),
        help_text=_("A name and a few words are enough."),
        error_messages={"required": NO_TEXT, "max_length": LONG_TEXT},
    )
