"""Bring a rendered project to life: packages, database, proof of life, its own tests."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from headstart.environment import install_packages, run_task
from headstart.progress import Clock
from headstart.project import Project
from headstart.proof.alive import prove_alive
from headstart.proof.receipts import Receipt

if TYPE_CHECKING:
    from headstart.building import Plan


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
    if project.database == "sqlite":
        with clock.step("database", "Making the database and the sample data"):
            run_task(folder, "seed")
    if plan.verify == "none":
        return ()
    receipts = []
    with clock.step("proof", "Starting it, and walking through as a visitor would"):
        for receipt in prove_alive(folder):
            clock.progress.receipt(receipt)
            receipts.append(receipt)
    if plan.verify == "full":
        with clock.step("tests", "Running its own tests"):
            started = time.perf_counter()
            said = run_task(folder, "test").strip().splitlines()[-1]
            receipt = Receipt("tests", said.strip("= "), time.perf_counter() - started)
            clock.progress.receipt(receipt)
            receipts.append(receipt)
    return tuple(receipts)
