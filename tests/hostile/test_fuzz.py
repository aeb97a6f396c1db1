"""Whatever is typed: exit 2 and one sentence, or a project; and nothing else is touched."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from headstart.knowledge import features
from headstart.names import slug

from ..command import Ended
from .cases import UV_BROKEN, Case, case, described
from .checking import check_nothing_sang, check_project, check_words
from .running import as_command, as_fork
from .sandbox import Sandbox

# `poe fuzz` sets a larger number.
CASES = int(os.environ.get("FUZZ_CASES", "40"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
DEAF = {"no stderr", "none", "full"}
RUFF = Path(sys.executable).with_name("ruff")
# Of how many cases one is looked at with what takes longer.
SAMPLE = 8

pytestmark = pytest.mark.fuzz


@pytest.mark.parametrize("number", range(CASES))
def test_whatever_is_typed_ends_well(number: int, tmp_path: Path) -> None:
    """CLI: a documented code, one sentence, and nothing changed but the project."""
    made, sandbox = case(number, SEED), Sandbox.made(tmp_path)
    for prepare in made.prepare:
        prepare(sandbox)
    target = sandbox.here / made.folder / slug(made.name) if made.name else None
    target = target and Path(os.path.realpath(target))
    patches = broken_uv(made, sandbox)
    before = sandbox.snapshot()
    ended = run(made, sandbox, number, patches)
    try:
        check_words(ended, made.streams in DEAF)
        built = ended.code == 0 and made.builds and target and target.is_dir()
        after = sandbox.snapshot(target if built else None)
        for folder in () if not built or target is None else target.parents:
            # Folders on the way to the project are made.
            if str(folder) not in before:
                after.pop(str(folder), None)
        assert after == before
        check_nothing_sang(tmp_path)
        if built and target and made.name:
            check_project(target, made.name)
            if number % SAMPLE == 0:
                check_style(target)
                check_again(made, ended, sandbox, target)
        if ended.code == 0 and "--json" in made.words and made.streams == "usual":
            json.loads(ended.out)
    except AssertionError as error:
        error.add_note(f"case {number} of seed {SEED}: {described(made)}")
        raise


@pytest.mark.parametrize("python", ["3.12", "3.14"])
def test_a_project_for_a_later_python_is_as_clean(
    python: str, framework: str, tmp_path: Path
) -> None:
    """CLI: what is right for the oldest Python is not called old-fashioned by the newest."""
    words = ["--no-setup", "--no-git", "--framework", framework, "--python", python]
    chosen = [word for each in features() for word in ("--with", each.name)]
    ended = as_fork(["new", "Shop", "--yes", *words, *chosen], tmp_path, dict(os.environ), b"")
    assert ended.code == 0, ended
    check_style(tmp_path / "shop")


def run(made: Case, sandbox: Sandbox, number: int, patches: dict[str, Any]) -> Ended:
    environment = sandbox.environment | made.environment
    if made.environment.get("PATH") == "programs":
        environment["PATH"] = str(sandbox.root / "programs")
    if made.needs_a_process or (number % SAMPLE == 1 and not made.uv):
        if not can_be_typed(made):
            made.words = [
                word.encode("utf-8", "replace").decode().replace("\0", "") for word in made.words
            ]
            made.name = made.name and made.words[-1]
        return as_command(made.words, sandbox.here, environment, made.streams, made.said)
    return as_fork(made.words, sandbox.here, environment, made.said, **patches)


def can_be_typed(made: Case) -> bool:
    try:
        return not any(b"\0" in os.fsencode(word) for word in made.words)
    except UnicodeEncodeError:
        return False


def broken_uv(made: Case, sandbox: Sandbox) -> dict[str, Any]:
    script = UV_BROKEN.get(made.uv)
    if script is None:
        return {}
    path = sandbox.root / "uv"
    if script:
        path.write_text(script)
        path.chmod(0o755)

    def find() -> str:
        if not script:
            raise FileNotFoundError(path)
        return str(path)

    return {"find_uv_bin": find}


def check_style(project: Path) -> None:
    for words in (["check"], ["format", "--check"]):
        said = subprocess.run(
            [RUFF, *words, "--no-cache", "."],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 0, said.stdout


def check_again(made: Case, ended: Ended, sandbox: Sandbox, target: Path) -> None:
    """The command on the last screen makes the same project again."""
    if made.streams != "usual" or "PYTHONIOENCODING" in made.environment:
        return
    again = json.loads(ended.out)["commands"]["again"] if "--json" in made.words else ""
    words = shlex.split(again or ended.out.rstrip().splitlines()[-1])
    other = sandbox.root / "again"
    other.mkdir()
    options = ["--no-setup", "--no-git", "--output-dir", str(other)]
    repeated = as_fork(["new", *options, *words[2:]], sandbox.here, sandbox.environment, b"")
    assert repeated.code == 0, repeated
    (second,) = other.iterdir()
    records = [(folder / ".headstart.json").read_text() for folder in (target, second)]
    assert records[0] == records[1]
    shutil.rmtree(other)
