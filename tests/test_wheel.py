"""What is published and installed is what is here, and nothing else."""

import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from .conftest import ROOT

# What the builder adds: who made it, and how it is called.
ADDED = re.compile(r"headstart-[\w.]+\.dist-info/.*|PKG-INFO|\.gitignore")


@pytest.mark.slow
def test_what_is_published_is_every_tracked_file_and_nothing_else(tmp_path: Path) -> None:
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "build", "--quiet", f"--out-dir={tmp_path}"], cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if not ADDED.fullmatch(name)}
    in_wheel = {f"headstart/{path}" for path in tracked("templates")}
    assert packed == in_wheel | {path.removeprefix("src/") for path in tracked("src/headstart")}

    (source,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(source) as archive_of_all:
        names = [one.name for one in archive_of_all.getmembers() if one.isfile()]
    packed = {name.partition("/")[2] for name in names}
    folders = tracked("src", "templates", "tests", "benchmarks")
    pages = tracked("README.md", "CHANGELOG.md", "LICENSE", "SECURITY.md", "pyproject.toml")
    assert {name for name in packed if not ADDED.fullmatch(name)} == folders | pages


def tracked(*paths: str) -> set[str]:
    """Return what git keeps of some files and folders."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", *paths], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {path for path in listed.stdout.split("\0") if path}


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
