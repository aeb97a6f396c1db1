"""Bandit: reads Python, and says what attackers may like about it.

https://bandit.readthedocs.io
"""

import json
import subprocess
from pathlib import Path

from ..rendered import PROGRAMS
from .findings import Finding, Severity

TOOL = "bandit"


def look(folder: Path) -> list[Finding]:
    """Have all Python below a folder read.

    Args:
        folder: where it lies.
    """
    how = ("--quiet", "--recursive", "--exit-zero", "--format", "json")
    done = subprocess.run([PROGRAMS / TOOL, *how, folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    # What it cannot read, or is told to leave out, it passes over without a word.
    assert said["errors"] == []
    assert said["metrics"]["_totals"]["nosec"] == 0
    assert said["metrics"].keys() >= {str(file) for file in folder.rglob("*.py")}
    return [
        Finding(
            TOOL,
            f"{result['test_id']} {result['test_name']}",
            Severity[result["issue_severity"]],
            str(Path(result["filename"]).relative_to(folder)),
            f"line {result['line_number']}: {result['issue_text']}",
        )
        for result in said["results"]
    ]
