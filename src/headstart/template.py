"""The Cookiecutter template of one framework, as headstart reads it."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FRAMEWORKS = {"django": "Django", "flask": "Flask", "fastapi": "FastAPI"}
PROJECT_FOLDER = "{{cookiecutter.project_slug}}"
PACKAGE = Path(__file__).parent


@dataclass(frozen=True)
class Template:
    """One framework's template.

    Attributes:
        framework: `django`, `flask` or `fastapi`.
        folder: where its `cookiecutter.json` lies.
        defaults: Cookiecutter's context with the default of every answer.
    """

    framework: str
    folder: Path
    defaults: Mapping[str, Any]

    @property
    def files(self) -> Mapping[str, list[str]]:
        """The files that come with an option, and go when it is not chosen.

        Those of `a+b` come when both options are chosen.
        """
        table: Mapping[str, list[str]] = self.defaults["_files"]
        return table

    def paths(self, context: Mapping[str, Any]) -> Iterator[str]:
        """List the files of a pristine project, relative and with forward slashes.

        Args:
            context: Cookiecutter's context, with every answer.
        """
        from headstart.finishing import is_chosen

        gone = [
            path
            for option, paths in self.files.items()
            if not is_chosen(option, context)
            for path in paths
        ]
        for path in sorted(files_below(self.folder / PROJECT_FOLDER)):
            if not any(path == one or path.startswith(f"{one}/") for one in gone):
                yield path


def files_below(folder: Path, prefix: str = "") -> Iterator[str]:
    """List the files below a folder, but for what Python has compiled.

    A link is listed like a file and never followed.

    Args:
        folder: where to begin.
        prefix: what each path begins with.
    """
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                yield prefix + entry.name
            elif entry.name != "__pycache__":
                yield from files_below(Path(entry), f"{prefix}{entry.name}/")


def read_template(framework: str) -> Template:
    """Read the template of a framework.

    Args:
        framework: `django`, `flask` or `fastapi`.
    """
    folder = _templates() / framework
    answers = json.loads((folder / "cookiecutter.json").read_text(encoding="utf-8"))
    answers.pop("__prompts__", None)
    defaults = {
        key: value[0] if isinstance(value, list) and not key.startswith("_") else value
        for key, value in answers.items()
    }
    return Template(framework, folder, defaults)


def _templates() -> Path:
    installed = PACKAGE / "templates"
    return installed if installed.is_dir() else PACKAGE.parents[1] / "templates"
