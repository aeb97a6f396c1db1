"""A run that is ended at any moment leaves nothing: no file, no process, no half a repository."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from uv import find_uv_bin

from headstart.template import FRAMEWORKS

from ..command import PROGRAM, headstart
from .sandbox import Sandbox

# `poe fuzz` sets a larger number.
KILLS = int(os.environ.get("KILLS", "3"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
# What the processes of a run are known by, beside the folder that they work in.
MARK = "HEADSTART_TEST_OF_KILLS"
PATIENCE = 300.0
INTERRUPTED = 130
# What is left by `kill -9` until the next run, as the README says.
LEFT = {".shop.headstart"}

pytestmark = pytest.mark.fuzz


@pytest.fixture(scope="module")
def seconds(tmp_path_factory: pytest.TempPathFactory) -> float:
    """Return how long a run takes that is left alone."""
    started = time.monotonic()
    folder = tmp_path_factory.mktemp("alone")
    ended = headstart("new", "Shop", "-f", "flask", "--yes", folder=folder, timeout=PATIENCE)
    assert ended.code == 0, ended.err
    return time.monotonic() - started


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    sandbox = Sandbox.made(tmp_path)
    yield sandbox
    # Whatever a failed test left running.
    for process in marked(tmp_path):
        os.kill(process, signal.SIGKILL)


@pytest.mark.parametrize("number", range(KILLS))
def test_a_run_that_is_ended_at_any_moment_leaves_nothing(
    number: int, seconds: float, sandbox: Sandbox
) -> None:
    """CLI: 130, and nothing is left; after `kill -9` no process, and the next run sweeps up."""
    chance = random.Random(f"{SEED}-{number}")  # noqa: S311
    number_of_signal = chance.choice((signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL))
    framework, whole_group = chance.choice(list(FRAMEWORKS)), chance.random() < 0.5
    moment = chance.uniform(0, seconds)
    words = ["new", "Shop", "--framework", framework, "--yes"]
    before = sandbox.snapshot()
    with subprocess.Popen(
        [PROGRAM, *words],
        cwd=sandbox.here,
        env=environment(sandbox),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        has_begun(run)
        time.sleep(moment)
        (os.killpg if whole_group else os.kill)(run.pid, number_of_signal)
        out, told = run.communicate(timeout=PATIENCE)
    case = (number_of_signal.name, framework, whole_group, moment, run.returncode, told)
    # It may have been done by then.
    is_done = (sandbox.here / "shop").exists()
    assert not surviving(sandbox.root), case
    assert "Traceback" not in told, case
    if number_of_signal == signal.SIGKILL:
        assert {path.name for path in sandbox.here.iterdir()} <= {"mine.txt", "shop", *LEFT}, case
        check_swept_up(sandbox, is_done)
        return
    assert run.returncode == (0 if is_done else INTERRUPTED), case
    if is_done:
        assert "is ready" in out, case
    else:
        assert told.splitlines()[-1] == "error: Interrupted; nothing was left behind.", case
    after = sandbox.snapshot(sandbox.here / "shop")
    assert after == before, case


def environment(sandbox: Sandbox) -> dict[str, str]:
    cache = subprocess.run(
        [find_uv_bin(), "cache", "dir"], capture_output=True, text=True, check=True
    )
    return sandbox.environment | {MARK: str(sandbox.root), "UV_CACHE_DIR": cache.stdout.strip()}


def has_begun(run: "subprocess.Popen[str]") -> None:
    """Wait until it is headstart that the signal reaches, and not Python that starts."""
    caught = 0
    while not caught & (1 << (signal.SIGTERM - 1)):
        status = Path(f"/proc/{run.pid}/status").read_text()
        caught = int(status.partition("SigCgt:\t")[2].split()[0], 16)
        assert run.poll() is None
        time.sleep(0.002)


def marked(root: Path) -> list[int]:
    """Return the processes that a run has started, by the folder that they know or work in."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            variables = (process / "environ").read_bytes()
            works_there = (process / "cwd").resolve().is_relative_to(root)
        except OSError:
            continue
        if works_there or f"{MARK}={root}".encode() in variables:
            found.append(int(process.name))
    return found


def surviving(root: Path) -> list[str]:
    """Return the processes that are still there after a moment."""
    end = time.monotonic() + 5
    while (left := marked(root)) and time.monotonic() < end:
        time.sleep(0.05)
    return [Path(f"/proc/{process}/cmdline").read_text() for process in left]


def check_swept_up(sandbox: Sandbox, is_done: bool) -> None:
    words = ["new", "Shop", "--no-setup", "--no-git", "--yes"]
    ended = headstart(*words, folder=sandbox.here, timeout=PATIENCE)
    assert ended.code == (3 if is_done else 0), ended.err
    assert {path.name for path in sandbox.here.iterdir()} - LEFT == {"mine.txt", "shop"}
    assert is_done or not (sandbox.here / ".shop.headstart").exists()
    assert sandbox.snapshot(sandbox.here / "shop").keys() >= {str(sandbox.home / "mine.txt")}
    assert sorted(path.name for path in sandbox.temporary.iterdir()) == ["mine.txt"]
