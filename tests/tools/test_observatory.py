"""H8: the headers and cookies, as Mozilla sees them."""

from pathlib import Path

import pytest

from ..contract.people import demo
from . import observatory
from .conftest import Site
from .findings import Severity, hold
from .front import Relay
from .vulnerable import Vulnerable

pytestmark = pytest.mark.tools

LEAST = 100


def test_the_observatory_finds_what_is_missing(sins: Vulnerable, certificate: Path) -> None:
    report = observatory.look(certificate, sins.server_port)
    assert report.score == 0
    assert {f.rule: f.severity for f in report.findings} == {
        "csp-not-implemented": Severity.HIGH,
        "cookies-session-without-secure-flag": Severity.HIGH,
        "hsts-not-implemented": Severity.HIGH,
        "redirection-missing": Severity.HIGH,
        "x-content-type-options-not-implemented": Severity.MEDIUM,
        "x-frame-options-not-implemented": Severity.HIGH,
    }


def test_strangers_and_members_get_the_best_mark(site: Site, certificate: Path) -> None:
    """H8, H3."""
    member = observatory.logging_in(site, demo(site.deployment))
    port = site.deployment.port
    reports = [observatory.look(certificate, port, relay) for relay in (Relay, member)]
    found = [finding for report in reports for finding in report.findings]
    hold("observatory", found, site.deployment.framework)
    for report in reports:
        assert report.score >= LEAST, report
        assert report.tests["redirection"] == "redirection-to-https"
        # It has been given some, and among them what it looks at most.
        assert report.tests["cookies"] == "cookies-secure-with-httponly-sessions-and-samesite"
    assert "__Host-session" in reports[1].cookies
