"""Projects that are rendered, looked at, and never installed."""

import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from headstart.project import Project
from headstart.rendering import render
from headstart.template import FRAMEWORKS, read_template

from .combining import Chosen

PROGRAMS = Path(sys.executable).parent


@dataclass(frozen=True)
class Rendered:
    """A project, and the folder that it was rendered to."""

    project: Project
    folder: Path

    def has(self, feature: str) -> bool:
        """Say whether it has a feature."""
        return feature in self.project.features

    def text(self, path: str) -> str:
        """Return what is in one of its files."""
        return (self.folder / path).read_text()

    def table(self, path: str) -> dict[str, Any]:
        """Return what is in one of its YAML files."""
        loaded: dict[str, Any] = yaml.safe_load(self.text(path))
        return loaded


def named(cases: Iterable[tuple[str, Chosen]]) -> dict[str, Project]:
    """Return projects of all frameworks, by a name for each.

    Args:
        cases: the database and the features of each.
    """
    return {
        f"{framework}-{database}-{'+'.join(chosen)}": Project("Shop", framework, chosen, database)
        for framework in FRAMEWORKS
        for database, chosen in cases
    }


def render_all(projects: Mapping[str, Project], folder: Path) -> dict[str, Rendered]:
    """Render projects, each into a folder of its name."""
    return {
        name: Rendered(project, render(project, read_template(project.framework), folder / name))
        for name, project in projects.items()
    }


def assert_passes(*words: str | Path) -> None:
    """Run one of the tools that are installed beside us."""
    program = str(PROGRAMS / words[0])
    ended = subprocess.run([program, *words[1:]], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
