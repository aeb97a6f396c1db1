"""Wapiti: crawls a site, and tries in every field of every form and address what it has heard of.

https://wapiti-scanner.github.io
"""

import json
import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from .endpoint import Endpoint
from .findings import Finding, Severity
from .programs import python_program
from .targets import Target

TOOL = "wapiti"
VERSION = "3.2.3"
# Its own levels, from "information" to "critical". What it calls low are headers and flags of
# cookies, and also open redirects and weak passwords, which are no trifles.
SEVERITIES = (Severity.LOW, Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.HIGH)
NO_TRIFLES = (
    "backup",
    "brute_login_form",
    "cookieflags",
    "crlf",
    "csp",
    "http_headers",
    "redirect",
)

# What sends something to every field that it finds.
INJECTIONS = ("crlf", "permanentxss", "redirect", "sql", "ssrf", "upload", "xss")
# The same, with a hundred tries for each field at what these projects have no part for: programs
# and files of the machine, XML; and SQL that sleeps, of which sqlmap knows more.
LONG_SHOTS = ("exec", "file", "shellshock", "timesql", "xxe")
# What looks at answers, at names that may be there, and at passwords that many have.
LOOKS = (
    "backup",
    "brute_login_form",
    "buster",
    "cms",
    "cookieflags",
    "csp",
    "csrf",
    "htaccess",
    "http_headers",
    "methods",
    "network_device",
    "spring4shell",
    "wp_enum",
)
NOT_RUN = {
    "htp": "its list of programs lies on another host",
    "https_redirect": "it is the proxy that redirects, and the one here is ours",
    "ldap": "there is no directory, and it takes a token that differs between two answers for one",
    "log4shell": "it needs a name server that answers the whole world, and Java",
    "nikto": "its list of old holes lies on another host",
    "ssl": "TLS is the proxy's, and the one here is ours",
    "takeover": "it asks a name server about the names beside the site's",
    "wapp": "its list of programs lies on another host",
}
CSRF_TOKENS = ("csrfmiddlewaretoken", "csrf_token")
UNFINISHED = re.compile(r"Max \w+ time was reached|seems broken|Unable to (?:import|find) .*")
SKIPPED = re.compile(r"(\d+) requests were skipped due to network issues")


def look(
    target: Target,
    modules: Iterable[str],
    scratch: Path,
    *,
    starts: Iterable[str] = (),
    excluded: Iterable[str] = (),
    ignored: Iterable[str] = (),
) -> list[Finding]:
    """Have a site crawled and attacked.

    Args:
        target: the site, and who one is there.
        modules: what is tried.
        scratch: an empty folder.
        starts: paths to begin with, over that of the target.
        excluded: patterns of paths that are left alone.
        ignored: parameters without which links are followed, because a list of all that they
            can say together would never end; those of the starts are tried.
    """
    program = python_program("wapiti", "wapiti3", VERSION)
    report, cookies = scratch / "report.json", scratch / "cookies.json"
    where = target.front.url
    command = [str(program), "--url", target.url, "--module", ",".join(modules)]
    # As a browser does, or else a site refuses forms for that, and not for what is in them.
    command += ["--header", f"Origin: {where}"]
    # One address of a kind that has three parameters or more, four of a kind with two.
    command += ["--scan-force", "paranoid", "--scope", "domain"]
    command += ["--format", "json", "--output", str(report), "--no-bugreport"]
    command += ["--store-session", str(scratch / "session"), "--store-config", str(scratch)]
    command += [word for path in starts for word in ("--start", where + path)]
    command += [word for path in excluded for word in ("--exclude", where + path)]
    command += [word for name in ignored for word in ("--remove", name)]
    command += [word for name in CSRF_TOKENS for word in ("--skip", name)]
    if target.cookies:
        kept = {"version": 0, "expires": None, "secure": True, "port": None}
        jar = {name: {"value": value} | kept for name, value in target.cookies.items()}
        cookies.write_text(json.dumps({urlsplit(where).hostname: {"/": jar}}))
        command += ["--cookie", str(cookies)]
    with Endpoint() as endpoint:
        command += ["--endpoint", endpoint.url]
        environment = os.environ | {"HOME": str(scratch)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    (scratch / "output").write_text(done.stdout + done.stderr)
    assert done.returncode == 0, done.stderr
    unfinished = UNFINISHED.findall(done.stdout)
    assert not unfinished, f"wapiti did not finish: {unfinished}"
    return read(json.loads(report.read_text(encoding="utf-8")))


def modules() -> set[str]:
    """Return what this version knows."""
    program = python_program("wapiti", "wapiti3", VERSION)
    done = subprocess.run([str(program), "--list-modules"], capture_output=True, text=True)
    return set(re.findall(r"^\t(\w+)", done.stdout, re.MULTILINE))


def read(report: dict[str, dict[str, list[dict[str, str]]]]) -> list[Finding]:
    """Return what a report says."""
    return [
        Finding(
            TOOL,
            f"{entry['module']}: {kind}",
            severity(str(entry["module"]), int(entry["level"])),
            f"{entry['method']} {entry['path']} {entry['parameter']}".rstrip(),
            entry["info"],
        )
        for part in ("vulnerabilities", "anomalies", "additionals")
        for kind, entries in report[part].items()
        for entry in entries
    ]


def severity(module: str, level: int) -> Severity:
    """Say how bad something is."""
    if level > 0 and module in NO_TRIFLES:
        return max(SEVERITIES[level], Severity.MEDIUM)
    return SEVERITIES[level]
