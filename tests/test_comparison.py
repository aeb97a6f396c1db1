"""The frameworks side by side: what is printed, what a program gets, where each cell comes from."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from headstart.comparison import documents_json, documents_table, projects_json, projects_table
from headstart.knowledge import features, frameworks, sources
from headstart.knowledge.comparison import Aspect, Contents, Part, aspects, parts, read_aspects
from headstart.tables import Item, Line, Table, markdown, terminal
from headstart.template import PROJECT_FOLDER, Template, read_template

from .command import headstart

SECTION = "Django vs Flask vs FastAPI"
RATINGS = {
    "Learning curve": ["moderate", "easy", "moderate"],
    "Performance": ["good", "good", "excellent"],
    "Built-in features": ["extensive", "minimal", "moderate"],
    "API development": ["very good", "good", "excellent"],
    "Admin panel": ["built-in", "no", "no"],
    "Flexibility": ["moderate", "high", "high"],
    "Community": ["very large", "large", "growing rapidly"],
    "Best for": ["full applications", "small projects", "APIs & microservices"],
}

Row = dict[str, Any]


def cell(framework: str, says: str, document: str = "003", section: str = SECTION) -> Row:
    return {"framework": framework, "says": says, "document": document, "section": section}


def small() -> tuple[Aspect, ...]:
    """Two rows that belong close together, and one of several cells, and of none."""
    three = [cell("django", "large"), cell("flask", "small"), cell("fastapi", "in between")]
    return read_aspects(
        [
            {"id": "size", "title": "Size", "summary": True, "cells": three},
            {"id": "pace", "title": "Pace", "summary": True, "cells": three[:2]},
            {
                "id": "beginners",
                "title": "For those who have only just begun",
                "cells": [
                    cell("flask", "easy to understand, and | small", "000", "Frequent questions"),
                    cell("flask", "a fine teacher"),
                ],
            },
        ]
    )


def printed(table: Table, width: int = 80) -> str:
    return "".join(text for _, text in terminal(table, width))


def test_a_terminal_shows_every_statement_with_its_document() -> None:
    assert printed(documents_table(small())) == (
        """\
                   Django               Flask                FastAPI
Size               large (003)          small (003)          in between (003)
Pace               large (003)          small (003)          -

For those who      -                    easy to understand,  -
have only just                          and | small (000)
begun                                   a fine teacher
                                        (003)

"-" means not said. Numbers are documents:
"""
        + "".join(f"  {each.document[:3]}  {each.title}\n" for each in sources())
    )


def test_a_wider_terminal_is_used_up_to_a_limit_and_a_narrower_one_is_not_followed() -> None:
    table = documents_table(aspects())
    for asked, used in ((40, 80), (80, 80), (95, 95), (110, 110), (300, 110)):
        widest = max(map(len, printed(table, asked).splitlines()))
        assert used - 4 <= widest <= used, asked
    assert len(printed(table, 110).splitlines()) < len(printed(table, 80).splitlines())


def test_a_title_that_is_longer_than_its_cells_ends_without_spaces() -> None:
    table = Table(["Django"], [Line("A very long title indeed", [[Item("yes")]])], "", {})
    assert printed(table).splitlines()[1:3] == ["A very long title  yes", "indeed"]


def test_markdown_is_a_table_with_numbers_and_a_list_of_documents() -> None:
    assert markdown(documents_table(small())) == (
        """\
|  | Django | Flask | FastAPI |
| --- | --- | --- | --- |
| Size | large <sup>003</sup> | small <sup>003</sup> | in between <sup>003</sup> |
| Pace | large <sup>003</sup> | small <sup>003</sup> | - |
| For those who have only just begun | - | easy to understand, and \\| small <sup>000</sup>\
<br>a fine teacher <sup>003</sup> | - |

"-" means not said. Numbers are documents:

