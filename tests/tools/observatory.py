"""Mozilla's HTTP Observatory: looks at the headers and cookies of a site, and gives a score.

https://developer.mozilla.org/en-US/observatory
"""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ..contract.people import Account
from .conftest import Site
from .findings import Finding, Severity
from .front import Relay, front
from .programs import npm_package

TOOL = "observatory"
PACKAGE, VERSION = "@mdn/mdn-http-observatory", "1.4.8"
LOOPBACK = Path(__file__).with_name("to_loopback.mjs")
# It looks for a name in the list of those that browsers know to have TLS. Nobody's is there
# when a project is new, and the list lies on another host.
NO_NAMES = "{}"


@dataclass(frozen=True)
class Report:
    """What it says of a site.

    Args:
        score: up to 145; 100 and more is its best mark.
        tests: what it has looked at, and with what result.
        findings: what it takes points off for.
        cookies: the names of the cookies that it was given.
    """

    score: int
    tests: Mapping[str, str]
    findings: list[Finding]
    cookies: set[str]


def look(certificate: Path, port: int, relay: type[Relay] = Relay) -> Report:
    """Have the first page of a site looked at.

    Args:
        certificate: the file with a certificate and its key.
        port: where the site listens, behind its proxy.
        relay: what passes on a visitor's requests over TLS.
    """
    package = npm_package(PACKAGE, VERSION)
    (package / "conf" / "hsts-preload.json").write_text(NO_NAMES)
    with front(certificate, port) as safe, front(None, port) as plain:
        safe.RequestHandlerClass = relay
        ports = {"443": safe.server_port, "80": plain.server_port}
        more = {"NODE_EXTRA_CA_CERTS": str(certificate), "PORTS": json.dumps(ports)}
        done = subprocess.run(
            ["node", "--import", LOOPBACK, package / "src" / "scan.js", "localhost"],
            env=os.environ | more,
            capture_output=True,
            text=True,
        )
        asked = [(exchange.method, exchange.path) for exchange in safe.exchanges]
    assert done.returncode == 0, done.stdout + done.stderr
    assert {("GET", "/"), ("GET", "/robots.txt"), ("OPTIONS", "/")} <= set(asked)
    return read(json.loads(done.stdout))


def read(said: dict[str, Any]) -> Report:
    """Return what a report says."""
    tests = {name: test["result"] for name, test in said["tests"].items()}
    findings = [
        Finding(TOOL, test["result"], severity(test["scoreModifier"]), "/", f"a test of {name}")
        for name, test in said["tests"].items()
        if not test["pass"]
    ]
    cookies = set(said["tests"]["cookies"]["data"] or ())
    return Report(said["scan"]["score"], tests, findings, cookies)


def severity(points: int) -> Severity:
    """Say how bad something is that costs so many points."""
    return Severity.HIGH if points <= -20 else Severity.MEDIUM if points < 0 else Severity.LOW


def logging_in(site: Site, account: Account) -> type[Relay]:
    """Return what logs in whoever comes to the first page, as if that were the form."""
    visitor = site.deployment.visitor()
    fields = {"email": account.email, "password": account.password}
    body = urlencode(visitor.get("/login").form(fields).fields | fields).encode()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": "; ".join(f"{name}={value}" for name, value in visitor.cookies.items()),
        "Origin": site.front.url,
    }

    class LoggingIn(Relay):
        def ask(self, sent: bytes) -> HTTPResponse | None:
            """Send the form in place of a first request."""
            if (self.command, self.path) != ("GET", "/") or "Cookie" in self.headers:
                return super().ask(sent)
            self.path, self.command = "/login", "POST"
            for name, value in headers.items():
                self.headers[name] = value
            return super().ask(body)

    return LoggingIn
