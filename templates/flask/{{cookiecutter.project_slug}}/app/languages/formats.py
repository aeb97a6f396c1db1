"""How prices, numbers and dates are written in the language of the request."""

from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

from app.languages import language

# English dates begin with the day here.
LOCALES = {"en": "en_GB"}


def localised(value: object, form: str = "date") -> str:
    """A price as `19,90`, a date as `20. November 2026`; with the time if `form` says so."""
    locale = LOCALES.get(language(), language())
    if isinstance(value, date):
        day = format_date(value, "long", locale=locale)
        is_moment = form == "time" and isinstance(value, datetime)
        return f"{day}, {value:%H:%M} UTC" if is_moment else day
    if isinstance(value, Decimal):
        return format_decimal(value, "0.00", locale=locale)
    if isinstance(value, float):
        return format_decimal(value, "0.###", locale=locale)
    return str(value)
