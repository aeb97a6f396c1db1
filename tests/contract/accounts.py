"""What the tests of accounts share."""

import re

from headstart.proof.page import Page

from .deployments import Deployment, Stranger
from .people import (
    at_once,
)

TRIES = 10
WINDOW = 300
# So many mails that anybody can ask for go to one address in an hour.
MAILS = 5
PARALLEL = 16
VARYING = {"date", "x-request-id", "set-cookie", "content-length"}
NEW_PASSWORD = "a-rather-different-sentence"


def told(page: Page, *known: str) -> tuple[int, dict[str, str], str]:
    """Return what an answer tells: all of it, but for what is different each time."""
    headers = {k: v for k, v in page.headers.items() if k.lower() not in VARYING}
    text = re.sub(r'(name="csrf\w*"[^>]*value=")[^"]*', r"\1", page.text)
    for word in known:
        text = text.replace(word, "…")
    return page.status, headers, text


def open_in_16_browsers(deployment: Deployment, links: list[str]) -> list[Stranger]:
    """Open links at the same time, each in a browser of its own."""
    browsers = [deployment.visitor() for _ in links]
    at_once(lambda pair: pair[0].get(pair[1]), zip(browsers, links, strict=True))
    return browsers
