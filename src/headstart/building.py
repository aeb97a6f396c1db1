"""Build a project: in a staging folder, from rendering to the proof of life, then moved into place."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from headstart.errors import NotAlive, WrongInput
from headstart.progress import Clock, Progress
from headstart.project import Project
from headstart.proof.receipts import Receipt
from headstart.record import write_record
from headstart.rendering import render
from headstart.repository import check_git, commit_first, within_repository
from headstart.staging import check_target, staging
from headstart.template import read_template


@dataclass(frozen=True)
class Plan:
    """How far building goes.

    Attributes:
        setup: make the environment, the database and the sample data.
        verify: `none`, `fast` (start it and walk through), or `full` (its tests too).
        git: make a repository and the first commit.
        keep: leave a project that did not prove alive where it was to be.
    """

    setup: bool = True
    verify: str = "fast"
    git: bool = True
    keep: bool = False

    def __post_init__(self) -> None:
        """Refuse a proof of life without the environment that it needs."""
        if self.verify != "none" and not self.setup:
            raise WrongInput(
                f"`--verify {self.verify}` needs the packages that `--no-setup` leaves out.",
                "Leave out one of the two.",
            )


@dataclass(frozen=True)
class Built:
    """A finished project.

    Attributes:
        project: what was built.
        folder: where it is.
        receipts: what was proven, and in what time.
        steps: how long each part of the building took, in seconds.
        committed: whether it got a repository of its own.
    """

    project: Project
    folder: Path
    receipts: tuple[Receipt, ...]
    steps: dict[str, float]
    committed: bool

    @property
    def seconds(self) -> float:
        """How long the building took."""
        return sum(self.steps.values())


def check(target: Path, plan: Plan) -> bool:
    """Find out what would stop the building, before anything is done.

    Args:
        target: the project's folder to be, absolute.
        plan: how far to go.

    Returns:
        Whether the project is going to have a repository of its own: it is asked
        for, and the target lies in no other one.

    Raises:
        TargetUnusable: something is there already.
        SurroundingsLack: git is needed and missing.
    """
    check_target(target)
    if not plan.git or within_repository(target.parent):
        return False
    check_git()
    return True


def build(
    project: Project,
    target: Path,
    plan: Plan,
    progress: Progress,
    tell: Callable[["Built"], None] = lambda _: None,
) -> Built:
    """Build a project at a path, or leave everything as it was.

    Args:
        project: what to build.
        target: the project's folder to be, absolute.
        plan: how far to go.
        progress: who is told what is being done.
        tell: tells of the finished project. What cannot be told is not there: a script
            that was promised a description of it must get one.

    Raises:
        TargetUnusable: the target cannot take the project.
        SurroundingsLack: packages, Python or git are missing.
        NotAlive: the project was made and does not work.
    """
    template = read_template(project.framework)
    to_commit = check(target, plan)
    clock = Clock(progress)
    with usual_umask(), staging(target) as stage:
        with clock.step("render", f"Writing the {project.framework_name} project"):
            folder = render(project, template, stage.folder)
            write_record(project, folder)
        receipts: tuple[Receipt, ...] = ()
        if plan.setup:
            # What it needs takes a while to import.
            from headstart.living import bring_to_life

            try:
                receipts = bring_to_life(project, folder, plan, clock)
            except NotAlive:
                if plan.keep:
                    stage.publish(folder)
                raise
        if to_commit:
            with clock.step("git", "Making the first commit"):
                commit_first(project, folder)
        stage.publish(folder)
        built = Built(project, target, receipts, clock.steps, to_commit)
        try:
            tell(built)
        except OSError:
            stage.withdraw()
            raise
    return built


@contextmanager
def usual_umask() -> Iterator[None]:
    """Let nobody else write to what is made, and its owner always.

    Whoever shares less, shares no database either; the rendered files are as in every
    checkout, and `.env` is for its owner alone, whatever the umask.
    """
    before = os.umask(0o022)
    os.umask(before & 0o077 | 0o022)
    try:
        yield
    finally:
        os.umask(before)
