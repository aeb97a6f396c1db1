"""A small world for one run: a home, a folder for temporary files, and who else lives there."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

VICTIM = "what somebody else wrote"
# What the payloads make when they are executed.
CANARY = "canary"


@dataclass(frozen=True)
class Sandbox:
    """The folders that a run may look at, and none of which it may change."""

    root: Path

    @classmethod
    def made(cls, root: Path) -> "Sandbox":
        """Make the folders, with a file of somebody else's in each."""
        sandbox = cls(root)
        for folder in (sandbox.home, sandbox.temporary, sandbox.here):
            folder.mkdir(parents=True)
            (folder / "mine.txt").write_text(VICTIM)
        return sandbox

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def temporary(self) -> Path:
        return self.root / "tmp"

    @property
    def here(self) -> Path:
        """Where the run begins."""
        return self.root / "around" / "here"

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that make a run take these folders for the whole world."""
        return {
            **os.environ,
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "NO_COLOR": "1",
            "GIT_CONFIG_GLOBAL": str(self.home / ".gitconfig"),
            "XDG_CONFIG_HOME": str(self.home / ".config"),
        }

    def snapshot(self, without: Path | None = None) -> dict[str, str]:
        """Return what is there: kind, mode and content of everything, by its path.

        Args:
            without: a folder that is left out, such as the project that was asked for.
        """
        found: dict[str, str] = {}
        for folder, names, files in os.walk(os.fsencode(self.root)):
            paths = [os.path.join(folder, name) for name in (*names, *files)]
            names[:] = [name for name in names if _path(os.path.join(folder, name)) != without]
            for path in paths:
                if _path(path) != without:
                    found[os.fsdecode(path)] = _described(path)
        return found


def _path(path: bytes) -> Path:
    return Path(os.fsdecode(path))


def _described(path: bytes) -> str:
    status = os.lstat(path)
    if stat.S_ISLNK(status.st_mode):
        return f"link to {os.fsdecode(os.readlink(path))}"
    content = ""
    if stat.S_ISREG(status.st_mode):
        with open(path, "rb") as file:
            content = hashlib.sha256(file.read()).hexdigest()
    return f"{stat.filemode(status.st_mode)} {content}"
