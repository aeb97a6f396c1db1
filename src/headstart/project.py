"""What will be built: a project's name, framework, features and all else that was decided."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from headstart.errors import WrongInput
from headstart.names import check_name, distribution_name, slug
from headstart.template import FRAMEWORKS, Template

OLDEST_PYTHON = "3.11"
DATABASES = ("sqlite", "postgresql")
VERIFY = ("none", "fast", "full")
LICENSES = ("none", "MIT", "BSD-3-Clause", "Apache-2.0")


@dataclass(frozen=True)
class Project:
    """What will be built.

    Attributes:
        name: the name in a person's words.
        framework: `django`, `flask` or `fastapi`.
        features: the chosen features, in the order of the features' table.
        database: what `.env` starts with, `sqlite` or `postgresql`.
        author: who stands in `pyproject.toml` and the licence; may be empty.
        email: the author's address; may be empty.
        license: an SPDX identifier, or `none`.
        python: the oldest Python that it runs on, such as `3.11`.
        answers: what was said about the project; they led to the framework.
    """

    name: str
    framework: str
    features: tuple[str, ...] = ("pages",)
    database: str = "sqlite"
    author: str = ""
    email: str = ""
    license: str = "none"
    python: str = OLDEST_PYTHON
    answers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what no project can be made of."""
        check_name(self.name)
        if not re.fullmatch(r"3\.[0-9]{1,2}", self.python) or _minor(self.python) < _minor(
            OLDEST_PYTHON
        ):
            raise WrongInput(
                f"The project cannot ask for Python `{self.python}`.",
                f"Give a version from {OLDEST_PYTHON} on, such as `--python 3.12`.",
            )
        for words in (self.author, self.email):
            if not words.isprintable() or len(words) > 200:
                raise WrongInput(
                    "The author or e-mail address contains a character that cannot be shown.",
                    "Use one line of text, 200 characters at the most.",
                )

    @property
    def slug(self) -> str:
        """The name of the project's folder."""
        return slug(self.name)

    @property
    def framework_name(self) -> str:
        """The framework's name as it is written."""
        return FRAMEWORKS[self.framework]

    def context(self, template: Template) -> dict[str, Any]:
        """Return Cookiecutter's context for this project.

        Args:
            template: the template of the project's framework.
        """
        options = {part for option in template.files for part in option.split("+")}
        features = {option: option in self.features for option in options}
        return {
            **template.defaults,
            **features,
            "project_name": self.name,
            "project_slug": self.slug,
            "distribution_name": distribution_name(self.slug),
            "author": self.author,
            "email": self.email,
            "license": self.license,
            "year": str(datetime.now(UTC).year),
            "python": self.python,
            "database": self.database,
        }


def _minor(version: str) -> int:
    return int(version.partition(".")[2])


def runs_here(version: str) -> bool:
    """Say whether the Python that runs headstart is new enough for a project.

    Args:
        version: the oldest Python of the project, such as `3.12`.
    """
    return sys.version_info >= (3, _minor(version))
