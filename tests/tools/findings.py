"""What a tool has found, and why some of it stays.

A finding of severity medium or above is a fault, until `explained.toml` says why it is none.
An explanation that no finding needs any more is a fault too.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

EXPLAINED = Path(__file__).with_name("explained.toml")


class Severity(IntEnum):
    """How bad it is; each tool says in its file how its own words are meant."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that a tool does not like.

    Args:
        tool: the name of its file here.
        rule: what the tool calls that kind of finding.
        severity: how bad that is.
        where: an address or a place in a file, without what differs between two runs.
        says: what the tool says about it.
    """

    tool: str
    rule: str
    severity: Severity
    where: str
    says: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.severity.name} {self.rule} at {self.where}: {self.says}"


@dataclass(frozen=True)
class Explanation:
    """Why a finding stays.

    Args:
        tool: the name of its file here.
        rule: what the tool calls it.
        where: a regular expression for all of the place.
        because: the reason.
        framework: where it is found; in all of them, if none is named.
    """

    tool: str
    rule: str
    where: str
    because: str
    framework: str = ""

    def explains(self, finding: Finding) -> bool:
        """Say whether this is about a finding."""
        same = (self.tool, self.rule) == (finding.tool, finding.rule)
        return same and re.fullmatch(self.where, finding.where) is not None


def explanations(file: Path = EXPLAINED) -> list[Explanation]:
    """Return all that is explained."""
    tables = tomllib.loads(file.read_text(encoding="utf-8")).get("finding", [])
    return [Explanation(**table) for table in tables]


def hold(
    tool: str,
    findings: Iterable[Finding],
    framework: str = "",
    explained: Iterable[Explanation] | None = None,
) -> None:
    """Hold what a tool has found to the promise: nothing of severity medium or above.

    Args:
        tool: the name of its file here.
        findings: all that it has found, in all of its runs.
        framework: what it looked at, unless that was something else than a project.
        explained: what is explained; what the file says, if nothing is given.
    """
    all_known = explanations() if explained is None else explained
    known = [e for e in all_known if e.tool == tool and e.framework in ("", framework)]
    found = sorted(set(findings))
    left = [f for f in found if f.severity >= Severity.MEDIUM and not _explained(f, known)]
    assert not left, "found:\n" + "\n".join(map(str, left))
    needless = [e for e in known if not any(map(e.explains, found))]
    assert not needless, f"explained, and not found: {needless}"


def _explained(finding: Finding, known: Iterable[Explanation]) -> bool:
    return any(explanation.explains(finding) for explanation in known)
