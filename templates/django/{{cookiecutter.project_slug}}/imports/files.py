"""Reads files of products, and refuses those that are none.

https://docs.python.org/3/library/csv.html
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from django.core.exceptions import ValidationError

from languages import _

NEEDED = ("name", "price")
COLUMNS = (*NEEDED, "description", "stock")
MOST_ROWS = 10_000
LARGEST = 1024 * 1024  # bytes

TOO_LARGE = _("A file may have one megabyte at most.")
NOT_TEXT = _("This is not a text file in UTF-8.")
NO_ROWS = _("There are no rows in this file.")
NO_HEADER = _("The first line has to name the columns, at least name and price.")
UNKNOWN = _("There is no column “{name}”: use name, price, description and stock.")
TWICE = _("The column “{name}” is there twice.")
NOT_CSV = _("This is not a CSV file: look at line {line}.")
TOO_MANY = _("A file may have 10,000 rows at most.")
TOO_WIDE = _("There are more values than columns.")


@dataclass(frozen=True)
class Row:
    """A row that describes a product, and the line where it starts."""

    line: int
    values: dict[str, str]
    is_too_wide: bool


@dataclass(frozen=True)
class ProductFile:
    """A file that can be imported; which rows are good is seen then."""

    content: str
    rows_total: int


def read(raw: bytes) -> ProductFile:
    """Return what was sent, if it is a file of products.

    Raises:
        ValidationError: it is not, for a reason that its sender understands.
    """
    if len(raw) > LARGEST:
        raise ValidationError(TOO_LARGE)
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(NOT_TEXT) from error
    if "\0" in content:
        raise ValidationError(NOT_TEXT)
    rows_total = sum(1 for _row in rows(content))
    if not rows_total:
        raise ValidationError(NO_ROWS)
    if rows_total > MOST_ROWS:
        raise ValidationError(TOO_MANY)
    return ProductFile(content, rows_total)


def rows(content: str) -> Iterator[Row]:
    """Go through the rows of a file, without empty lines."""
    lines = _lines(content)
    _, header = next(lines, (0, []))
    columns = [name.strip().lower() for name in header]
    while columns and not columns[-1]:  # office programs leave empty ones there
        columns.pop()
    _check(columns)
    for line, values in lines:
        yield Row(
            line=line,
            values=dict(zip(columns, values, strict=False)),
            is_too_wide="".join(values[len(columns) :]).strip() != "",
        )


def _check(columns: list[str]) -> None:
    if not set(NEEDED) & set(columns):
        raise ValidationError(NO_HEADER)
    for name in columns:
        if name not in COLUMNS:
            raise ValidationError(UNKNOWN.format(name=name[:40]) if name else NO_HEADER)
        if columns.count(name) > 1:
            raise ValidationError(TWICE.format(name=name))
    if not set(NEEDED) <= set(columns):
        raise ValidationError(NO_HEADER)


def _lines(content: str) -> Iterator[tuple[int, list[str]]]:
    header = next((line for line in content.splitlines() if line.strip()), "")
    separator = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(StringIO(content, newline=""), delimiter=separator, strict=True)
    start = 1
    try:
        for values in reader:
            if "".join(values).strip():
                yield start, values
            start = reader.line_num + 1
    except csv.Error as error:
        raise ValidationError(NOT_CSV.format(line=start)) from error
