"""Wherever a project is made, and whoever else is at work there: all of it, or nothing."""

import os
import shutil
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from headstart import building
from headstart.building import Plan, build
from headstart.errors import TargetUnusable
from headstart.project import Project
from headstart.screens import PlainProgress
from headstart.staging import Staging, staging

from ..command import PROGRAM, Ended, environment, headstart
from .checking import check_modes

NEW = ("new", "Shop", "--framework", "flask", "--yes", "--no-setup", "--no-git")
NOBODY = 65534
RUNS = 8

pytestmark = pytest.mark.fuzz


def run(*words: str, folder: Path, user: int | None = None, umask: int = -1, **more: str) -> Ended:
    ended = subprocess.run(
        [PROGRAM, *words],
        cwd=folder,
        env=environment(**more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        user=user,
        umask=umask,
        timeout=120,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """Return a folder like `/tmp`, where everybody may write and nobody may rename."""
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    return shared


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_what_is_made_has_the_same_modes_under_any_umask(umask: int, tmp_path: Path) -> None:
    """CLI: the files have the modes that git gives, and the secrets are private."""
    ended = run(*NEW[:-1], folder=tmp_path, umask=umask)
    assert ended.code == 0, ended.err
    check_modes(tmp_path / "shop")
    assert stat.S_IMODE((tmp_path / "shop").stat().st_mode) == 0o755
    for path in (tmp_path / "shop").rglob("*"):
        assert not path.stat().st_mode & 0o022, path


def test_a_template_that_is_read_only_makes_files_that_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CLI: how headstart was installed is not seen in what it makes."""
    installed = tmp_path / "templates"
    shutil.copytree(
        building.__file__ and Path(building.__file__).parents[2] / "templates", installed
    )
    for path in installed.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    monkeypatch.setattr("headstart.template._templates", lambda: installed)
    plan = Plan(setup=False, verify="none", git=False)
    for path in (installed, tmp_path):
        path.chmod(0o755)
    build(Project("Shop", "flask"), tmp_path / "shop", plan, PlainProgress())
    expected = {path for path in (tmp_path / "shop").rglob("*") if path.name != ".env"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in expected} == {0o644, 0o755}


@pytest.mark.skipif(os.geteuid() != 0, reason="planting somebody else's folder needs root")
@pytest.mark.parametrize("mode", [0o700, 0o755, 0o777])
def test_a_staging_folder_that_somebody_else_planted_is_not_used(mode: int, shared: Path) -> None:
    """CLI: 3, and nothing is written into the folder of somebody else."""
    planted = shared / ".shop.headstart"
    planted.mkdir()
    (planted / ".lock").touch()
    os.chown(planted, NOBODY, NOBODY)
    planted.chmod(mode)
    ended = run(*NEW, folder=shared)
    assert ended.code == 3, ended.err
    assert "is in the way" in ended.err
    assert names(planted) == [".lock"]


def test_a_staging_folder_that_others_may_write_to_is_not_used(tmp_path: Path) -> None:
    """CLI: 3; what was left by a run of ours is for its owner alone."""
    planted = tmp_path / ".shop.headstart"
    planted.mkdir()
    planted.chmod(0o777)
    (planted / ".lock").touch()
    assert run(*NEW, folder=tmp_path).code == 3
    assert names(planted) == [".lock"]


def test_a_run_that_was_killed_before_its_lock_was_made_is_swept_up(tmp_path: Path) -> None:
    """CLI: an empty folder of the same owner is what such a run leaves."""
    (tmp_path / ".shop.headstart").mkdir(mode=0o700)
    assert run(*NEW, folder=tmp_path).code == 0
    assert names(tmp_path) == ["shop"]


@pytest.mark.parametrize("name", ["Lock", "Made", "Withdrawn", "pyproject", "Headstart"])
def test_a_project_is_not_taken_for_what_lies_beside_it(name: str, tmp_path: Path) -> None:
    """CLI: 0, whatever the files of the staging folder are called."""
    ended = run("new", name, *NEW[2:], folder=tmp_path)
    assert ended.code == 0, ended.err
    assert names(tmp_path) == [name.lower()]


def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    """CLI: 3, and the file that the planted link names stays as it is."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    planted = tmp_path / ".shop.headstart"
    planted.mkdir(mode=0o700)
    (planted / ".lock").symlink_to(victim)
    assert run(*NEW, folder=tmp_path).code == 3
    assert victim.read_text() == "mine"
    assert (planted / ".lock").is_symlink()


def test_links_among_what_is_swept_up_are_removed_and_not_followed(tmp_path: Path) -> None:
    """CLI: what a hard or a symbolic link leads to is not touched."""
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "mine").write_text("mine")
    planted = tmp_path / ".shop.headstart"
    planted.mkdir(mode=0o700)
    (planted / ".lock").touch()
    (planted / "symbolic").symlink_to(victim)
    (planted / "hard").hardlink_to(victim / "mine")
    assert run(*NEW, folder=tmp_path).code == 0
    assert names(tmp_path) == ["shop", "victim"]
    assert (victim / "mine").read_text() == "mine"


def staged(target: Path) -> Iterator[Staging]:
    with staging(target) as stage:
        (stage.folder / "made").mkdir()
        yield stage
        stage.publish(stage.folder / "made")


@pytest.mark.parametrize("exists", [True, False])
def test_a_staging_folder_that_is_replaced_by_a_link_is_noticed(
    exists: bool, tmp_path: Path
) -> None:
    """CLI: 3; the link is not followed, not even to clean up, and what was moved is emptied."""
    victim = tmp_path / "victim"
    if exists:
        victim.mkdir()
        (victim / "mine").write_text("mine")
    work = staged(tmp_path / "around" / "shop")
    stage = next(work)
    stage.folder.rename(tmp_path / "stolen")
    stage.folder.symlink_to(victim)
    with pytest.raises(TargetUnusable, match="by somebody else"):
        next(work)
    assert stage.folder.is_symlink()
    assert not exists or names(victim) == ["mine"]
    assert names(tmp_path / "stolen") == []


def test_a_folder_that_takes_the_place_of_the_staging_folder_is_not_deleted(
    tmp_path: Path,
) -> None:
    """CLI: 3; a folder of somebody else under our name stays."""
    work = staged(tmp_path / "shop")
    stage = next(work)
    stage.folder.rename(tmp_path / "stolen")
    stage.folder.mkdir()
    (stage.folder / "mine").write_text("mine")
    with pytest.raises(TargetUnusable, match="by somebody else"):
        next(work)
    assert names(stage.folder) == ["mine"]


@pytest.mark.parametrize("becomes", ["gone", "a file", "a link", "full", "another folder"])
def test_what_becomes_of_the_target_meanwhile_is_respected(becomes: str, tmp_path: Path) -> None:
    """CLI: 3, unless the target is still empty; nothing that came there is touched."""
    around, elsewhere = tmp_path / "around", tmp_path / "elsewhere"
    around.mkdir()
    elsewhere.mkdir()
    target = around / "shop"
    work = staged(target)
    next(work)
    match becomes:
        case "gone":
            shutil.rmtree(around)
        case "a file":
            target.write_text("mine")
        case "a link":
            target.symlink_to(elsewhere)
        case "full":
            target.mkdir()
            (target / "mine").write_text("mine")
        case "another folder":
            around.rename(tmp_path / "before")
            around.mkdir()
    with pytest.raises(TargetUnusable):
        next(work)
    assert names(elsewhere) == []
    left = {"a file": ["shop"], "a link": ["shop"], "full": ["shop"]}.get(becomes, [])
    assert not around.exists() or names(around) == left
    assert becomes != "another folder" or names(tmp_path / "before") == []


def test_renaming_all_the_time_never_writes_elsewhere(tmp_path: Path) -> None:
    """CLI: 0 or 3, while somebody puts a link where the staging folder is, again and again."""
    victim, around = tmp_path / "victim", tmp_path / "around"
    victim.mkdir()
    around.mkdir()
    folder, stolen = around / ".shop.headstart", tmp_path / "stolen"
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            if folder.is_dir() and not folder.is_symlink() and (folder / "shop").exists():
                folder.rename(stolen)
                folder.symlink_to(victim)
                return
            time.sleep(0.001)

    thief = threading.Thread(target=swap)
    thief.start()
    ended = run(*NEW, folder=around)
    stop.set()
    thief.join()
    assert ended.code == 3, ended.err
    assert not (around / "shop").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="being somebody else needs root")
