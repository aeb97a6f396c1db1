"""A folder next to the target in which a project is made, and which vanishes unless it is kept."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from headstart.claiming import Claim, InUse, claim, leads_to
from headstart.errors import FULL, TargetUnusable
from headstart.interrupts import check, done, held

TAKEN = {
    errno.EBUSY,
    errno.EEXIST,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENOTDIR,
    errno.ENOTEMPTY,
    errno.EXDEV,
}
CLOSED = {
    errno.EACCES,
    errno.EFBIG,
    errno.EILSEQ,
    errno.EINVAL,
    errno.EIO,
    errno.ENAMETOOLONG,
    errno.EPERM,
    errno.EROFS,
    errno.ESTALE,
}
EXPECTED = FULL | TAKEN | CLOSED
# uv looks for a workspace in the folders above a project, and would write its lock file
# there. Here it finds one that has no members.
WORKSPACE = ("pyproject.toml", b"[tool.uv.workspace]\nmembers = []\n")
WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Staging:
    """Where a project is made before it is moved into place.

    Attributes:
        folder: gone when the work ends, whatever happened.
        target: where the project will be.
        claim: the same folder, held open.
    """

    folder: Path
    target: Path
    claim: Claim

    def publish(self, project: Path) -> None:
        """Move a finished project to the target, in one step, after which it is done.

        Args:
            project: the finished project, somewhere in the staging folder.

        Raises:
            TargetUnusable: something came to stand at the target meanwhile.
        """
        check_target(self.target)
        if not (
            leads_to(self.folder, self.claim.inside)
            and leads_to(self.target.parent, self.claim.around)
        ):
            raise TargetUnusable(
                f"`{self.target.parent}` was changed by somebody else meanwhile.",
                "Choose a folder of your own with `--output-dir`.",
            )
        source = project.relative_to(self.folder)
        with held():
            check()
            try:
                self.claim.move_out(source, self.target.name)
            except OSError as error:
                raise _unusable(self.target, error) from error
            done()

    def withdraw(self) -> None:
        """Take a published project back: it vanishes with the staging folder."""
        self.claim.move_in(self.target.name, WITHDRAWN)


def check_target(target: Path) -> None:
    """Make sure that a project can be put at a path.

    Args:
        target: the project's folder to be.

    Raises:
        TargetUnusable: a file, a link or a folder with something in it is there.
    """
    hint = "Choose another name, or another folder with `--output-dir`."
    try:
        mode = target.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise TargetUnusable(f"`{target}` is a link, and stays as it is.", hint)
        if not stat.S_ISDIR(mode):
            raise TargetUnusable(f"`{target}` exists and is a file.", hint)
        if any(target.iterdir()):
            raise TargetUnusable(f"`{target}` exists and is not empty.", hint)
    except FileNotFoundError:
        return
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
    try:
        with claim(folder) as claimed:
            # Another run may have just ended.
            check_target(target)
            claimed.write(*WORKSPACE)
            try:
                yield Staging(folder, target, claimed)
            except FileNotFoundError as error:
                if leads_to(folder, claimed.inside):
                    raise
                raise OSError(errno.ESTALE, "it was removed meanwhile") from error
    except InUse as error:
        raise TargetUnusable(
            f"Another headstart is at work on `{target}`.",
            "Wait for it to end, or choose another name.",
        ) from error
    except OSError as error:
        if error.errno in EXPECTED:
            raise _unusable(target, error) from error
        raise


def _unusable(target: Path, error: OSError) -> TargetUnusable:
    named = error.filename if isinstance(error.filename, str) else ""
    place = named if os.path.isabs(named) else target
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
