"""Whatever asks this program to end does so once, and never in the middle of a clean-up.

Python calls a signal's handler between any two of its instructions. So an interrupt is
put off where half a step would be lost track of, and remembered where Python drops the
exception, as it does in destructors.
"""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Interrupts:
    asked = False
    held = 0


def listen() -> None:
    """Let the signals that end a program interrupt it; one that was ignored stays so.

    `nohup`, and a shell that starts something in the background, rely on that.
    """
    for number in ENDING_SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)
    usual = sys.unraisablehook

    def say_unless_interrupted(dropped: "UnraisableHookArgs") -> None:
        if not issubclass(dropped.exc_type, KeyboardInterrupt):
            usual(dropped)

    sys.unraisablehook = say_unless_interrupted


@contextmanager
def held() -> Iterator[None]:
    """Put an interrupt off for as long as the `with` block lasts."""
    _Interrupts.held += 1
    try:
        yield
    finally:
        _Interrupts.held -= 1
        if not _Interrupts.held:
            check()


def check() -> None:
    """Stop here if somebody asked for it, and Python dropped what should have stopped us.

    Raises:
        KeyboardInterrupt: somebody did.
    """
    if _Interrupts.asked:
        _Interrupts.asked = False
        raise KeyboardInterrupt


def done() -> None:
    """It is too late to be interrupted: what was begun is done, and only has to be told.

    Until somebody listens again.
    """
    for number in ENDING_SIGNALS:
        if signal.getsignal(number) is _interrupt:
            signal.signal(number, _too_late)


def end() -> None:
    """Let the exit status stand: the next thing is that Python ends.

    While it does, it gives signals their usual meaning back, handlers or not.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING_SIGNALS)


def _too_late(number: int, frame: FrameType | None) -> None:
    """Not `SIG_IGN`, which the programs that are started would inherit."""


def _interrupt(number: int, frame: FrameType | None) -> None:
    done()
    _Interrupts.asked = True
    if not _Interrupts.held:
        raise KeyboardInterrupt
