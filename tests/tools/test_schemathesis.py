"""Schemathesis, which tests the API elsewhere, sees when a server does not keep its description."""

import subprocess
import sys
from pathlib import Path

import pytest

from .vulnerable import Vulnerable

pytestmark = pytest.mark.tools

CONFIGURATION = Path(__file__).parents[1] / "contract" / "schemathesis.toml"


def test_schemathesis_finds_what_is_broken(sins: Vulnerable, tmp_path: Path) -> None:
    """R11: the proof that the test of the API, `poe property`, can fail."""
    program = str(Path(sys.executable).with_name("schemathesis"))
    command = [program, "--config-file", str(CONFIGURATION), "run", f"{sins.url}/openapi.json"]
    command += ["--checks", "all", "--max-examples", "25", "--continue-on-failure", "--no-color"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout
    for failure in ("Server error", "Undocumented status code", "Response violates schema"):
        assert failure in done.stdout
