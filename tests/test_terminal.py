"""The interview: on a terminal, with keys."""

import os
import pty
import re
import select
import subprocess
import time
from pathlib import Path

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from headstart.interview import (
    DEFAULT_NAME,
    Draft,
    interview,
    terminal,
)
from headstart.knowledge import features

from .command import PROGRAM, environment
from .interviewing import CONTROL_C, CONTROL_D, DOWN, ENTER, LEFT, SPACE, UP, typed


def test_answers_are_given_with_the_arrow_keys() -> None:
    keys = "Ann's Shop" + ENTER + DOWN * 3 + ENTER + UP * 2 + ENTER + ENTER
    assert typed(keys, Draft()) == Draft("Ann's Shop", "django", {"kind": "shop"})


def test_enter_alone_skips_every_question() -> None:
    assert typed(ENTER * 8, Draft()) == Draft(DEFAULT_NAME, "django", {})


def test_the_left_arrow_goes_back() -> None:
    keys = DOWN * 3 + ENTER + LEFT + DOWN + ENTER + UP * 2 + ENTER + ENTER
    assert typed(keys, Draft("Ann")).answers == {"kind": "business"}


def test_the_left_arrow_does_nothing_where_there_is_no_way_back() -> None:
    keys = LEFT + DOWN * 3 + ENTER + UP * 2 + ENTER + ENTER
    assert typed(keys, Draft("Ann")).answers == {"kind": "shop"}


def test_a_name_that_cannot_be_used_is_refused_until_it_is_mended() -> None:
    keys = "Ann1" + ENTER + "\x7f" + "e" + ENTER + ENTER
    assert typed(keys, Draft(framework="flask")) == Draft("Anne", "flask")


def test_a_default_name_that_cannot_be_used_is_refused_as_well() -> None:
    keys = ENTER + "Ann" + ENTER + ENTER
    with create_pipe_input() as source:
        source.send_text(keys)
        draft = interview(
            Draft(framework="flask"),
            check_name=lambda name: "It exists." if name == DEFAULT_NAME else None,
            asker=terminal(source, DummyOutput()),
        )
    assert draft.name == "Ann"


def test_features_are_ticked_with_the_space_bar() -> None:
    to_the_features = DOWN * 4 + ENTER
    last = UP + SPACE + ENTER
    assert typed(to_the_features + last + ENTER, Draft("Ann", "flask")) == Draft(
        "Ann", "flask", {}, (features()[-1].name,)
    )


def test_the_list_of_features_is_not_left_before_they_go_together() -> None:
    nothing_then_pages = SPACE + ENTER + SPACE + ENTER
    to_the_features = DOWN * 4 + ENTER
    assert typed(to_the_features + nothing_then_pages + ENTER, Draft("Ann", "flask")) == Draft(
        "Ann", "flask"
    )


def test_the_left_arrow_leaves_the_list_of_features_as_it_was() -> None:
    keys = DOWN * 4 + ENTER + UP + SPACE + LEFT + ENTER
    assert typed(keys, Draft("Ann", "flask")) == Draft("Ann", "flask")


@pytest.mark.parametrize("before", range(8))
@pytest.mark.parametrize("key", [CONTROL_C, CONTROL_D + CONTROL_C])
def test_control_c_ends_it_at_every_question(before: int, key: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        typed(ENTER * before + key, Draft())


def test_the_end_of_the_input_ends_it_too() -> None:
    with pytest.raises(KeyboardInterrupt):
        typed(CONTROL_D, Draft())


def at_a_terminal(folder: Path, words: list[str], *keys: tuple[str, str]) -> tuple[int, str]:
    """Run headstart at a terminal: wait for a text, press keys. How it ended, what was shown."""
    ours, theirs = pty.openpty()
    variables = environment(TERM="xterm", COLUMNS="200", LINES="50", PROMPT_TOOLKIT_NO_CPR="1")
    run = subprocess.Popen(
        [PROGRAM, *words],
        cwd=folder,
        env=variables,
        # Its own session, so that Control-C becomes a signal as it does for a person.
        preexec_fn=lambda: os.login_tty(theirs),
    )
    os.close(theirs)
    told, left, until = "", list(keys), time.monotonic() + 60
    with run:
        while time.monotonic() < until:
            if left and left[0][0] in told:
                told = told.partition(left[0][0])[2]
                # A prompt is shown a moment before it takes keys.
                time.sleep(0.3)
                os.write(ours, left.pop(0)[1].encode())
            if select.select([ours], [], [], 0.1)[0]:
                try:
                    told += os.read(ours, 10_000).decode()
                except OSError:
                    break
        run.kill() if run.poll() is None and time.monotonic() >= until else None
    os.close(ours)
    return run.returncode, re.sub(r"\x1b\[[0-9;]*m", "", told).replace("\r\n", "\n")


GO_ON = "error: Interrupted; nothing was left behind.\nhint: Go on from here: "


def test_control_c_says_how_to_go_on_with_what_was_said(tmp_path: Path) -> None:
    code, told = at_a_terminal(
        tmp_path,
        ["new", "--no-git", "--author", "Ann Smith", "-o", "a b", "-a", "size=small"],
        ("project called", "Ann's Shop" + ENTER),
        ("building", DOWN * 3 + ENTER),
        ("2 of at most", CONTROL_C),
    )
    command = (
        'headstart new "Ann\'s Shop" --answer size=small --answer kind=shop'
        " --output-dir 'a b' --author 'Ann Smith' --no-git"
    )
    assert code == 130
    assert f"{GO_ON}{command}\n" in told


def test_control_c_before_anything_was_said_has_no_hint(tmp_path: Path) -> None:
    code, told = at_a_terminal(tmp_path, ["new"], ("project called", CONTROL_C))
    assert code == 130
    assert told.rstrip().endswith("Interrupted; nothing was left behind.")


def test_an_interruption_while_it_is_built_says_how_to_go_on_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    code, told = at_a_terminal(
        tmp_path,
        ["new", "Shop", "--framework", "flask", "--with", "ci", "--license", "MIT"],
        ("Shall it be made", ENTER),
        ("Writing the Flask project", CONTROL_C),
    )
    assert code == 130
    assert f"{GO_ON}headstart new Shop --framework flask --with ci --license MIT\n" in told
    assert list(tmp_path.iterdir()) == []