"""
        + "".join(f"- {each.document[:3]}: {each.title}\n" for each in sources())
    )


def test_markdown_takes_nothing_that_is_said_for_markup() -> None:
    table = Table(["*"], [Line("<b>", [[Item("a_b_c `d` [e] \\")]])], "", {})
    assert r"| \<b\> | a\_b\_c \`d\` \[e\] \\ |" in markdown(table)


def test_a_program_gets_every_statement_with_its_source() -> None:
    document = {each.document[:3]: each.document for each in sources()}
    table = {"document": document["003"], "section": SECTION}
    said = documents_json(small())
    assert said["frameworks"] == {"django": "Django", "flask": "Flask", "fastapi": "FastAPI"}
    rows = said["rows"]
    assert isinstance(rows, list)
    assert [row["aspect"] for row in rows] == ["size", "pace", "beginners"]
    assert rows[1:] == [
        {
            "aspect": "pace",
            "title": "Pace",
            "cells": {
                "django": [{"says": "large", "source": table}],
                "flask": [{"says": "small", "source": table}],
                "fastapi": [],
            },
        },
        {
            "aspect": "beginners",
            "title": "For those who have only just begun",
            "cells": {
                "django": [],
                "flask": [
                    {
                        "says": "easy to understand, and | small",
                        "source": {"document": document["000"], "section": "Frequent questions"},
                    },
                    {"says": "a fine teacher", "source": table},
                ],
                "fastapi": [],
            },
        },
    ]


def test_the_first_rows_are_the_table_of_003_with_its_ratings() -> None:
    assert {each.title: each for each in aspects()[:8]}.keys() == RATINGS.keys()
    for aspect, ratings in zip(aspects(), RATINGS.values(), strict=False):
        assert [(each.framework, each.says) for each in aspect.statements] == list(
            zip(frameworks(), ratings, strict=True)
        )
        assert {(each.number, each.section) for each in aspect.statements} == {("003", SECTION)}
    assert [aspect.summary for aspect in aspects()] == [
        index < len(RATINGS) for index, _ in enumerate(aspects())
    ]


def test_every_statement_has_a_place_in_a_document_and_is_short() -> None:
    sections = {each.document: each.sections for each in sources()}
    for aspect in aspects():
        for each in aspect.statements:
            assert each.section in sections[each.document], (aspect.id, each)
            assert len(each.says) <= 40, each.says
            assert each.says == each.says.strip(" ."), each.says
        assert len(set(aspect.statements)) == len(aspect.statements), aspect.id


def test_a_row_is_named_in_words_and_its_title_is_its_own() -> None:
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", each.id) for each in aspects())
    assert len({each.title for each in aspects()}) == len(aspects())


def test_all_documents_and_all_frameworks_are_heard() -> None:
    statements = [each for aspect in aspects() for each in aspect.statements]
    assert {each.document for each in statements} == {each.document for each in sources()}
    assert {each.framework for each in statements} == set(frameworks())


def test_what_the_documents_disagree_on_is_shown_from_both_sides() -> None:
    beginners = next(each for each in aspects() if each.id == "beginners")
    said = {(each.number, each.framework) for each in beginners.statements}
    assert said >= {("000", "flask"), ("001", "django"), ("003", "django"), ("003", "fastapi")}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"framework": "pyramid"}, "`size` names the unknown framework `pyramid`"),
        ({"document": "004"}, "`size` names the unknown document `004`"),
        ({"document": ""}, "`size` names the unknown document ``"),
        ({"section": "Nowhere"}, "`size` names the unknown section `Nowhere`"),
    ],
)
def test_a_cell_that_names_something_unknown_is_refused(changes: Row, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_aspects([{"id": "size", "title": "Size", "cells": [cell("flask", "small") | changes]}])


def test_two_rows_of_one_id_and_a_row_without_cells_are_refused() -> None:
    row = {"id": "size", "title": "Size", "cells": [cell("flask", "small")]}
    with pytest.raises(ValueError, match="more than one row is called `size`"):
        read_aspects([row, row])
    with pytest.raises(ValueError, match="`size` says nothing"):
        read_aspects([row | {"cells": []}])


@pytest.fixture
def template(tmp_path: Path) -> Template:
    """A template of five files, two of which come with `pages` and one with a licence."""
    project = tmp_path / PROJECT_FOLDER
    (project / "app/pages").mkdir(parents=True)
    for path in ("README.md", "LICENSE", "app/pages/home.html", "app/pages.py"):
        (project / path).touch()
    (project / "pyproject.toml").write_text(
        '[project]\ndependencies = [\n{% call sorted_lines("dependencies") %}\n'
        '    "some-web>=1,<2",\n    "driver[binary]>=3.1",\n    "a_name==1; os == \'x\'",\n'
        '{% endcall %}\n]\n[dependency-groups]\ndev = [\n    "tester>=1",\n]\n'
    )
    (tmp_path / "templates/pages").mkdir(parents=True)
    (tmp_path / "templates/pages/dependencies").write_text('    "forms>=2",\n')
    files = {"license": ["LICENSE"], "pages": ["app/pages", "app/pages.py"]}
    return Template("flask", tmp_path, {"_files": files})


def test_a_project_is_compared_by_the_tables_of_its_template(template: Template) -> None:
    always, pages, *others = parts([template])
    assert (always.name, always.title) == ("always", "Always there")
    assert always.brings == {"flask": Contents(("a_name", "driver", "some-web"), 2)}
    assert pages.brings == {"flask": Contents(("forms",), 2)}
    assert [each.brings for each in others] == [{"flask": Contents((), 0)}] * len(others)
    assert "ci" in {each.name for each in others}


def every(flask: Contents) -> Mapping[str, Contents]:
    return {"django": Contents(("a-library", "b"), 12), "flask": flask, "fastapi": Contents((), 0)}


TWO_PARTS = (
    Part("always", "Always there", every(Contents((), 1))),
    Part("pages", "Pages", every(Contents(("a-long-name", "and-another"), 3))),
)


def test_a_terminal_shows_what_a_project_has() -> None:
    assert (
        printed(projects_table(TWO_PARTS))
        == """\
                   Django               Flask                FastAPI
