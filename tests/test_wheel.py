"""What is installed is what is here: every file of the templates, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from .conftest import ROOT


@pytest.mark.slow
def test_the_wheel_holds_every_tracked_file_of_the_templates(tmp_path: Path) -> None:
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run(
        [uv, "build", "--quiet", "--wheel", f"--out-dir={tmp_path}"], cwd=ROOT, check=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    prefix = "headstart/templates/"
    with zipfile.ZipFile(wheel) as archive:
        packed = {
            name.removeprefix(prefix) for name in archive.namelist() if name.startswith(prefix)
        }
    listed = subprocess.run(
        ["git", "ls-files", "-z", "templates"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    tracked = {path.removeprefix("templates/") for path in listed.stdout.split("\0") if path}
    assert packed == tracked


@pytest.mark.slow
def test_an_installed_headstart_builds_without_the_checkout(tmp_path: Path) -> None:
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "--quiet", str(tmp_path / "venv")], check=True)
    python = str(tmp_path / "venv/bin/python")
    subprocess.run(
        [uv, "pip", "install", "--quiet", f"--python={python}", "--compile-bytecode", str(ROOT)],
        check=True,
    )
    words = [str(tmp_path / "venv/bin/headstart"), "new", "Shop", "--yes", "--no-setup", "--no-git"]
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
    made = list((tmp_path / "shop").rglob("*"))
    assert tmp_path / "shop/manage.py" in made
    assert not [path for path in made if path.name == "__pycache__"]
