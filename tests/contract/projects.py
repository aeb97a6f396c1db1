"""Builds projects of each framework, with a name that is hard to get right."""

import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from headstart.building import Plan
from headstart.building import build as build_project
from headstart.project import Project
from headstart.proof.receipts import Receipt

FRAMEWORKS = ("django", "flask", "fastapi")
EVERYTHING = "pages,api,admin,realtime,tasks,ml,i18n"
# What the project under test comes with: another choice is held to what it promises.
FEATURES = tuple(os.environ.get("CONTRACT_FEATURES", EVERYTHING).split(","))
NAME = 'Ann\'s "Shop" & <b>{{ x }}</b> 😀'


class Quiet:
    """Says nothing of the steps."""

    def step(self, _says: str) -> AbstractContextManager[None]:
        return nullcontext()

    def receipt(self, receipt: Receipt) -> None:
        pass


def build(framework: str, folder: Path, *features: str) -> Path:
    """Build a project with its packages, as `headstart new` does, and return its folder."""
    project = Project(NAME, framework, features=features)
    plan = Plan(verify="none", git=False)
    return build_project(project, folder / "project", plan, Quiet()).folder
