"""What comes from others: within bounds, as it was locked, and never behind one's back."""

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from headstart.environment import UV_SETTINGS, install_packages
from headstart.project import Project
from headstart.rendering import render
from headstart.template import read_template
from headstart.variables import own_environment

from .combining import combinations
from .conftest import ROOT

UV = str(Path(sys.executable).with_name("uv"))
EVERYTHING = combinations()[-1]
# Ends the program as soon as it looks for anybody.
OFFLINE = """
import sys

def refuse(event, _):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        raise SystemExit(f"{event}: somebody was asked")

sys.addaudithook(refuse)
"""
EVERY_MODULE = """
import importlib, pkgutil, headstart
for module in pkgutil.walk_packages(headstart.__path__, "headstart."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
"""
A_COMMAND = "from headstart.cli import main; sys.argv[1:] = {words}; main()"


def requirements(pyproject: Path) -> list[Requirement]:
    """Return everything that a project asks for: to run, to be developed, to be built."""
    table: dict[str, Any] = tomllib.loads(pyproject.read_text())
    groups = table.get("dependency-groups", {}).values()
    extras = table["project"].get("optional-dependencies", {}).values()
    built_with = table.get("build-system", {}).get("requires", [])
    lists = [table["project"]["dependencies"], built_with, *groups, *extras]
    return [Requirement(one) for some in lists for one in some]


def bounds(requirement: Requirement) -> tuple[Version, Version]:
    """Return the oldest version that is allowed, and the first that is not any more."""
    found = {part.operator: Version(part.version) for part in requirement.specifier}
    assert found.keys() == {">=", "<"}, requirement
    return found[">="], found["<"]


def first_that_may_differ(version: Version) -> Version:
    """Return the next major version, or before the first one the next minor one."""
    if version.major:
        return Version(f"{version.major + 1}")
    return Version(f"0.{version.minor + 1}")


@pytest.fixture
def rendered(framework: str, tmp_path: Path) -> Path:
    """A project of each framework with everything, rendered."""
    return render(Project("Shop", framework, EVERYTHING), read_template(framework), tmp_path)


def test_everything_that_is_asked_for_has_bounds(rendered: Path) -> None:
    for pyproject in (ROOT / "pyproject.toml", rendered / "pyproject.toml"):
        asked = requirements(pyproject)
        assert len(asked) > 10
        for requirement in asked:
            lower, upper = bounds(requirement)
            assert lower < upper, requirement
            # Versions before 1.0 promise nothing beyond their second number.
            assert lower.major > 0 or upper.major == 0, requirement
            assert len(upper.release) <= 2, requirement


def test_what_is_installed_is_what_was_locked(rendered: Path) -> None:
    ways = ["Dockerfile", ".github/workflows/check.yml", "README.md"]
    for path in ways:
        text = (rendered / path).read_text()
        assert "uv sync --locked" in text, path
        assert "pip install" not in text.replace("pip install --no-cache-dir", ""), path
    installed = re.findall(r"pip install .* (\S+)$", (rendered / "Dockerfile").read_text(), re.M)
    assert [re.fullmatch(r"uv==\d+\.\d+\.\d+", one) is not None for one in installed] == [True]


def test_whoever_has_no_lock_is_told_how_to_make_it(rendered: Path) -> None:
    assert not (rendered / "uv.lock").exists()
    assert "gets it from `uv lock`: commit it" in (rendered / "SECURITY.md").read_text()


class Index(SimpleHTTPRequestHandler):
    """An index of packages that is for those who know its password."""

    def do_GET(self) -> None:
        told = self.headers.get("Authorization", "")
        if told == f"Basic {base64.b64encode(b'ann:s3cret').decode()}":
            super().do_GET()
        else:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="index"')
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def wheel(says: str) -> bytes:
    """Return a package called `tiny` with one module."""
    info = "tiny-1.0.dist-info"
    files = {
        "tiny.py": f"SAYS = {says!r}\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


def offer(folder: Path, content: bytes) -> None:
    """Put a package into an index."""
    name = "tiny-1.0-py3-none-any.whl"
    (folder / "tiny").mkdir(parents=True, exist_ok=True)
    (folder / "tiny" / name).write_bytes(content)
    fragment = f"sha256={hashlib.sha256(content).hexdigest()}"
    (folder / "tiny" / "index.html").write_text(f'<a href="{name}#{fragment}">{name}</a>')


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Path]]:
    """An index with a password on this machine, and the folder that it is made of."""
    folder = tmp_path / "index"
    offer(folder, wheel("what was locked"))
    # Whatever is set up on the machine that runs the tests.
    for name in ("UV_CONFIG_FILE", "UV_FIND_LINKS", "UV_OFFLINE", "UV_NO_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("UV_NO_CONFIG", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Index, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://ann:s3cret@127.0.0.1:{server.server_port}", folder
        server.shutdown()


def project_that_asks_for_it(folder: Path) -> Path:
    """Return the folder of a project that asks for the one package."""
    folder.mkdir()
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\n'
        'dependencies = ["tiny"]\n[tool.uv]\npackage = false\n'
    )
    return folder


