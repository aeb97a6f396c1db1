"""5,000 idle WebSockets on one worker: what they cost, and what pages feel of them.

The project runs as in production behind a proxy, with one worker and without Redis. Its
memory is looked at before the connections come and when all of them are there. A page is
asked for before and then, over a connection that is kept. At last a product is added, and
everybody has to hear of it.

Each connection takes a file descriptor of the server and one of this program.
"""

import json
import resource
import selectors
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import cast

from measure import command, seconds
from serving import serving

from headstart.proof.production import production_settings
from headstart.proof.server import free_port
from headstart.tasks import read_env, surroundings, task

# Only an asynchronous stack holds so many: where each takes a thread, there is a limit.
FRAMEWORK = "fastapi"
CONNECTIONS = 5000
DESCRIPTORS = CONNECTIONS + 500
PAGES = 200
PATIENCE = 60.0

HEADSTART = str(Path(sys.executable).with_name("headstart"))
# As a proxy would send it.
HEADERS = {"Host": "localhost", "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}
HANDSHAKE = {
    **HEADERS,
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "aGVhZHN0YXJ0IGJlbmNobQ==",
}
# Frames with four bytes of content; a client's are masked, here with zeros.
PING, PONG = b"\x89\x04", b"\x8a\x84\x00\x00\x00\x00"


def allow_descriptors() -> None:
    """Let this program and its server open enough, or say what is missing."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard not in (resource.RLIM_INFINITY, -1) and hard < DESCRIPTORS:
        sys.exit(f"{DESCRIPTORS} file descriptors are needed: ulimit -n says {hard}.")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, DESCRIPTORS), hard))


def connected(port: int) -> socket.socket:
    """Return a connection that has become a WebSocket."""
    client = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    lines = ["GET /ws/products HTTP/1.1", *(f"{k}: {v}" for k, v in HANDSHAKE.items())]
    client.sendall("\r\n".join([*lines, "", ""]).encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += client.recv(2**16)
    assert answer.startswith(b"HTTP/1.1 101"), answer
    return client


class Listeners:
    """Connections that answer pings, as browsers do, and count who hears of a change."""

    def __init__(self) -> None:
        self.heard = 0
        self._selector = selectors.DefaultSelector()
        threading.Thread(target=self._listen, daemon=True).start()

    def add(self, client: socket.socket) -> None:
        """Listen to one more."""
        self._selector.register(client, selectors.EVENT_READ)

    def _listen(self) -> None:
        while True:
            for key, _ in self._selector.select(0.1):
                client = cast(socket.socket, key.fileobj)
                data = client.recv(2**16)
                if data.startswith(PING):
                    client.sendall(PONG + data[2:6])
                if b'"created"' in data:
                    self.heard += 1
                if not data:
                    self._selector.unregister(client)


def memory(process: int) -> int:
    """Return how many kilobytes of memory a process takes."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


def page(kept: HTTPConnection) -> None:
    """Ask for a page, and read all of it."""
    kept.request("GET", "/products", headers=HEADERS)
    answer = kept.getresponse()
    answer.read()
    assert answer.status == 200


def answers(port: int) -> bool:
    """Tell whether a server answers yet."""
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            page(connection)
    except (OSError, HTTPException):
        return False
    return True


def pages(port: int) -> list[float]:
    """Return how long it takes to get a page, several times."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as kept:
        return [seconds(partial(page, kept)) for _ in range(PAGES)]


def posted(port: int, path: str, token: str, **values: object) -> dict[str, str]:
    """Send something to the API, and return what it answers."""
    headers = {**HEADERS, "Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("POST", path, json.dumps(values), headers)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status < 300, body
        return dict(json.loads(body))


def told(port: int, project: Path, listeners: Listeners) -> float:
    """Add a product, and return how long it takes until everybody has heard of it."""
    env = read_env(project / ".env")
    account = {"email": env["DEMO_EMAIL"], "password": env["DEMO_PASSWORD"]}
    token = posted(port, "/api/token", "", **account)["access_token"]
    started = time.perf_counter()
    posted(port, "/api/products", token, name="Lamp", price="19.90", stock=3)
    while listeners.heard < CONNECTIONS:
        assert time.perf_counter() - started < PATIENCE, f"{listeners.heard} have heard"
        time.sleep(0.01)
    return time.perf_counter() - started


def show(name: str, times: Sequence[float]) -> None:
    """Print how long pages took."""
    median, longest = statistics.median(times) * 1000, max(times) * 1000
    print(f"    {name:<20} {median:8.1f} ms, the longest {longest:.1f} ms")


def measure(folder: Path) -> None:
    """Make a project, connect, and print."""
    features = ["--with=pages", "--with=api", "--with=realtime"]
    words = [HEADSTART, "new", "Shop", "-f", FRAMEWORK, *features, "--yes", "--verify=none"]
    command([*words, "--no-git", f"--output-dir={folder}"])()
    project, port = folder / "shop", free_port()
    environment = surroundings(project) | production_settings(project, folder, port)
    server = serving(task(project, "serve"), project, environment, partial(answers, port))
    with server as process, ExitStack() as stack:
        before, alone = memory(process), pages(port)
        started = time.perf_counter()
        listeners = Listeners()
        for _ in range(CONNECTIONS):
            listeners.add(stack.enter_context(connected(port)))
        took = time.perf_counter() - started
        each = (memory(process) - before) / CONNECTIONS
        print(f"{FRAMEWORK}, {CONNECTIONS} idle connections on one worker")
        print(f"    {'memory before':<20} {before / 1024:8.1f} MB")
        print(f"    {'for each connection':<20} {each / 1024:8.3f} MB")
        print(f"    {'all connected after':<20} {took:8.1f} s")
        show("a page before", alone)
        show("a page with them", pages(port))
        print(f"    {'all told of a change':<20} {told(port, project, listeners) * 1000:8.1f} ms")


def main() -> None:
    """Measure and print."""
    allow_descriptors()
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name))


if __name__ == "__main__":
    main()