def test_a_folder_that_only_others_may_write_to_is_said(tmp_path: Path) -> None:
    """CLI: 3, and one sentence."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o755)
    with pytest.raises(TargetUnusable, match="permission denied"):
        os.seteuid(NOBODY)
        try:
            with staging(closed / "shop"):
                pass
        finally:
            os.seteuid(0)
    assert names(closed) == []


@pytest.mark.parametrize("home", ["read-only", "missing", "a file", "empty", "unset"])
def test_a_project_needs_no_home(home: str, tmp_path: Path) -> None:
    """CLI: 0 where nothing has to be installed, whatever is the matter with the home."""
    folder = tmp_path / "home"
    if home == "a file":
        folder.write_text("")
    elif home != "missing":
        folder.mkdir(mode=0o555)
    variables = environment(HOME="" if home == "empty" else str(folder))
    del variables["GIT_CONFIG_GLOBAL"]
    if home == "unset":
        del variables["HOME"]
    ended = subprocess.run(
        [PROGRAM, *NEW[:-1], "-o", "out"],
        cwd=tmp_path, env=variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert home != "read-only" or names(folder) == []


@pytest.mark.parametrize(
    "way", [[str(PROGRAM)], [sys.executable, "-m", "headstart"]], ids=["command", "module"]
)
def test_a_folder_that_is_gone_is_said(way: list[str], tmp_path: Path) -> None:
    """CLI: 3, where the shell stands in a folder that somebody removed."""
    words = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"'
    ended = subprocess.run(
        ["/bin/sh", "-c", words, "sh", *way, *NEW],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 3, ended.stderr
    assert ended.stderr.startswith("error: ")


def test_the_empty_folder_that_one_stands_in_is_filled(tmp_path: Path) -> None:
    """CLI: 0, though the folder is another one afterwards."""
    here = tmp_path / "shop"
    here.mkdir()
    ended = run(*NEW, "-o", "..", folder=here)
    assert ended.code == 0, ended.err
    assert (here / "pyproject.toml").exists()
    assert names(tmp_path) == ["shop"]


def test_of_eight_runs_into_one_folder_one_builds(tmp_path: Path) -> None:
    """CLI: one of them 0, all others 3, and one whole project."""
    ended = at_once([NEW] * RUNS, tmp_path)
    assert sorted(each.code for each in ended) == [0] + [3] * (RUNS - 1), ended
    assert names(tmp_path) == ["shop"]
    check_modes(tmp_path / "shop")


def test_eight_runs_beside_each_other_all_build(tmp_path: Path) -> None:
    """CLI: all of them 0, in a folder that each of them finds missing."""
    runs = [("new", f"Shop {n}", *NEW[2:], "-o", "a/b") for n in range(RUNS)]
    ended = at_once(runs, tmp_path)
    assert {each.code for each in ended} == {0}, ended
    assert names(tmp_path / "a" / "b") == [f"shop-{n}" for n in range(RUNS)]


def at_once(runs: Sequence[Sequence[str]], folder: Path, **more: Any) -> list[Ended]:
    started = [
        subprocess.Popen(
            [PROGRAM, *words],
            cwd=folder,
            env=environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for words in runs
    ]
    told = [process.communicate(timeout=600) for process in started]
    return [Ended(process.returncode, *each) for process, each in zip(started, told, strict=True)]


@pytest.mark.skipif("HOSTILE_NAMES" not in os.environ, reason="`poe fuzz` runs this: minutes")
def test_eight_runs_share_one_cold_cache(tmp_path: Path) -> None:
    """CLI: all of them 0, with their packages and their proof of life."""
    runs = [("new", f"Shop {n}", "-f", f, "--yes") for n, f in enumerate(["flask", "django"] * 4)]
    ended = at_once(runs, tmp_path, UV_CACHE_DIR=str(tmp_path / "cache"))
    assert {each.code for each in ended} == {0}, ended


@pytest.mark.parametrize("target", ["stdout", "both"])
def test_a_project_that_cannot_be_told_of_is_not_left(target: str, tmp_path: Path) -> None:
    """CLI: 3, and nothing is left: a script that was promised JSON has to get it."""
    ways = {"stdout": ">/dev/full", "both": ">/dev/full 2>&1"}
    ended = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {ways[target]}', "sh", str(PROGRAM), *NEW, "--json"],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 3, ended.stderr
    assert names(tmp_path) == []


def test_a_reader_who_has_gone_does_not_take_the_project_along(tmp_path: Path) -> None:
    """CLI: 0, quietly: the project is there, and nobody wanted to read of it."""
    words = ["/bin/bash", "-o", "pipefail", "-c", '"$@" | true', "sh", str(PROGRAM), *NEW]
    ended = subprocess.run(
        words, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert names(tmp_path) == ["shop"]


@pytest.mark.parametrize("command", ["compare", "advise --full", "explain", "--help"])
def test_a_reader_who_has_gone_ends_what_only_prints(command: str, tmp_path: Path) -> None:
    """CLI: quietly, and as the shell knows it from any other program."""
    ended = subprocess.run(
        ["/bin/bash", "-o", "pipefail", "-c", f"'{PROGRAM}' {command} | true"],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) in ((0, ""), (128 + 13, ""))


def test_nohup_is_respected(tmp_path: Path) -> None:
    """CLI: a signal that the caller ignores stays ignored."""
    words = ["nohup", str(PROGRAM), *NEW]
    with subprocess.Popen(
        words, cwd=tmp_path, env=environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stderr
        process.stderr.readline()
        process.send_signal(1)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert names(tmp_path) == ["shop"]
    assert headstart("features", folder=tmp_path).code == 0
