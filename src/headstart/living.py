"""Bring a rendered project to life: packages, database, proof of life, its own tests."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from headstart.environment import install_packages, installing_tools, run_task
from headstart.progress import Clock
from headstart.project import Project
from headstart.proof.alive import prove_alive
from headstart.proof.receipts import Receipt

if TYPE_CHECKING:
    from headstart.building import Plan

SQLITE = "sqlite:///var/db.sqlite3"
# What the files of a feature are made into before the project can work with them: the
# project's own task for it, and what a person is told meanwhile.
MADE_FIRST = {"i18n": ("translate-compile", "Compiling the translations")}


def bring_to_life(
    project: Project, folder: Path, plan: "Plan", clock: Clock
) -> tuple[Receipt, ...]:
    """Install a project's packages, make its database, and see that it works.

    Args:
        project: what is being built.
        folder: the project, just rendered.
        plan: how far to go.
        clock: who is told, and keeps the times.

    Returns:
        What was proven.

    Raises:
        SurroundingsLack: packages or Python cannot be had.
        NotAlive: the project does not work.
    """
    with clock.step("packages", "Installing the packages"):
        install_packages(project, folder)
    # The project does not need its tools to run: they are installed meanwhile.
    with installing_tools(folder) as tools:
        for task, says in [MADE_FIRST[name] for name in project.features if name in MADE_FIRST]:
            with clock.step(task, says):
                run_task(folder, task)
        if project.database == "sqlite":
            with clock.step("database", "Making the database and the sample data"):
                run_task(folder, "seed")
        receipts = list(_prove(project, folder, clock)) if plan.verify != "none" else []
        if tools.poll() is None:
            with clock.step("tools", "Installing the tools to test and check it"):
                tools.wait()
    if plan.verify == "full":
        with clock.step("tests", "Running its own tests"):
            receipts.append(_test(folder))
    return tuple(receipts)


def _prove(project: Project, folder: Path, clock: Clock) -> Iterator[Receipt]:
    with clock.step("proof", "Starting it, and walking through as a visitor would"):
        for receipt in prove_alive(folder, project.features):
            clock.progress.receipt(receipt)
            yield receipt


def _test(folder: Path) -> Receipt:
    started = time.perf_counter()
    # Whatever database `.env` names, its server need not be there yet.
    said = run_task(folder, "test", DATABASE_URL=SQLITE).strip().splitlines()[-1]
    return Receipt("tests", said.strip("= "), time.perf_counter() - started)
