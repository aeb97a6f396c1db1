"""The form that asks the model."""

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from app.categories.model import LONGEST_TEXT
from app.languages import N_

NO_TEXT = N_("Write something first.")
LONG_TEXT = N_("A text has 2,000 characters at most.")


def trimmed(text: str | None) -> str:
    """Browsers send line breaks as two characters."""
    return (text or "").replace("\r\n", "\n").strip()


class TextForm(FlaskForm):
    text = TextAreaField(
        N_("Text"),
        [DataRequired(NO_TEXT), Length(max=LONGEST_TEXT, message=LONG_TEXT)],
        filters=[trimmed],
        render_kw={"rows": 6},
    )
