"""Whatever was chosen, the project is clean under its own checks, and works."""

import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from headstart.building import Built, Plan, build
from headstart.names import distribution_name
from headstart.project import DATABASES, Project
from headstart.proof.alive import prove_alive
from headstart.rendering import render
from headstart.screens import PlainProgress
from headstart.template import FRAMEWORKS, read_template

from .combining import Chosen, combinations, pairwise
from .test_templates import HOSTILE

RUFF = str(Path(sys.executable).with_name("ruff"))


# The features of which no file is Python.
NO_PYTHON = {"docker", "ci"}


def with_python(sets: Iterable[Chosen]) -> list[Chosen]:
    """What differs in Python, each once."""
    found = (tuple(name for name in some if name not in NO_PYTHON) for some in sets)
    return list(dict.fromkeys(found))


def assert_passes(words: list[str], folder: Path) -> None:
    ended = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def assert_clean(folder: Path) -> None:
    assert_passes([RUFF, "format", "--check", "--no-cache"], folder)
    assert_passes([RUFF, "check", "--no-cache"], folder)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("chosen", [("api",), combinations()[-1]], ids="+".join)
def test_every_name_is_formatted_and_lints(
    framework: str, chosen: Chosen, name: str, tmp_path: Path
) -> None:
    project = Project(name, framework, chosen, author=name, license="MIT")
    assert_clean(render(project, read_template(framework), tmp_path))


@pytest.mark.parametrize("database", DATABASES)
def test_whatever_meets_is_formatted_and_lints(
    framework: str, database: str, tmp_path: Path
) -> None:
    render_all(framework, database, pairwise(), tmp_path)
    assert_clean(tmp_path)


@pytest.mark.slow
def test_every_combination_is_formatted_and_lints(framework: str, tmp_path: Path) -> None:
    render_all(framework, "sqlite", combinations(), tmp_path)
    assert_clean(tmp_path)


def render_all(framework: str, database: str, sets: Iterable[Chosen], folder: Path) -> None:
    for number, chosen in enumerate(sets):
        project = Project("Shop", framework, chosen, database, license="MIT")
        render(project, read_template(framework), folder / f"{number}")


@pytest.fixture(scope="module", params=list(FRAMEWORKS))
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A project of each framework with everything and a hostile name, proven by its own tests."""
    features = combinations()[-1]
    project = Project(HOSTILE[1], request.param, features, license="Apache-2.0")
    target = tmp_path_factory.mktemp("built") / project.slug
    return build(project, target, Plan(verify="full"), PlainProgress())


@pytest.mark.slow
def test_a_project_is_handed_over_alive_and_tested(built: Built) -> None:
    assert [receipt.step for receipt in built.receipts] == [
        "start",
        "home page",
        "register",
        "confirm by mail",
        "protected page",
        "log out",
        "log in again",
        "old session is dead",
        "API description",
        "API token",
        "API product",
        "API token is dead",
        "model answers",
        "live updates",
        "tests",
    ]
    assert "passed" in built.receipts[-1].says
    assert "warning" not in built.receipts[-1].says


@pytest.mark.slow
def test_its_own_checks_are_green_after_it_was_moved_into_place(built: Built) -> None:
    assert_passes([str(built.folder / ".venv/bin/poe"), "check"], built.folder)


@pytest.mark.slow
def test_everything_is_committed_but_what_stays_on_this_machine(built: Built) -> None:
    def git(*words: str) -> str:
        said = subprocess.run(
            ["git", *words], cwd=built.folder, capture_output=True, text=True, check=True
        )
        return said.stdout

    assert git("status", "--porcelain") == ""
    ignored = {
        line.rstrip("/")
        for line in git("ls-files", "-oi", "--exclude-standard", "--directory").split()
    }
    assert {".env", ".venv", "var"} <= ignored
    assert "uv.lock" in git("ls-files")


@pytest.mark.slow
def test_the_environment_does_not_know_where_it_was_made(built: Built) -> None:
    for script in (built.folder / ".venv" / "bin").iterdir():
        if script.is_file() and not script.is_symlink():
            assert b".headstart" not in script.read_bytes(), script


@pytest.fixture(scope="module")
def types(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the type checker keeps what it knows of the packages."""
    return tmp_path_factory.mktemp("types")


def assert_sound(built: Built, chosen: Chosen, types: Path, tmp_path: Path) -> Path:
    """Check the types of a project with the packages of the one that has everything."""
    framework = built.project.framework
    folder = render(Project("Shop", framework, chosen), read_template(framework), tmp_path)
    (folder / ".venv").symlink_to(built.folder / ".venv")
    mypy = str(built.folder / ".venv/bin/mypy")
    assert_passes([mypy, ".", "--cache-dir", str(types / framework)], folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("chosen", with_python(pairwise()), ids="+".join)
def test_whatever_meets_has_sound_types(
    built: Built, chosen: Chosen, types: Path, tmp_path: Path
) -> None:
    assert_sound(built, chosen, types, tmp_path)


@pytest.mark.matrix
@pytest.mark.parametrize("chosen", with_python(combinations()), ids="+".join)
def test_every_combination_has_sound_types_and_starts(
    built: Built, chosen: Chosen, types: Path, tmp_path: Path
) -> None:
    folder = assert_sound(built, chosen, types, tmp_path)
    assert next(prove_alive(folder, chosen)).step == "start"


@pytest.mark.matrix
@pytest.mark.parametrize("chosen", with_python(pairwise()), ids="+".join)
def test_whatever_meets_is_installed_and_passes_its_own_tests(
    framework: str, chosen: Chosen, tmp_path: Path
) -> None:
    project = Project("Shop", framework, chosen)
    built = build(project, tmp_path / "shop", Plan(verify="full", git=False), PlainProgress())
    assert "passed" in built.receipts[-1].says


@pytest.mark.slow
@pytest.mark.parametrize("chosen", [("pages",), ("api",)], ids="+".join)
def test_the_smallest_projects_are_handed_over_alive_and_tested(
    framework: str, chosen: tuple[str, ...], tmp_path: Path
) -> None:
    project = Project("Shop", framework, chosen)
    built = build(project, tmp_path / "shop", Plan(verify="full", git=False), PlainProgress())
    assert "passed" in built.receipts[-1].says


@pytest.mark.slow
def test_a_project_for_a_database_that_is_not_there_yet_is_proven_on_another(
    framework: str, tmp_path: Path
) -> None:
    project = Project("Shop", framework, database="postgresql")
    built = build(project, tmp_path / "shop", Plan(verify="full", git=False), PlainProgress())
    assert "passed" in built.receipts[-1].says
    assert not (built.folder / "var" / "db.sqlite3").exists()


@pytest.mark.slow
def test_no_project_can_be_called_like_a_package_in_its_lock(built: Built) -> None:
    with (built.folder / "uv.lock").open("rb") as file:
        locked = {package["name"] for package in tomllib.load(file)["package"]}
    locked.remove(distribution_name(built.project.slug))
    assert {name for name in locked if distribution_name(name) == name} == set()
