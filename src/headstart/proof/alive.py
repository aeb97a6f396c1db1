"""Puts the proof of life together: start the project beside its data, then walk."""

import tempfile
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from headstart.proof.mailbox import Mailbox
from headstart.proof.production import (
    COPY,
    SITE_URL,
    production_settings,
)
from headstart.proof.receipts import Receipt, StepFailed
from headstart.proof.server import STEP, free_port, last_lines, running
from headstart.proof.steps import Site
from headstart.proof.walk import prove
from headstart.running import ProgramFailed, run
from headstart.tasks import surroundings, task


def prove_alive(project: Path, features: Collection[str]) -> Iterator[Receipt]:
    """Start a project as in production and walk through it.

    The project needs its environment (`.venv`) and its `.env`. Its data is not
    touched. Close the iterator, or use it up, and the server is gone.

    Args:
        project: the project's folder.
        features: what it has.

    Yields:
        A receipt for each step, as soon as it is done.

    Raises:
        NotAlive: a step failed; with the end of the server's log.
    """
    # Beside the project, so that whoever sweeps up after us finds it too.
    with tempfile.TemporaryDirectory(prefix="headstart-proof-", dir=project.parent) as folder:
        scratch = Path(folder)
        log = scratch / "server.log"
        port = free_port()
        started = time.perf_counter()
        settings = production_settings(project, scratch, port)
        environment = surroundings(project) | settings | {"TMPDIR": folder}
        if not (scratch / COPY).exists():
            _migrate(project, environment)
        with running(task(project, "serve"), project, environment, port, log):
            seconds = time.perf_counter() - started
            yield Receipt(STEP, "`poe serve` runs, `/healthz` answers", seconds)
            try:
                yield from prove(Site(port, SITE_URL, Mailbox(scratch / "mail")), features)
            except StepFailed as failure:
                raise failure.with_log(last_lines(log)) from failure


def _migrate(project: Path, environment: dict[str, str]) -> None:
    try:
        run(task(project, "migrate"), project, environment)
    except ProgramFailed as error:
        log = error.last_lines()
        raise StepFailed("migrate", "a database", "an error", log) from error
