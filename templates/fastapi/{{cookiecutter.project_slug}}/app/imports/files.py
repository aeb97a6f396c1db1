"""Reads files of products, and refuses those that are none.

https://docs.python.org/3/library/csv.html
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from app.languages import _

NEEDED = ("name", "price")
COLUMNS = (*NEEDED, "description", "stock")
MOST_ROWS = 10_000
LARGEST = 1024 * 1024  # bytes


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
        ValueError: it is not, for a reason that its sender understands.
    """
    if len(raw) > LARGEST:
        raise ValueError(_("A file may have one megabyte at most."))
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        content = "\0"
    if "\0" in content:
        raise ValueError(_("This is not a text file in UTF-8."))
    rows_total = sum(1 for row in rows(content))
    if not rows_total:
        raise ValueError(_("There are no rows in this file."))
    if rows_total > MOST_ROWS:
        raise ValueError(_("A file may have 10,000 rows at most."))
    return ProductFile(content, rows_total)


def rows(content: str) -> Iterator[Row]:
    """Go through the rows of a file, without empty lines."""
    lines = _lines(content)
    header = next(lines, (0, []))[1]
    columns = [name.strip().lower() for name in header]
    while columns and not columns[-1]:  # programs of offices leave empty ones there
        columns.pop()
    _check(columns)
    for line, values in lines:
        yield Row(
            line=line,
            values=dict(zip(columns, values, strict=False)),
            is_too_wide="".join(values[len(columns) :]).strip() != "",
        )


def _check(columns: list[str]) -> None:
    no_header = _("The first line has to name the columns, at least name and price.")
    unknown = _("There is no column “{name}”: use name, price, description and stock.")
    twice = _("The column “{name}” is there twice.")
    if not set(NEEDED) & set(columns):
        raise ValueError(no_header)
    for name in columns:
        if name not in COLUMNS:
            raise ValueError(unknown.format(name=name[:40]) if name else no_header)
        if columns.count(name) > 1:
            raise ValueError(twice.format(name=name))
    if not set(NEEDED) <= set(columns):
        raise ValueError(no_header)


def _lines(content: str) -> Iterator[tuple[int, list[str]]]:
    not_csv = _("This is not a CSV file: look at line {line}.")
    header = next((line for line in content.splitlines() if line.strip()), "")
    separator = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(StringIO(content, newline=""), delimiter=separator, strict=True)
    start = 1
    try:
        for values in reader:
            if "".join(values).strip():
                yield start, values
            start = reader.line_num + 1
    except csv.Error:
        raise ValueError(not_csv.format(line=start)) from None
