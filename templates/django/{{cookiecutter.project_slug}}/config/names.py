"""What a name has to be, of a product or of a user, whoever sends it."""

from unicodedata import category

from django.core.exceptions import ValidationError

from languages import _

REQUIRED = _("This field is required.")
NOT_ONE_LINE = _("This has to be one line, without control characters.")


def is_blank(text: str) -> bool:
    """Whether there is nothing to see in a text."""
    return not text.strip()


def is_one_line(text: str) -> bool:
    return all(category(character) != "Cc" for character in text)


def validate_name(text: str) -> None:
    """Refuse, as a validator of models and forms, what is no name."""
    if is_blank(text):
        raise ValidationError(REQUIRED, code="required")
    if not is_one_line(text):
        raise ValidationError(NOT_ONE_LINE, code="not_one_line")
