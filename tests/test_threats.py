"""The table of threats in a project's `SECURITY.md`: all that it names is there."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from headstart.project import Project
from headstart.rendering import render
from headstart.template import FRAMEWORKS, read_template

from .combining import Chosen, combinations
from .conftest import ROOT

ROW = re.compile(r"\| (.+) \| (.+): (`[^:]+`) \| (.+) \|")
IN_QUOTES = re.compile("`([^`]+)`")
NOT_IN_ALL = {
    # Django's queue is rows of the database, and holds no code.
    "A forged message in the queue",
    # Those of FastAPI wait in the event loop.
    "Slow clients, or a database that says nothing, hold all threads",
}


# Each feature with and without those that bring rows together with it.
SETS: list[Chosen] = [
    ("pages",),
    ("api",),
    ("pages", "tasks", "i18n"),
    ("api", "realtime", "tasks", "ml"),
    combinations()[-1],
]


class Threat(NamedTuple):
    """A row of the table."""

    name: str
    words: str
    files: tuple[str, ...]
    tests: tuple[str, ...]


def threats(folder: Path) -> list[Threat]:
    """Return the rows of a project's table."""
    lines = (folder / "SECURITY.md").read_text().splitlines()
    rows = [line for line in lines if line.startswith("|")][2:]
    found = []
    for row in rows:
        parts = ROW.fullmatch(row)
        assert parts, row
        files, tests = (tuple(IN_QUOTES.findall(parts[number])) for number in (3, 4))
        assert parts[4] == ", ".join(f"`{test}`" for test in tests)
        found.append(Threat(parts[1], parts[2], files, tests))
    return found


def rendered(framework: str, chosen: Chosen, folder: Path) -> Path:
    """Return the folder of a project that was rendered."""
    return render(Project("Shop", framework, chosen), read_template(framework), folder)


def names_of_tests(folder: Path) -> set[str]:
    """Return the names of a project's own tests."""
    texts = [path.read_text() for path in folder.glob("tests/test_*.py")]
    return {
        name for text in texts for name in re.findall(r"^(?:async )?def (test_\w+)", text, re.M)
    }


@pytest.mark.parametrize("chosen", SETS, ids="+".join)
def test_every_file_and_every_test_that_the_table_names_is_there(
    framework: str, chosen: Chosen, tmp_path: Path
) -> None:
    folder = rendered(framework, chosen, tmp_path)
    # Made with the environment, not by rendering.
    (folder / "uv.lock").touch()
    table, tests = threats(folder), names_of_tests(folder)
    for threat in table:
        assert threat.files, threat
        assert threat.tests, threat
        assert set(threat.tests) <= tests, threat
        for file in threat.files:
            assert (folder / file).exists(), threat
    names = [threat.name for threat in table]
    assert len(names) == len(set(names))


def test_the_three_frameworks_face_the_same_threats_with_the_same_tests(tmp_path: Path) -> None:
    tables = [
        [
            (threat.name, threat.words, threat.tests)
            for threat in threats(rendered(framework, combinations()[-1], tmp_path / framework))
            if threat.name not in NOT_IN_ALL
        ]
        for framework in FRAMEWORKS
    ]
    assert tables[0] == tables[1] == tables[2]
    assert len(tables[0]) >= 25


@pytest.mark.parametrize(
    ("email", "told"), [("ann@example.com", "ann@example.com."), ("", "put your address here")]
)
def test_whoever_finds_something_knows_whom_to_tell(
    framework: str, email: str, told: str, tmp_path: Path
) -> None:
    project = Project("Shop", framework, email=email)
    folder = render(project, read_template(framework), tmp_path)
    assert told in (folder / "SECURITY.md").read_text()
    assert "(SECURITY.md)" in (folder / "README.md").read_text()


def test_the_tests_that_our_own_page_names_are_there() -> None:
    page = (ROOT / "SECURITY.md").read_text()
    named = set(re.findall(r"`(tests/[^`]+)`", page))
    assert len(named) >= 5
    assert [name for name in named if not (ROOT / name).exists()] == []
