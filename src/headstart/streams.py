"""What this program says gets out, or it ends as programs do that nobody can hear."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper

STANDARD = (0, 1, 2)


def prepare() -> None:
    """Make the standard streams ones that can always be written to.

    A stream that was closed leads nowhere, before another file gets its number; a
    character that the terminal's encoding lacks is escaped; and a reader who has gone
    ends this program silently, as it ends any other.
    """
    for number in STANDARD:
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, TextIOWrapper) and mode == "w":
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)


@contextmanager
def cleaning_up_first() -> Iterator[None]:
    """Make a reader who has gone an error in the `with` block, and end of it afterwards."""
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    try:
        yield
    except BrokenPipeError:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGPIPE)
        raise


def speaks_unicode() -> bool:
    """Say whether every character can be printed on standard output."""
    return (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"


def fall_silent() -> None:
    """Drop what is still to be written: Python would stumble over it when it ends."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
            continue
        with suppress(OSError, ValueError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