Always there       a-library, b         1 file               -
                   12 files

Pages              a-library, b         a-long-name,         -
                   12 files             and-another
                                        3 files

Libraries and number of files that each brings to a project.
"""
    )


def test_a_program_gets_what_a_project_has() -> None:
    said = projects_json(TWO_PARTS[1:])
    assert json.loads(json.dumps(said)) == {
        "frameworks": {"django": "Django", "flask": "Flask", "fastapi": "FastAPI"},
        "rows": [
            {
                "feature": "pages",
                "title": "Pages",
                "cells": {
                    "django": {"libraries": ["a-library", "b"], "files": 12},
                    "flask": {"libraries": ["a-long-name", "and-another"], "files": 3},
                    "fastapi": {"libraries": [], "files": 0},
                },
            }
        ],
    }


def our_parts() -> tuple[Part, ...]:
    return parts(read_template(framework) for framework in frameworks())


def test_every_feature_is_compared_and_brings_files_everywhere() -> None:
    assert [part.name for part in our_parts()] == ["always", *(each.name for each in features())]
    for part in our_parts():
        assert part.brings.keys() == frameworks().keys()
        assert all(each.files > 0 for each in part.brings.values()), part.name
    for framework, always in our_parts()[0].brings.items():
        assert framework in always.libraries
        assert "poethepoet" not in always.libraries


def assert_fits(text: str, width: int) -> None:
    assert "\x1b" not in text
    assert all(len(line) <= width and line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize("words", [["compare"], ["compare", "--features"]])
def test_what_is_printed_fits_the_terminal(words: list[str], tmp_path: Path) -> None:
    for width in (80, 100):
        ended = headstart(*words, folder=tmp_path, COLUMNS=str(width))
        assert ended.code == 0, ended.err
        assert_fits(ended.out, width)
        assert max(map(len, ended.out.splitlines())) > width - 8


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], lambda: documents_json(aspects())),
        (["--features"], lambda: projects_json(our_parts())),
    ],
)
def test_the_command_prints_the_object_and_the_markdown(
    words: list[str], expected: Callable[[], Mapping[str, Any]], tmp_path: Path
) -> None:
    printed = headstart("compare", *words, "--json", folder=tmp_path).out
    assert json.loads(printed) == json.loads(json.dumps(expected()))
    drawn = headstart("compare", *words, "--markdown", folder=tmp_path).out
    bars = [re.sub(r"\\.", "", line).count("|") for line in drawn.splitlines() if "|" in line]
    assert set(bars) == {5}
    assert len(bars) == len(expected()["rows"]) + 2


def test_json_and_markdown_exclude_each_other(tmp_path: Path) -> None:
    ended = headstart("compare", "--json", "--markdown", folder=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "error: `--json` and `--markdown` cannot both be printed.\nhint: Keep one of the two.\n"
    )
