"""What a rendered project imports, it has asked for: a library may drop what it brings along."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from headstart.template import FRAMEWORKS

from .combining import Chosen, pairwise
from .rendered import Rendered, named, render_all

# Where a package is called quite otherwise than what brings it.
BROUGHT_BY = {"argon2": "argon2-cffi", "ninja": "django-ninja", "sklearn": "scikit-learn"}
# What a library's own documentation imports from where it stands on.
PARTS = {
    "flask": {"click", "jinja2", "markupsafe", "werkzeug"},
    "flask-migrate": {"alembic"},
    "jinja2": {"markupsafe"},
    "pydantic": {"pydantic_core"},
}


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> list[Rendered]:
    """Render every framework with sets of features in which any two meet."""
    sets: list[Chosen] = list(pairwise())
    cases = named([("sqlite", chosen) for chosen in sets])
    return list(render_all(cases, tmp_path_factory.mktemp("projects")).values())


def asked_for(project: Rendered, *groups: str) -> set[str]:
    """Return what a project depends on, and what comes with that as a part of it."""
    table = tomllib.loads(project.text("pyproject.toml"))
    lines = list(table["project"]["dependencies"])
    for group in groups:
        lines += table["dependency-groups"].get(group, [])
    names = {re.split(r"[\[<>=]", line)[0] for line in lines}
    return names.union(*(PARTS.get(name, set()) for name in names))


def imported(project: Rendered) -> Iterator[tuple[Path, str]]:
    """Return every package of somebody else's that a file of a project imports."""
    own = {path.stem for path in project.folder.iterdir()}
    for path in sorted(project.folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                package = name.partition(".")[0]
                if package not in own | sys.stdlib_module_names:
                    yield path.relative_to(project.folder), package


def test_what_is_imported_is_asked_for(projects: list[Rendered]) -> None:
    """Tests may import what only they need; training too."""
    assert {project.project.framework for project in projects} == set(FRAMEWORKS)
    for project in projects:
        for path, package in imported(project):
            groups = {"tests": ["dev"], "train.py": ["train"]}
            more = groups.get(path.parts[0], []) + groups.get(path.name, [])
            name = BROUGHT_BY.get(package, package.replace("_", "-"))
            assert {name, package} & asked_for(project, *more), f"{project.project}: {path}"
