"""A name that was accepted is shown as it was given, by a project that runs and passes its tests."""

import os
from pathlib import Path

import pytest

from headstart.template import FRAMEWORKS

from ..command import headstart
from .checking import check_nothing_sang
from .payloads import CODE, TOUCH

NAMES = {
    "shells": f"$({TOUCH}) `{TOUCH}` {{{{ 7*7 }}}} {{% raw %}} %(x)s {{0}} \\ \" '",
    "markup": f"<script>alert(1)</script> &amp; '''+str({CODE})+\"\"\"",
    "letters": "\u200b👩‍👩‍👧 مرحبا e\u0301 \ufffe 0.0.0.0 # noqa --",
}
# `poe fuzz` builds them: it takes minutes.
IS_WANTED = "HOSTILE_NAMES" in os.environ

pytestmark = pytest.mark.fuzz


@pytest.mark.skipif(not IS_WANTED, reason="projects with hostile names: `poe fuzz` builds them")
@pytest.mark.parametrize("framework", list(FRAMEWORKS))
@pytest.mark.parametrize("kind", list(NAMES))
def test_a_project_with_a_hostile_name_runs(kind: str, framework: str, tmp_path: Path) -> None:
    """CLI: installed, started, walked through, its heading is the name, and its tests pass."""
    words = ("--framework", framework, "--with", "api", "--with", "docker", "--with", "ci")
    ended = headstart(
        "new", *words, "--yes", "--verify", "full", "--", NAMES[kind],
        folder=tmp_path, timeout=900,
    )  # fmt: skip
    assert ended.code == 0, ended.err
    (shown,) = (line for line in ended.out.splitlines() if line.startswith("  home page"))
    assert f"“{NAMES[kind]}”" in shown
    check_nothing_sang(tmp_path)
