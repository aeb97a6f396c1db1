"""An interrupt comes once, never in the middle of something, and is never lost."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from headstart import interrupts


@pytest.fixture(autouse=True)
def _usual_signals(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in interrupts.ENDING_SIGNALS}
    monkeypatch.setattr("sys.unraisablehook", lambda dropped: None)
    for number in interrupts.ENDING_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    interrupts.listen()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", interrupts.ENDING_SIGNALS)
def test_a_signal_interrupts_once(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)
    os.kill(os.getpid(), number)
    with pytest.raises(KeyboardInterrupt):
        interrupts.check()


def test_what_is_held_is_not_interrupted_before_its_end() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), interrupts.held(), interrupts.held():
        os.kill(os.getpid(), signal.SIGTERM)
        done.append("all of it")
    assert done


def test_an_interrupt_that_python_drops_is_remembered() -> None:
    class Careless:
        def __del__(self) -> None:
            os.kill(os.getpid(), signal.SIGTERM)

    Careless()
    with pytest.raises(KeyboardInterrupt):
        interrupts.check()


def test_a_signal_that_was_ignored_stays_so() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    interrupts.listen()
    os.kill(os.getpid(), signal.SIGHUP)


def test_what_is_done_is_not_interrupted_until_somebody_listens_again() -> None:
    interrupts.done()
    os.kill(os.getpid(), signal.SIGINT)
    interrupts.listen()
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        interrupts.check()


def test_nothing_changes_the_exit_status_at_the_very_end() -> None:
    """As Python itself does while it ends, it gives the signal its usual meaning back."""
    ending = (
        "import os, signal; from headstart import interrupts; interrupts.end();"
        "signal.signal(signal.SIGTERM, signal.SIG_DFL); os.kill(os.getpid(), signal.SIGTERM)"
    )
    assert subprocess.run([sys.executable, "-c", ending]).returncode == 0
