"""The frameworks side by side: what the documents say, and what our projects have.

Nothing is printed here. Both comparisons are a table for people, and an object
for programs.
"""

from collections.abc import Iterable
from dataclasses import asdict

from headstart.knowledge import frameworks, sources
from headstart.knowledge.comparison import Aspect, Contents, Part
from headstart.tables import NOT_SAID, Item, Line, Table


def documents_table(aspects: Iterable[Aspect]) -> Table:
    """What the documents say, with the number of the document behind each cell."""
    lines = tuple(
        Line(
            aspect.title,
            [
                [Item(each.says, each.number) for each in aspect.said_of(framework)]
                for framework in frameworks()
            ],
            aspect.summary,
        )
        for aspect in aspects
    )
    notes = f'"{NOT_SAID}" means not said. Numbers are documents:'
    numbered = {each.document.partition("_")[0]: each.title for each in sources()}
    return Table(tuple(frameworks().values()), lines, notes, numbered)


def documents_json(aspects: Iterable[Aspect]) -> dict[str, object]:
    """What the documents say, as the object that `--json` prints."""
    rows = [
        {
            "aspect": aspect.id,
            "title": aspect.title,
            "cells": {
                framework: [
                    {
                        "says": each.says,
                        "source": {"document": each.document, "section": each.section},
                    }
                    for each in aspect.said_of(framework)
                ]
                for framework in frameworks()
            },
        }
        for aspect in aspects
    ]
    return {"frameworks": dict(frameworks()), "rows": rows}


def projects_table(parts: Iterable[Part]) -> Table:
    """What the parts of a project bring to it, in each framework."""
    lines = tuple(
        Line(part.title, [_contents(part.brings[framework]) for framework in frameworks()])
        for part in parts
    )
    notes = "Libraries and number of files that each brings to a project."
    return Table(tuple(frameworks().values()), lines, notes, {})


def projects_json(parts: Iterable[Part]) -> dict[str, object]:
    """What the parts of a project bring to it, as the object that `--json` prints."""
    rows = [
        {
            "feature": part.name,
            "title": part.title,
            "cells": {framework: asdict(part.brings[framework]) for framework in frameworks()},
        }
        for part in parts
    ]
    return {"frameworks": dict(frameworks()), "rows": rows}


def _contents(brought: Contents) -> list[Item]:
    files = "1 file" if brought.files == 1 else f"{brought.files} files"
    said = (", ".join(brought.libraries), files if brought.files else "")
    return [Item(text) for text in said if text]
