"""Programs are run with their words as words, and never outlive whoever runs them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from headstart.running import ProgramFailed, guarded, run

# Runs a program that has a child; says when both run.
KEEPER = """
import sys
from pathlib import Path
from headstart.running import guarded
words = ["/bin/sh", "-c", "sleep 60 & echo $!; wait"]
with guarded(words, Path("/"), {}, None) as process:
    print(process.pid, flush=True)
    process.wait()
"""


def is_there(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def is_gone_soon(process: int) -> bool:
    end = time.monotonic() + 10
    while is_there(process) and time.monotonic() < end:
        time.sleep(0.01)
    return not is_there(process)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_a_program_does_not_outlive_us_and_nor_do_its_children(number: signal.Signals) -> None:
    words = [sys.executable, "-c", KEEPER]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as keeper:
        assert keeper.stdout
        processes = [int(keeper.stdout.readline()) for _ in range(2)]
        assert all(is_there(process) for process in processes)
        keeper.send_signal(number)
        keeper.wait()
    assert all(is_gone_soon(process) for process in processes)


def test_the_guard_is_no_child_of_the_program(tmp_path: Path) -> None:
    with guarded(["sleep", "60"], tmp_path, {"PATH": os.defpath}) as process:
        end = time.monotonic() + 10
        while Path(f"/proc/{process.pid}/comm").read_text() != "sleep\n":
            assert time.monotonic() < end
        assert not Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()


def test_words_stay_words(tmp_path: Path) -> None:
    words = ["a b", "$HOME", "`id`", "*", "", "-x", "'", '"', "\n", "é"]
    code = "import sys; print(ascii(sys.argv[1:]))"
    said = run([sys.executable, "-c", code, *words], tmp_path, {})
    assert said == f"{words!a}\n"


def test_what_a_program_reads_is_empty(tmp_path: Path) -> None:
    assert (
        run([sys.executable, "-c", "print(repr(input.__name__ and open(0).read()))"], tmp_path, {})
        == "''\n"
    )


def test_a_program_that_fails_says_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed) as failed:
        run(["/bin/sh", "-c", "echo one; echo two >&2; exit 7"], tmp_path, {})
    assert failed.value.last_lines(1) == "two"
    with pytest.raises(FileNotFoundError):
        run(["no-such-program"], tmp_path, {"PATH": os.defpath})


def test_what_is_left_of_the_group_is_killed_with_the_block(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as output:
        words = ["/bin/sh", "-c", "sleep 60 & echo $!"]
        with guarded(words, tmp_path, {}, output) as process:
            process.wait()
            child = int(log.read_text())
            assert is_there(child)
    assert is_gone_soon(child)
