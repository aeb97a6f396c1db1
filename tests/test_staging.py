"""A staging folder leaves a finished project, or everything as it was."""

import errno
from pathlib import Path

import pytest

from headstart.errors import TargetUnusable
from headstart.staging import staging


def everything(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def build_one(target: Path) -> None:
    with staging(target) as stage:
        project = stage.folder / "made"
        project.mkdir()
        (project / "file").write_text("x")
        stage.publish(project)


def test_a_published_project_is_all_that_is_left(tmp_path: Path) -> None:
    build_one(tmp_path / "shop")
    assert everything(tmp_path) == ["shop", "shop/file"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_nothing_is_left_after_an_error(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), staging(tmp_path / "deep" / "down" / "shop") as stage:
        (stage.folder / "made").mkdir()
        raise error
    assert everything(tmp_path) == []


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    build_one(tmp_path / "shop")
    assert everything(tmp_path) == ["shop", "shop/file"]


def test_a_folder_with_something_in_it_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "mine").write_text("mine")
    with pytest.raises(TargetUnusable, match="not empty"):
        build_one(tmp_path / "shop")
    assert everything(tmp_path) == ["shop", "shop/mine"]


def test_a_file_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "shop").write_text("mine")
    with pytest.raises(TargetUnusable, match="is a file"):
        build_one(tmp_path / "shop")
    assert (tmp_path / "shop").read_text() == "mine"


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_is_refused_and_not_followed(tmp_path: Path, exists: bool) -> None:
    elsewhere = tmp_path / "elsewhere"
    if exists:
        elsewhere.mkdir()
    (tmp_path / "shop").symlink_to(elsewhere)
    with pytest.raises(TargetUnusable, match="is a link"):
        build_one(tmp_path / "shop")
    assert not elsewhere.exists() or everything(elsewhere) == []


def test_a_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(TargetUnusable):
        build_one(tmp_path / "file" / "shop")


def test_two_runs_do_not_share_a_target(tmp_path: Path) -> None:
    with (
        staging(tmp_path / "shop"),
        pytest.raises(TargetUnusable, match="Another headstart"),
    ):
        build_one(tmp_path / "shop")
    assert everything(tmp_path) == []


def test_what_came_to_stand_at_the_target_meanwhile_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "shop"
    with pytest.raises(TargetUnusable), staging(target) as stage:
        project = stage.folder / "made"
        project.mkdir()
        target.mkdir()
        (target / "mine").write_text("mine")
        stage.publish(project)
    assert everything(tmp_path) == ["shop", "shop/mine"]


def test_what_a_killed_run_left_behind_is_swept_away(tmp_path: Path) -> None:
    left = tmp_path / ".shop.headstart"
    left.mkdir(mode=0o700)
    (left / "made").mkdir()
    (left / ".lock").touch()
    build_one(tmp_path / "shop")
    assert everything(tmp_path) == ["shop", "shop/file"]


def test_a_folder_that_is_not_ours_is_not_swept_away(tmp_path: Path) -> None:
    other = tmp_path / ".shop.headstart"
    other.mkdir()
    (other / "mine").write_text("mine")
    with pytest.raises(TargetUnusable, match="in the way"):
        build_one(tmp_path / "shop")
    assert everything(tmp_path) == [".shop.headstart", ".shop.headstart/mine"]


def test_a_planted_link_is_not_swept_through(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / ".lock").touch()
    (victim / "mine").mkdir()
    (tmp_path / ".shop.headstart").symlink_to(victim)
    with pytest.raises(TargetUnusable):
        build_one(tmp_path / "shop")
    assert everything(victim) == [".lock", "mine"]


def test_a_full_disk_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    with (
        pytest.raises(TargetUnusable, match="disk is full"),
        staging(tmp_path / "shop"),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert everything(tmp_path) == []


def test_an_error_of_another_kind_is_not_called_the_targets(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), staging(tmp_path / "shop"):
        raise FileNotFoundError(errno.ENOENT, "No such file", "a-program")
