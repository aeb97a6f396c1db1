import subprocess
import sys
import time
from pathlib import Path

import pytest

from headstart.proof.receipts import StepFailed
from headstart.proof.server import free_port, running

SMALL_SITE = Path(__file__).with_name("small_site.py")


def start(tmp_path: Path, *command: str, patience: float = 10.0, fault: str = ""):  # type: ignore[no-untyped-def]
    port = free_port()
    environment = {
        "PORT": str(port),
        "MAIL_URL": f"file://{tmp_path}",
        "SITE_URL": "http://localhost",
        "FAULT": fault,
    }
    words = command or (sys.executable, str(SMALL_SITE))
    return running(words, tmp_path, environment, port, tmp_path / "log", patience)


def is_there(process: int) -> bool:
    # A zombie has ended, though nobody has asked for its exit code yet.
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, check=False
    )
    return state.stdout.strip()[:1] not in (b"", b"Z")


def test_a_server_runs_within_the_block_and_not_after_it(tmp_path: Path) -> None:
    with start(tmp_path) as server:
        assert server.process.poll() is None
    assert server.process.poll() is not None


def test_a_server_that_dies_is_reported_with_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(StepFailed) as caught, start(tmp_path, fault="dies"):
        pass
    assert caught.value.came == "the end of the server with code 1"
    assert "SECRET_KEY is not set" in caught.value.log
    assert caught.value.exit_code == 4


def test_a_server_that_never_answers_is_reported_and_stopped(tmp_path: Path) -> None:
    sleeper = (sys.executable, "-c", "import time; time.sleep(60)")
    with pytest.raises(StepFailed, match="no such answer"):  # noqa: SIM117
        with start(tmp_path, *sleeper, patience=0.2):
            pass


def test_a_command_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="could not be run"), start(tmp_path, "nope"):
        pass


def test_an_interrupt_stops_the_server_and_its_workers(tmp_path: Path) -> None:
    # Starts a worker that ignores SIGTERM, as a stuck one does, then serves.
    parent = (
        "import os, runpy, signal, sys, time\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "    time.sleep(60)\n"
        "print('worker', child, flush=True)\n"
        f"sys.path.insert(0, {str(SMALL_SITE.parent)!r})\n"
        f"runpy.run_path({str(SMALL_SITE)!r}, run_name='__main__')\n"
    )
    with pytest.raises(KeyboardInterrupt):  # noqa: SIM117
        with start(tmp_path, sys.executable, "-c", parent) as server:
            raise KeyboardInterrupt
    assert server.process.poll() is not None
    worker = int(server.log.read_text().split()[1])
    end = time.monotonic() + 5
    while is_there(worker) and time.monotonic() < end:
        time.sleep(0.01)
    assert not is_there(worker)
