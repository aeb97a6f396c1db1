"""A real browser, Chromium, and what a person does in it."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from .deployments import Deployment
from .people import Account

PROGRAM = "/usr/bin/chromium"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, NARROW = 1280, 360


@dataclass
class Chromium:
    """A browser that notes what no page should make it do."""

    browser: Browser
    site: str
    wrong: list[str] = field(default_factory=list)

    def page(self, **context: Any) -> Page:
        """Open a window with a cookie jar of its own."""
        page = self.browser.new_context(**context).new_page()
        page.on("console", self._note_message)
        page.on("request", self._note_request)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        return page

    def _note_message(self, message: ConsoleMessage) -> None:
        # That a page has the status 404 or 422 is said too, and is as it should be.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.wrong.append(f"{message.location.get('url')}: {message.text}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.site}/", "http://localhost:", "data:")):
            self.wrong.append(f"a request to {request.url}")


def press_until(page: Page, selector: str, most: int = 40) -> None:
    """Press the tab key until an element has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
    raise AssertionError(f"P11. the tab key does not reach {selector} on {page.url}")


def log_in_by_keyboard(page: Page, deployment: Deployment, account: Account) -> None:
    """Log in without touching the mouse."""
    page.goto(f"{deployment.site}/login")
    press_until(page, "main input[name=email]")
    page.keyboard.type(account.email)
    press_until(page, "main input[name=password]")
    page.keyboard.type(account.password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == f"{deployment.site}/"
