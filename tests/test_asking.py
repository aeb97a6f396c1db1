"""Asking on the terminal: what is found out before the last question, and what is never lost."""

from pathlib import Path

import click
import pytest

from headstart.commands.asking import _problem, keeping_what_was_said
from headstart.commands.new import new
from headstart.errors import Interrupted, TargetUnusable
from headstart.interview import Draft, Stopped


@pytest.fixture
def context() -> click.Context:
    return new.make_context("new", ["--database", "postgresql", "--no-git", "--author", "Ann Lee"])


def test_a_name_is_refused_while_it_can_still_be_changed(tmp_path: Path) -> None:
    taken = tmp_path / "anns-shop"
    taken.mkdir()
    assert _problem("Ann's Shop", tmp_path) is None
    (taken / "note").touch()
    assert _problem("Ann's Shop", tmp_path) == f"`{taken}` exists and is not empty."
    assert _problem("Ann\0", tmp_path) is not None
    assert not (tmp_path / "other").exists()


def test_an_interruption_comes_with_the_command_that_goes_on(context: click.Context) -> None:
    said = Draft("Ann's Shop", answers={"kind": "shop"})
    with context, pytest.raises(Interrupted) as caught, keeping_what_was_said(Draft()):
        raise Stopped(said)
    assert caught.value.hint == (
        'Go on from here: headstart new "Ann\'s Shop" --answer kind=shop '
        "--database postgresql --author 'Ann Lee' --no-git"
    )


def test_an_error_comes_after_what_was_said(
    context: click.Context, capsys: pytest.CaptureFixture[str]
) -> None:
    with context, pytest.raises(TargetUnusable), keeping_what_was_said(Draft("Ann")):
        raise TargetUnusable("The disk is full.")
    assert capsys.readouterr().err == (
        "What you said so far: headstart new Ann "
        "--database postgresql --author 'Ann Lee' --no-git\n"
    )
