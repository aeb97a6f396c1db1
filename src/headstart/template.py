"""The Cookiecutter template of one framework, as headstart reads it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headstart.finishing import NOT_CHOSEN

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
        """The files that come with an option, and go when it is not chosen."""
        table: Mapping[str, list[str]] = self.defaults["_files"]
        return table

    def paths(self, context: Mapping[str, Any]) -> Iterator[str]:
        """List the files of a pristine project, relative and with forward slashes.

        Args:
            context: Cookiecutter's context, with every answer.
        """
        gone = [
            path
            for option, paths in self.files.items()
            if context[option] in NOT_CHOSEN
            for path in paths
        ]
        root = self.folder / PROJECT_FOLDER
        for file in sorted(root.rglob("*")):
            path = file.relative_to(root).as_posix()
            taken_out = any(path == one or path.startswith(f"{one}/") for one in gone)
            if file.is_file() and not taken_out and "__pycache__" not in file.parts:
                yield path


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
