"""A folder next to the target in which a project is made, and which vanishes unless it is kept."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from headstart.errors import TargetUnusable

FULL = {errno.ENOSPC, errno.EDQUOT}
TAKEN = {errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR}
CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG}
LOCK = "lock"
EXPECTED = FULL | TAKEN | CLOSED


@dataclass(frozen=True)
class Staging:
    """Where a project is made before it is moved into place.

    Attributes:
        folder: gone when the work ends, whatever happened.
        target: where the project will be.
    """

    folder: Path
    target: Path

    def publish(self, project: Path) -> None:
        """Move a finished project to the target, in one step.

        Args:
            project: the finished project, somewhere in the staging folder.

        Raises:
            TargetUnusable: something came to stand at the target meanwhile.
        """
        check_target(self.target)
        try:
            project.rename(self.target)
        except OSError as error:
            raise _unusable(self.target, error) from error


def check_target(target: Path) -> None:
    """Make sure that a project can be put at a path.

    Args:
        target: the project's folder to be.

    Raises:
        TargetUnusable: a file, a link or a folder with something in it is there.
    """
    hint = "Choose another name, or another folder with `--output-dir`."
    if target.is_symlink():
        raise TargetUnusable(f"`{target}` is a link, and stays as it is.", hint)
    try:
        if target.is_dir():
            if any(target.iterdir()):
                raise TargetUnusable(f"`{target}` exists and is not empty.", hint)
        elif target.exists():
            raise TargetUnusable(f"`{target}` exists and is a file.", hint)
    except OSError as error:
        raise _unusable(target, error) from error


@contextmanager
def staging(target: Path) -> Iterator[Staging]:
    """Provide a staging folder beside the target, on the same file system.

    A lock held while it lives keeps two runs from one target; one that a killed
    run left behind is swept away. Folders on the way to the target are made,
    and unmade when nothing came of it.

    Args:
        target: the project's folder to be, absolute.

    Raises:
        TargetUnusable: the target exists, cannot be written, is full, or another
            headstart is at work on it.
    """
    check_target(target)
    folder = target.with_name(f".{target.name}.headstart")
    made: list[Path] = []
    try:
        made = _make_parents(target.parent)
        _make(folder)
        with _lock(folder / LOCK, target):
            _empty(folder)
            try:
                yield Staging(folder, target)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        if error.errno in EXPECTED:
            raise _unusable(target, error) from error
        raise
    finally:
        for parent in reversed(made):
            with suppress(OSError):
                parent.rmdir()


def _make_parents(folder: Path) -> list[Path]:
    missing = [path for path in reversed([folder, *folder.parents]) if not path.exists()]
    for path in missing:
        path.mkdir()
    return missing


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        # Only what an earlier run left behind may be swept away.
        if folder.is_symlink() or not (folder / LOCK).is_file():
            raise


@contextmanager
def _lock(path: Path, target: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TargetUnusable(
                f"Another headstart is at work on `{target}`.",
                "Wait for it to end, or choose another name.",
            ) from error
        yield
    finally:
        os.close(descriptor)


def _empty(folder: Path) -> None:
    for left in folder.iterdir():
        if left.name != LOCK:
            shutil.rmtree(left)


def _unusable(target: Path, error: OSError) -> TargetUnusable:
    place = error.filename or target
    if error.errno in FULL:
        return TargetUnusable("The disk is full; nothing was left behind.", "Make some room.")
    if error.errno in TAKEN:
        return TargetUnusable(
            f"`{place}` is in the way.",
            "Choose another name, or another folder with `--output-dir`.",
        )
    return TargetUnusable(
        f"`{place}` cannot be written: {(error.strerror or 'unknown reason').lower()}.",
        "Choose a folder of your own with `--output-dir`.",
    )