@pytest.mark.parametrize("variable", ["UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX"])
def test_the_password_of_an_index_of_ones_own_is_not_locked(
    index: tuple[str, Path], variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, _ = index
    monkeypatch.setenv(variable, f"own={address}" if variable == "UV_INDEX" else address)
    folder = project_that_asks_for_it(tmp_path / "shop")
    install_packages(Project("Shop", "flask"), folder)
    lock = (folder / "uv.lock").read_text()
    assert address.rpartition("@")[2] in lock
    assert "s3cret" not in lock
    assert "ann" not in lock
    for path in (folder / ".venv").rglob("*"):
        if path.is_file() and not path.is_symlink():
            assert b"s3cret" not in path.read_bytes(), path


def test_a_package_that_is_another_than_was_locked_is_refused(
    index: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, offered = index
    monkeypatch.setenv("UV_DEFAULT_INDEX", address)
    folder = project_that_asks_for_it(tmp_path / "shop")
    install_packages(Project("Shop", "flask"), folder)
    shutil.rmtree(folder / ".venv")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "another machine"))
    offer(offered, wheel("something else"))
    for how in ("--locked", "--frozen"):
        ended = subprocess.run(
            [UV, "sync", how, f"--python={sys.executable}"],
            cwd=folder,
            env={**own_environment(), **UV_SETTINGS},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode != 0
        assert "ash mismatch" in ended.stderr or "needs to be updated" in ended.stderr
        assert not list((folder / ".venv").rglob("tiny.py"))


@pytest.mark.parametrize(
    "script",
    [
        EVERY_MODULE,
        A_COMMAND.format(words=["--version"]),
        A_COMMAND.format(words=["compare"]),
        A_COMMAND.format(words=["advise", "--answer", "kind=api"]),
        A_COMMAND.format(words=["new", "Shop", "--yes", "--no-setup", "--no-git"]),
    ],
    ids=["import", "version", "compare", "advise", "new"],
)
def test_nobody_is_asked_over_the_network(script: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", OFFLINE + script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


# From here on: `poe bounds`.


def run(*words: str, folder: Path, **more: str) -> str:
    """Run a program to its end and return what it printed."""
    environment = {**own_environment(), "PYTHONDONTWRITEBYTECODE": "1", **more}
    ended = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout[-5000:] + ended.stderr[-5000:]
    return ended.stdout


def assert_nothing_untried_is_allowed(pyproject: Path, lock: Path) -> None:
    """Hold that each upper bound is the first version that may differ from today's."""
    packages = tomllib.loads(lock.read_text())["package"]
    newest: dict[str, Version] = {}
    for package in packages:
        if "version" in package:
            version = Version(package["version"])
            newest[package["name"]] = max(version, newest.get(package["name"], version))
    for requirement in requirements(pyproject):
        if requirement.name in newest:  # what builds is not locked
            upper = bounds(requirement)[1]
            assert upper <= first_that_may_differ(newest[requirement.name]), requirement


@pytest.mark.bounds
@pytest.mark.parametrize("resolution", ["lowest-direct", "highest"])
def test_a_project_passes_its_checks_at_both_ends(rendered: Path, resolution: str) -> None:
    (rendered / ".venv").unlink(missing_ok=True)
    run(UV, "sync", "--all-groups", "--upgrade", f"--resolution={resolution}", folder=rendered)
    run(str(rendered / ".venv/bin/poe"), "check", folder=rendered)
    if resolution == "highest":
        assert_nothing_untried_is_allowed(rendered / "pyproject.toml", rendered / "uv.lock")


@pytest.mark.bounds
@pytest.mark.parametrize("resolution", ["lowest-direct", "highest"])
def test_headstart_passes_its_quick_tests_at_both_ends(resolution: str, tmp_path: Path) -> None:
    asked = tmp_path / "requirements.txt"
    how = ("--quiet", f"--resolution={resolution}", "--group=dev")
    run(UV, "pip", "compile", *how, "pyproject.toml", f"--output-file={asked}", folder=ROOT)
    python = str(tmp_path / "venv/bin/python")
    run(UV, "venv", "--quiet", f"--python={sys.executable}", str(tmp_path / "venv"), folder=ROOT)
    install = (UV, "pip", "install", "--quiet", f"--python={python}")
    run(*install, f"--requirements={asked}", folder=ROOT)
    run(*install, "--no-deps", "--editable=.", folder=ROOT)
    tests = "not contract and not slow and not matrix and not tools and not bounds"
    run(python, "-m", "pytest", "-q", "-pno:cacheprovider", "-m", tests, folder=ROOT)


@pytest.mark.bounds
def test_headstart_is_built_with_the_oldest_builder_that_is_allowed(tmp_path: Path) -> None:
    (builder,) = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    oldest = tmp_path / "oldest.txt"
    oldest.write_text(f"{Requirement(builder).name}=={bounds(Requirement(builder))[0]}\n")
    run(UV, "build", f"--build-constraints={oldest}", f"--out-dir={tmp_path}", folder=ROOT)
    assert list(tmp_path.glob("*.whl"))
