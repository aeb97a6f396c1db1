"""What a project remembers of where it came from, for updates later. Never a secret."""

import hashlib
import json
import stat
from dataclasses import asdict
from pathlib import Path

from headstart import __version__
from headstart.project import Project

RECORD = ".headstart.json"
# Made beside the pristine files, and no part of them.
NOT_PRISTINE = {".env", ".git", ".venv", RECORD, "uv.lock", "var"}


def write_record(project: Project, folder: Path) -> None:
    """Write down the answers and the git tree of the pristine project.

    Args:
        project: what was built.
        folder: the project, just rendered.
    """
    record = {
        "about": "Where this project comes from. Commit it: updates start from it.",
        "headstart": __version__,
        "tree": tree_id(folder),
        "project": asdict(project),
    }
    text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    (folder / RECORD).write_text(text, encoding="utf-8")
    (folder / RECORD).chmod(0o644)


def tree_id(folder: Path) -> str:
    """Return the name that git gives to a folder's content: `git write-tree`.

    Computed here, so that it is there without git too. The format is described
    in https://git-scm.com/book/en/v2/Git-Internals-Git-Objects.

    Args:
        folder: the project; what is made beside the pristine files is left out.
    """
    return _tree(folder, NOT_PRISTINE).hex()


def _tree(folder: Path, left_out: set[str]) -> bytes:
    entries = []
    for path in folder.iterdir():
        if path.name in left_out:
            continue
        if path.is_dir():
            # git sorts a folder as if its name ended in a slash.
            key, mode, digest = path.name + "/", b"40000", _tree(path, set())
        else:
            executable = path.stat().st_mode & stat.S_IXUSR
            mode = b"100755" if executable else b"100644"
            key, digest = path.name, _object(b"blob", path.read_bytes())
        entries.append((key.encode(), mode + b" " + path.name.encode() + b"\0" + digest))
    return _object(b"tree", b"".join(entry for _, entry in sorted(entries)))


def _object(kind: bytes, content: bytes) -> bytes:
    header = kind + b" " + str(len(content)).encode() + b"\0"
    return hashlib.sha1(header + content, usedforsecurity=False).digest()
