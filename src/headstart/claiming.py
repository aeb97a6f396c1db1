"""A folder that one run has for itself, and which is gone when that run ends.

It is worked on through open descriptors: whoever may rename things around it can neither
lead us to another folder, nor make us delete one.
"""

import atexit
import errno
import fcntl
import os
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from headstart.interrupts import held

# A name that no project's folder has: it is made beside this.
LOCK = ".lock"
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
# How often, and how many seconds apart, something is tried that another process disturbs.
ATTEMPTS = 100
PAUSE = 0.02


class InUse(Exception):
    """Another run has the folder."""


@dataclass(frozen=True)
class Claim:
    """A folder that is ours.

    Attributes:
        inside: the open folder itself, wherever somebody moves it meanwhile.
        around: the open folder in which it lies.
        lock: the open file that keeps others out; also the sign that the folder is ours.
    """

    inside: int
    around: int
    lock: int

    def write(self, name: str, content: bytes) -> None:
        """Write a new file into the folder."""
        with open(os.open(name, NEW, 0o600, dir_fd=self.inside), "wb") as file:
            file.write(content)

    def move_out(self, source: Path, name: str) -> None:
        """Move something from within the folder to beside it."""
        os.rename(source, name, src_dir_fd=self.inside, dst_dir_fd=self.around)

    def move_in(self, name: str, destination: str) -> None:
        """Move something from beside the folder into it."""
        os.rename(name, destination, src_dir_fd=self.around, dst_dir_fd=self.inside)

    def sweep(self) -> None:
        """Remove all that is in the folder but the lock, links as links."""
        for name in set(os.listdir(self.inside)) - {LOCK}:
            with suppress(OSError):
                if stat.S_ISDIR(os.lstat(name, dir_fd=self.inside).st_mode):
                    shutil.rmtree(name, ignore_errors=True, dir_fd=self.inside)
                else:
                    os.unlink(name, dir_fd=self.inside)

    def remove(self, folder: Path) -> None:
        """Remove the folder with all that is in it, and give the claim up.

        Args:
            folder: where it was made.
        """
        for _ in range(ATTEMPTS):
            self.sweep()
            if set(os.listdir(self.inside)) <= {LOCK}:
                break
            # A process that was killed writes for a moment yet.
            time.sleep(PAUSE)
        with suppress(OSError):
            os.unlink(LOCK, dir_fd=self.inside)
            there = os.lstat(folder.name, dir_fd=self.around)
            if os.path.samestat(there, os.fstat(self.inside)):
                os.rmdir(folder.name, dir_fd=self.around)
        _close(self.lock, self.inside, self.around)


@contextmanager
def claim(folder: Path) -> Iterator[Claim]:
    """Make a folder and keep others out of it for as long as the `with` block lasts.

    What a killed run left in it is swept away. Folders on the way to it are made, and
    removed again if nothing else came into them.

    Args:
        folder: an absolute path.

    Raises:
        InUse: another run has it.
        OSError: it cannot be made, or something else has that name.
    """
    made: list[Path] = []
    claims: list[Claim] = []

    def clean() -> None:
        with held():
            while claims:
                claims.pop().remove(folder)
            while made:
                with suppress(OSError):
                    made.pop().rmdir()

    # Should an interrupt come between two instructions, where nobody else cleans up.
    atexit.register(clean)
    try:
        with held():
            claims.append(_claim(folder, made))
        claims[0].sweep()
        yield claims[0]
    finally:
        clean()
        atexit.unregister(clean)


def leads_to(path: Path, descriptor: int) -> bool:
    """Say whether a path leads to an open folder.

    Args:
        path: where it should be.
        descriptor: the open folder.
    """
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except OSError:
        return False


def _claim(folder: Path, made: list[Path]) -> Claim:
    for _ in range(ATTEMPTS):
        with suppress(FileNotFoundError):
            _make_parents(folder.parent, made)
            if claimed := _try_to_claim(folder):
                return claimed
        # Another run has just cleaned up after itself.
        time.sleep(PAUSE)
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))


def _make_parents(folder: Path, made: list[Path]) -> None:
    missing = [path for path in (folder, *folder.parents) if not os.path.lexists(path)]
    for path in reversed(missing):
        with suppress(FileExistsError):
            path.mkdir()
            made.append(path)


def _try_to_claim(folder: Path) -> Claim | None:
    opened = [os.open(folder.parent, FOLDER)]
    try:
        with suppress(FileExistsError):
            os.mkdir(folder.name, 0o700, dir_fd=opened[0])
        opened.append(os.open(folder.name, FOLDER | os.O_NOFOLLOW, dir_fd=opened[0]))
        opened.append(_lock(opened[1], folder))
        if leads_to(folder, opened[1]):
            around, inside, lock = opened
            opened = []
            return Claim(inside, around, lock)
        return None
    finally:
        _close(*opened)


def _lock(inside: int, folder: Path) -> int:
    there, left = os.fstat(inside), os.listdir(inside)
    # Only what a run of ours left behind may be swept away.
    is_ours = there.st_uid == os.geteuid() and not there.st_mode & 0o077
    if not is_ours or (left and LOCK not in left):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    lock = os.open(LOCK, flags, 0o600, dir_fd=inside)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise InUse from None
    return lock


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
