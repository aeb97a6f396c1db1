"""The folder in which a project is going to be is found once, or refused in one sentence."""

import os
from pathlib import Path

import pytest

from headstart.errors import HeadstartError, TargetUnusable, WrongInput
from headstart.places import find_folder


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (".", ""),
        ("", ""),
        ("a/b", "a/b"),
        ("a/../b", "b"),
        ("./a//b/.", "a/b"),
        ("link", "there"),
        ("link/a/../b", "there/b"),
        ("link/../b", "b"),
        ("~", "~"),
        ("$HOME", "$HOME"),
        ("a b'\"`id`*?&;#@!😀", "a b'\"`id`*?&;#@!😀"),
    ],
)
def test_a_folder_is_found_whether_it_is_there_or_not(
    asked: str, found: str, tmp_path: Path
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    assert find_folder(Path(asked)) == tmp_path / found
    assert sorted(os.listdir(tmp_path)) == ["link", "there"]


@pytest.mark.parametrize(
    ("asked", "error", "told"),
    [
        ("dangling", TargetUnusable, "no such file"),
        ("dangling/below", TargetUnusable, "no such file"),
        ("loop/below", TargetUnusable, "`loop/below` cannot be used"),
        ("two\nlines", WrongInput, "cannot be shown"),
        ("caf\udce9", WrongInput, "cannot be shown"),
        ("{{ 7*7 }}", WrongInput, "run it as a template"),
        ("{% raw %}", WrongInput, "run it as a template"),
        ("100%", WrongInput, "migrations"),
        ("a:b", WrongInput, "programs in it would not be found"),
        ("nul\0", WrongInput, "cannot be shown"),
    ],
)
def test_a_folder_that_cannot_be_used_is_refused(
    asked: str, error: type[HeadstartError], told: str, tmp_path: Path
) -> None:
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(error) as refused:
        find_folder(Path(asked))
    assert told in refused.value.message
    assert refused.value.hint
