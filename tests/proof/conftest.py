"""A small site in a thread, for the parts of the proof of life that need no process."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from headstart.proof.browser import Browser
from headstart.proof.mailbox import Mailbox
from headstart.proof.steps import Site

from .small_site import SmallSite

Start = Callable[[str], Site]
URL = "https://localhost"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start the small site with one fault, or with none."""
    servers: list[SmallSite] = []

    def started(fault: str = "") -> Site:
        server = SmallSite(0, tmp_path, URL, fault)
        servers.append(server)
        Thread(target=server.serve_forever, args=(0.01,)).start()
        return Site(server.server_port, URL, Mailbox(tmp_path))

    yield started
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def site(start: Start) -> Site:
    """Return the small site as it should be."""
    return start("")


@pytest.fixture
def visitor(site: Site) -> Iterator[Browser]:
    """Return somebody who has never been on the small site."""
    with closing(site.visitor()) as visitor:
        yield visitor
