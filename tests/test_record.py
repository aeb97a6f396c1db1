"""The record names the pristine project as git would, and holds no secret."""

import json
import subprocess
from pathlib import Path

from headstart.project import Project
from headstart.record import RECORD, tree_id, write_record


def test_a_tree_has_the_name_that_git_gives_it(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.txt").write_text("b")
    (tmp_path / "a-b").write_text("sorted between")
    (tmp_path / "a.txt").write_text("")
    (tmp_path / "café 😀").write_bytes(bytes(range(256)))
    (tmp_path / "run").write_text("#!/bin/sh\n")
    (tmp_path / "run").chmod(0o755)
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    written = subprocess.run(
        ["git", "write-tree"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert tree_id(tmp_path) == written.stdout.strip()


def test_what_is_made_later_does_not_change_the_tree(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    before = tree_id(tmp_path)
    (tmp_path / ".env").write_text("SECRET_KEY=1")
    (tmp_path / "uv.lock").write_text("")
    (tmp_path / ".venv").mkdir()
    write_record(Project("Shop", "django"), tmp_path)
    assert tree_id(tmp_path) == before


def test_the_record_holds_the_answers_to_the_letter(tmp_path: Path) -> None:
    project = Project('Ann\'s "😀" \\ shop', "flask", answers={"kind": "shop"})
    write_record(project, tmp_path)
    written = json.loads((tmp_path / RECORD).read_text())
    assert Project(**{**written["project"], "features": ("pages",)}) == project
