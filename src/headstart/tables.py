"""A table of short sayings with their sources: as text for a terminal, and as Markdown."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from textwrap import wrap

Fragment = tuple[str, str]

NARROWEST, WIDEST = 80, 110
TITLE, GAP = 17, 2
NOT_SAID = "-"
MARKUP = re.compile(r"([\\`*_\[\]<>|])")


@dataclass(frozen=True)
class Item:
    """One thing said in a cell, and the number of the document that says it."""

    says: str
    number: str = ""


@dataclass(frozen=True)
class Line:
    """A row: for each column its items; lines that are `close` have no gap between them."""

    title: str
    cells: Sequence[Sequence[Item]]
    close: bool = False


@dataclass(frozen=True)
class Table:
    """What is compared, and what has to be known to read it."""

    columns: Sequence[str]
    lines: Sequence[Line]
    notes: str
    documents: Mapping[str, str]


def terminal(table: Table, width: int = NARROWEST) -> Iterator[Fragment]:
    """The table for a terminal: styles (`title`, `strong`, `dim` or none) and text.

    Args:
        table: what to show.
        width: how many columns there are; fewer than 80 are taken for 80, and
            more than 110 are not used.
    """
    width = max(NARROWEST, min(width, WIDEST))
    each = (width - TITLE) // len(table.columns) - GAP
    yield "title", " " * TITLE + _row(table.columns, each)
    for line, following in zip_longest(table.lines, table.lines[1:]):
        cells = [_wrapped(cell, each) or [NOT_SAID] for cell in line.cells]
        for title, *parts in zip_longest(wrap(line.title, TITLE), *cells, fillvalue=""):
            row = _row(parts, each)
            yield "strong", f"{title:<{TITLE}}" if row.strip() else title
            yield "", row
        if not (line.close and following and following.close):
            yield "", "\n"
    yield "dim", f"{table.notes}\n"
    for number, name in table.documents.items():
        yield "dim", f"  {number}  {name}\n"


def markdown(table: Table) -> str:
    """The table as GitHub renders it, with the documents listed below it."""
    rows = [["", *table.columns], ["---"] * (len(table.columns) + 1)]
    rows += [[_escaped(line.title), *map(_markdown_cell, line.cells)] for line in table.lines]
    drawn = [f"| {' | '.join(row)} |" for row in rows]
    listed = [f"- {number}: {_escaped(name)}" for number, name in table.documents.items()]
    return "\n".join([*drawn, "", _escaped(table.notes), *([""] if listed else []), *listed, ""])


def _row(parts: Iterable[str], each: int) -> str:
    return "".join(f"{'':{GAP}}{part:<{each}}" for part in parts).rstrip() + "\n"


def _wrapped(items: Iterable[Item], each: int) -> list[str]:
    return [
        part for item in items for part in wrap(_with_number(item), each, break_on_hyphens=False)
    ]


def _with_number(item: Item) -> str:
    return f"{item.says} ({item.number})" if item.number else item.says


def _markdown_cell(items: Iterable[Item]) -> str:
    said = [
        _escaped(item.says) + (f" <sup>{item.number}</sup>" if item.number else "")
        for item in items
    ]
    return "<br>".join(said) or NOT_SAID


def _escaped(text: str) -> str:
    return MARKUP.sub(r"\\\1", text)
