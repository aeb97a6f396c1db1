"""Whatever goes wrong while a project is built, nothing is left behind and nothing is lost."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from headstart import building
from headstart.building import Plan, build
from headstart.errors import NotAlive
from headstart.project import Project
from headstart.screens import PlainProgress
from headstart.template import Template

from .command import PROGRAM, environment, headstart

NEW = ("new", "Shop", "--framework", "flask", "--yes")
PATIENCE = 120.0


def everything(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def start(folder: Path, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [PROGRAM, *words],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for_steps(run: "subprocess.Popen[str]", steps: int) -> None:
    assert run.stderr
    seen = 0
    while seen < steps:
        line = run.stderr.readline()
        assert line, "the run ended too soon"
        seen += "✓" in line
    # Into the next step.
    time.sleep(0.15)


@pytest.mark.slow
@pytest.mark.parametrize("steps", [0, 1, 2, 3], ids=["start", "packages", "database", "proof"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_nothing_is_left_of_an_interrupted_run(
    steps: int, number: signal.Signals, tmp_path: Path
) -> None:
    with start(tmp_path, *NEW) as run:
        wait_for_steps(run, steps)
        os.killpg(run.pid, number) if number == signal.SIGINT else run.send_signal(number)
        _, told = run.communicate(timeout=PATIENCE)
    assert run.returncode == 130, told
    assert told.strip().splitlines()[-1].endswith("nothing was left behind.")
    assert everything(tmp_path) == []
    assert not processes_below(tmp_path)


def processes_below(folder: Path) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve().is_relative_to(folder):
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return found


@pytest.mark.slow
def test_the_run_after_one_that_was_killed_builds_the_project(tmp_path: Path) -> None:
    with start(tmp_path, *NEW) as run:
        wait_for_steps(run, 1)
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
    assert everything(tmp_path) == [".shop.headstart"]
    assert headstart(*NEW, "--verify=none", folder=tmp_path, timeout=PATIENCE).code == 0
    assert everything(tmp_path) == ["shop"]


@pytest.mark.slow
def test_of_two_runs_into_one_folder_one_builds_and_one_is_refused(tmp_path: Path) -> None:
    runs = [start(tmp_path, *NEW, "--verify=none") for _ in range(2)]
    told = [run.communicate(timeout=PATIENCE)[1] for run in runs]
    assert sorted(run.returncode for run in runs) == [0, 3], told
    assert everything(tmp_path) == ["shop"]
    assert (tmp_path / "shop" / ".env").exists()


def test_without_a_network_and_a_cache_it_says_so(tmp_path: Path) -> None:
    cut_off: dict[str, Any] = {"UV_OFFLINE": "1", "UV_CACHE_DIR": str(tmp_path / "cache")}
    folder = tmp_path / "here"
    folder.mkdir()
    ended = headstart(*NEW, folder=folder, **cut_off)
    assert ended.code == 5, ended.err
    assert "packages could not be installed" in ended.err
    assert "--no-setup" in ended.err
    assert everything(folder) == []


@pytest.mark.slow
def test_without_a_network_the_cache_is_enough(tmp_path: Path) -> None:
    nowhere: dict[str, Any] = dict.fromkeys(("ALL_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    assert headstart(*NEW, "--verify=none", folder=tmp_path, timeout=PATIENCE).code == 0
    other = tmp_path / "other"
    other.mkdir()
    ended = headstart(*NEW, folder=other, timeout=PATIENCE, **nowhere)
    assert ended.code == 0, ended.err
    assert (other / "shop" / "uv.lock").exists()


def test_a_python_that_is_not_there_is_said(tmp_path: Path) -> None:
    ended = headstart(*NEW, "--python", "3.99", folder=tmp_path)
    assert ended.code == 5, ended.err
    assert "No Python 3.99" in ended.err
    assert everything(tmp_path) == []


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        done = subprocess.run(words, capture_output=True, check=False).returncode == 0
    except OSError:
        done = False
    if not done:
        pytest.skip("mounting a small file system needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("size", ["16k", "200k", "5m"])
def test_a_full_disk_is_said_and_nothing_is_left(size: str, tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", f"size={size}") as disk:
        ended = headstart(*NEW, folder=disk, timeout=PATIENCE)
        assert ended.code == 3, ended.err
        assert "disk is full" in ended.err
        assert everything(disk) == []


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=1m,ro") as disk:
        ended = headstart(*NEW, "-o", str(disk), folder=tmp_path)
        assert ended.code == 3, ended.err
        assert "cannot be written" in ended.err
        assert everything(disk) == []


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every project one whose sample data cannot be made."""
    from headstart.rendering import render

    def render_broken(project: Project, template: Template, folder: Path) -> Path:
        made = render(project, template, folder)
        pyproject = made / "pyproject.toml"
        text = pyproject.read_text().replace('"flask seed"', '"flask sow"')
        pyproject.write_text(text)
        return made

    monkeypatch.setattr(building, "render", render_broken)


@pytest.mark.slow
@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("keep", [False, True])
def test_a_project_that_does_not_work_is_left_only_for_a_look(keep: bool, tmp_path: Path) -> None:
    project, plan = Project("Shop", "flask"), Plan(git=False, keep=keep)
    with pytest.raises(NotAlive, match="own `seed` failed") as failed:
        build(project, tmp_path / "shop", plan, PlainProgress())
    assert "sow" in failed.value.hint
    assert everything(tmp_path) == (["shop"] if keep else [])


@pytest.mark.slow
def test_settings_of_another_project_do_not_reach_this_one(tmp_path: Path) -> None:
    other = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/other.sqlite3",
        "SECRET_KEY": "short",
        "DEBUG": "maybe",
        "DJANGO_SETTINGS_MODULE": "other.settings",
        "FLASK_APP": "other",
        "PYTHONPATH": str(tmp_path),
        "VIRTUAL_ENV": str(tmp_path / "venv"),
        "UV_PROJECT_ENVIRONMENT": str(tmp_path / "env"),
        "GIT_DIR": str(tmp_path / "git"),
    }
    ended = headstart(*NEW, folder=tmp_path, timeout=PATIENCE, **other)
    assert ended.code == 0, ended.err
    assert everything(tmp_path) == ["shop"]


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_the_secrets_are_private_under_any_umask(umask: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        assert headstart(*NEW, "--no-setup", "--no-git", folder=tmp_path).code == 0
    finally:
        os.umask(before)
    assert (tmp_path / "shop" / ".env").stat().st_mode & 0o777 == 0o600
