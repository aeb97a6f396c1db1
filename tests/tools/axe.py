"""axe: whether people can use a page who see, hear or move otherwise than most.

https://github.com/dequelabs/axe-core
"""

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.sync_api import Page

from ..contract.crawling import kind_of
from ..contract.test_in_a_browser import RULES
from .findings import Finding, Severity

TOOL = "axe"
SEVERITIES = {
    "minor": Severity.LOW,
    "moderate": Severity.MEDIUM,
    "serious": Severity.HIGH,
    "critical": Severity.HIGH,
}


def look(page: Page) -> list[Finding]:
    """Have the page looked at that a browser shows."""
    found = Axe().run(page, options=RULES).response
    assert found["passes"], "it has looked at nothing"
    return [
        Finding(
            TOOL,
            violation["id"],
            SEVERITIES[violation["impact"]],
            kind_of(page.url),
            " ".join(f"{node['html'][:200]}: {node['failureSummary']}".split()),
        )
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
