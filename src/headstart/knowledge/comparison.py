"""What the frameworks are compared by: the documents' words, and what our projects have.

What the documents say is in `comparison.toml`, and a row that names something
that does not exist is refused. What a project has is read from the templates.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from headstart.knowledge import features, frameworks, sources
from headstart.knowledge.checking import check_names
from headstart.template import PROJECT_FOLDER, Template

Row = Mapping[str, Any]

ALWAYS = "always"
DEPENDENCIES = re.compile(r"^dependencies = \[\n(.*?)^\]", re.MULTILINE | re.DOTALL)
LIBRARY = re.compile(r'^\s*"([A-Za-z0-9][\w.-]*)', re.MULTILINE)


@dataclass(frozen=True)
class Statement:
    """What one document says of one framework, in our words."""

    framework: str
    says: str
    document: str
    section: str

    @property
    def number(self) -> str:
        """The number that the document's name begins with."""
        return self.document.partition("_")[0]


@dataclass(frozen=True)
class Aspect:
    """One row: what the frameworks are compared by, and what is said of each."""

    id: str
    title: str
    statements: tuple[Statement, ...]
    summary: bool = False

    def said_of(self, framework: str) -> tuple[Statement, ...]:
        """The statements about one framework; none where the documents are silent."""
        return tuple(each for each in self.statements if each.framework == framework)


@dataclass(frozen=True)
class Contents:
    """What something brings to a project: libraries, and a number of files."""

    libraries: tuple[str, ...]
    files: int


@dataclass(frozen=True)
class Part:
    """What is always in a project, or a feature, and what it brings in each framework."""

    name: str
    title: str
    brings: Mapping[str, Contents]


@cache
def aspects() -> tuple[Aspect, ...]:
    """All aspects, in the order in which a reader wants them."""
    path = Path(__file__).with_name("comparison.toml")
    return read_aspects(tomllib.loads(path.read_text(encoding="utf-8"))["row"])


def read_aspects(rows: Iterable[Row]) -> tuple[Aspect, ...]:
    """The aspects in the rows of a table.

    Args:
        rows: as they are in `comparison.toml`.

    Raises:
        ValueError: two rows share their id, one is empty, or a cell names an
            unknown framework, document or section.
    """
    found = tuple(
        Aspect(row["id"], row["title"], _statements(row), row.get("summary", False)) for row in rows
    )
    check_names("row", [aspect.id for aspect in found])
    return found


def parts(templates: Iterable[Template]) -> tuple[Part, ...]:
    """What is always in a project, then every feature.

    Args:
        templates: one for each framework; nothing but their own tables and lists
            is read.
    """
    titles = {ALWAYS: "Always there"}
    titles |= {feature.name: feature.title for feature in features()}
    found = {template.framework: _contents(template, list(titles)) for template in templates}
    return tuple(
        Part(name, title, {framework: each[name] for framework, each in found.items()})
        for name, title in titles.items()
    )


def _statements(row: Row) -> tuple[Statement, ...]:
    where = f"row `{row['id']}`"
    if not row["cells"]:
        raise ValueError(f"{where} says nothing of any framework")
    return tuple(_statement(where, cell) for cell in row["cells"])


def _statement(where: str, cell: Row) -> Statement:
    number = cell["document"]
    named = [each for each in sources() if each.document.startswith(f"{number}_")]
    if len(named) != 1:
        raise ValueError(f"{where} names the unknown document `{number}`")
    if cell["section"] not in named[0].sections:
        raise ValueError(f"{where} names the unknown section `{cell['section']}`")
    if cell["framework"] not in frameworks():
        raise ValueError(f"{where} names the unknown framework `{cell['framework']}`")
    return Statement(**{**cell, "document": named[0].document})


def _contents(template: Template, names: Iterable[str]) -> dict[str, Contents]:
    files = list(template.paths(dict.fromkeys(template.files, True)))
    brought: dict[str, set[str]] = {}
    for option, named in template.files.items():
        ours = {path for path in files if _is_below(path, named)}
        brought.setdefault(_bringer(option), set()).update(ours)
    brought[ALWAYS] = set(files).difference(*brought.values())
    return {
        name: Contents(_libraries(template, name), len(brought.get(name, ()))) for name in names
    }


def _bringer(option: str) -> str:
    """The feature to which a row counts: what `a+b` brings, it brings to `a` when `b` is added."""
    return option.rpartition("+")[2]


def _is_below(path: str, named: Iterable[str]) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in named)


def _libraries(template: Template, name: str) -> tuple[str, ...]:
    if name == ALWAYS:
        project = template.folder / PROJECT_FOLDER / "pyproject.toml"
        (listed,) = DEPENDENCIES.findall(project.read_text(encoding="utf-8"))
    else:
        lists = [
            template.folder / "templates" / option / "dependencies"
            for option in template.files
            if _bringer(option) == name
        ]
        listed = "".join(each.read_text(encoding="utf-8") for each in lists if each.is_file())
    return tuple(sorted({*LIBRARY.findall(listed)}))
