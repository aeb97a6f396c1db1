"""sqlmap: tries to change the SQL behind one parameter, in every way that is known.

https://sqlmap.org
"""

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .findings import Finding, Severity
from .programs import python_program
from .targets import Target

TOOL = "sqlmap"
VERSION = "1.10.10"
# What a project says to nonsense is no reason to stop.
REFUSALS = "400,401,403,404,405,409,412,415,422,429"
TESTED = re.compile(r"parameter '([^']+)' does not (?:seem|appear) to be injectable")
MARK = "*"


@dataclass(frozen=True)
class Request:
    """One request, and what in it is attacked.

    Args:
        path: with its query; a star marks a place in it that is attacked.
        parameters: those of the query, the form or the JSON that are attacked.
        method: `GET`, `POST`, …
        body: what is sent, as a form or as JSON.
        headers: over those that are sent anyway.
    """

    path: str
    parameters: tuple[str, ...] = ()
    method: str = "GET"
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def look(
    target: Target, request: Request, dbms: str, scratch: Path, level: int, risk: int
) -> tuple[list[Finding], int]:
    """Have the parameters of one request attacked.

    Args:
        target: the site, and who one is there.
        request: what is asked.
        dbms: what sqlmap calls the database behind it.
        scratch: an empty folder.
        level: how much is tried, from 1 to 5.
        risk: how much may be broken by it, from 1 to 3.

    Returns:
        What was found, and how many parameters were tried in vain.
    """
    report = scratch / "report.json"
    url = target.front.url + request.path
    command = [str(python_program("sqlmap", "sqlmap", VERSION)), "--batch", "--disable-coloring"]
    command += ["--url", url, "--method", request.method, "--referer", f"{target.front.url}/"]
    command += ["--dbms", dbms, "--level", str(level), "--risk", str(risk), "--skip-waf"]
    command += ["--ignore-code", REFUSALS, "--ignore-redirects", "--drop-set-cookie"]
    command += [
        "--output-dir",
        str(scratch),
        "--tmp-dir",
        str(scratch),
        "--report-json",
        str(report),
    ]
    if request.parameters:
        command += ["-p", ",".join(request.parameters)]
    if request.body:
        command += ["--data", request.body]
    if target.cookies:
        command += ["--cookie", target.cookie]
    command += [f"--header={name}: {value}" for name, value in request.headers.items()]
    done = subprocess.run(command, cwd=scratch, capture_output=True, text=True)
    (scratch / "output").write_text(done.stdout + done.stderr)
    assert done.returncode in (0, 1), done.stderr
    where = f"{request.method} {request.path}"
    said = json.loads(report.read_text(encoding="utf-8"))
    return read(said, where), len(set(TESTED.findall(done.stdout)))


def read(report: Mapping[str, list[dict[str, object]]], where: str) -> list[Finding]:
    """Return what a report says: whatever can be injected is bad."""
    found = [entry["value"] for entry in report["data"] if entry["type_name"] == "TECHNIQUES"]
    return [
        Finding(TOOL, "injection", Severity.HIGH, f"{where} {place['parameter']}", str(place))
        for places in found
        if isinstance(places, list)
        for place in places
    ]
