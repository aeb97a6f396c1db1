"""A project is brought to life in the order in which its parts need each other."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from headstart import living
from headstart.building import Plan
from headstart.knowledge import features
from headstart.living import MADE_FIRST, bring_to_life
from headstart.progress import Clock
from headstart.project import Project
from headstart.proof.receipts import Receipt


class Listener:
    """Writes down what a person is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def step(self, says: str) -> AbstractContextManager[None]:
        self.told.append(says)
        return nullcontext()

    def receipt(self, receipt: Receipt) -> None:
        pass


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is done with a project, none of which happens."""
    done: list[str] = []

    @contextmanager
    def installing(folder: Path) -> Iterator[Any]:
        yield SimpleNamespace(poll=lambda: 0)
        done.append("tools")

    def task(folder: Path, name: str, **more: str) -> str:
        done.append(name)
        return ""

    monkeypatch.setattr(living, "install_packages", lambda *_: done.append("packages"))
    monkeypatch.setattr(living, "installing_tools", installing)
    monkeypatch.setattr(living, "run_task", task)
    return done


def brought_to_life(chosen: tuple[str, ...], database: str = "sqlite") -> list[str]:
    listener = Listener()
    project = Project("Shop", "flask", chosen, database)
    bring_to_life(project, Path("nowhere"), Plan(verify="none"), Clock(listener))
    return listener.told


def test_translations_are_compiled_before_anything_reads_them(done: list[str]) -> None:
    told = brought_to_life(("pages", "i18n"))
    assert done == ["packages", "translate-compile", "seed", "tools"]
    assert told[1] == "Compiling the translations"


def test_translations_are_compiled_whatever_the_database(done: list[str]) -> None:
    brought_to_life(("pages", "i18n"), "postgresql")
    assert done == ["packages", "translate-compile", "tools"]


def test_what_was_not_chosen_is_not_made(done: list[str]) -> None:
    brought_to_life(("pages", "api"))
    assert done == ["packages", "seed", "tools"]


def test_only_features_have_something_to_make() -> None:
    assert MADE_FIRST.keys() <= {feature.name for feature in features()}
