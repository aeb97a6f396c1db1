"""A list of products from a project's API, against the same answer written by hand.

Twenty of 100 products, with their owners' names and the total, from SQLite. The project
runs as in production behind a proxy, with one worker. By hand it is one file in `bare/`:
the project's tables, the shortest query and nothing around it, with the project's packages
and server, on the same database. Then the last page of 100,000 products, against the first one.

Requests go over a connection that is kept, in blocks that take turns. What is compared
are the medians of the blocks.
"""

import json
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from measure import command, in_turn, median_of, report
from serving import serving

from headstart.proof.production import production_settings
from headstart.proof.server import free_port
from headstart.tasks import surroundings, task
from headstart.template import FRAMEWORKS

ROUNDS = 10
REQUESTS = 200
SIZE = 20
FEW, MANY = 100, 100_000

HEADSTART = str(Path(sys.executable).with_name("headstart"))
BARE = Path(__file__).with_name("bare")
GUNICORN = "gunicorn --bind=127.0.0.1:{port} --workers=1 --threads=4 --no-control-socket"
UVICORN = "uvicorn --port={port} --http=httptools --no-access-log"
SERVERS = {"django": GUNICORN, "flask": GUNICORN, "fastapi": UVICORN}

# As a proxy would send it.
HEADERS = {"Host": "localhost", "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}

# The first ones again, each a minute older than the one before.
MORE = """
    WITH RECURSIVE more(number) AS (
        SELECT COUNT(*) + 1 FROM {table}
        UNION ALL SELECT number + 1 FROM more WHERE number < {wanted}
    )
    INSERT INTO {table} ({names})
    SELECT {values} FROM more JOIN {table} ON {table}.id = number % 20 + 1
"""
OTHER_VALUES = {
    "slug": "'number-' || number",
    "created_at": "strftime('%Y-%m-%d %H:%M:%f000', created_at, -number || ' minutes')",
}


class Kept:
    """Asks a server for a page again and again, at little cost: for that is timed too."""

    def __init__(self, port: int, page: int = 1) -> None:
        self.port = port
        lines = [f"GET {path(page)} HTTP/1.1", *(f"{k}: {v}" for k, v in HEADERS.items())]
        self.request = "\r\n".join([*lines, "", ""]).encode()
        self.connection = socket.socket()

    def connect(self) -> None:
        """Leave the connection, which the server may have closed, for a new one."""
        self.connection.close()
        self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def __call__(self) -> None:
        """Send the request, and read all of the answer."""
        self.connection.sendall(self.request)
        answer = self.connection.recv(2**16)
        while not is_whole(answer):
            more = self.connection.recv(2**16)
            assert more, answer
            answer += more
        assert answer.startswith(b"HTTP/1.1 200 "), answer


def is_whole(answer: bytes) -> bool:
    """Tell whether that is all of an answer."""
    head, end, body = answer.partition(b"\r\n\r\n")
    _, has_length, rest = head.lower().partition(b"content-length:")
    if has_length:
        return bool(end) and len(body) >= int(rest.partition(b"\r\n")[0])
    return body.endswith(b"\r\n0\r\n\r\n")


def path(page: int) -> str:
    """Return the address of a page."""
    return f"/api/products?page_size={SIZE}" + (f"&page={page}" if page > 1 else "")


def products(port: int, page: int = 1) -> Any:
    """Return what a server answers."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", path(page), headers=HEADERS)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, body
        return json.loads(body)


def answers(port: int) -> bool:
    """Tell whether a server answers yet."""
    try:
        return bool(products(port))
    except (OSError, HTTPException):
        return False


def fill(database: Path, wanted: int) -> None:
    """Add products until there are so many."""
    with closing(sqlite3.connect(database)) as connection, connection:
        (table,) = connection.execute(
            "SELECT t.name FROM sqlite_master t, pragma_table_info(t.name) c"
            " WHERE t.type = 'table' AND c.name = 'stock'"
        ).fetchone()
        columns = connection.execute("SELECT name FROM pragma_table_info(?)", [table])
        names = [name for (name,) in columns if name != "id"]
        values = [OTHER_VALUES.get(name, name) for name in names]
        connection.execute(
            MORE.format(
                table=table, wanted=wanted, names=", ".join(names), values=", ".join(values)
            )
        )


@contextmanager
def projects_server(project: Path, settings: dict[str, str]) -> Iterator[int]:
    """Run a project as in production."""
    port = free_port()
    environment = surroundings(project) | settings | {"PORT": str(port)}
    with serving(task(project, "serve"), project, environment, partial(answers, port)):
        yield port


@contextmanager
def bare_server(framework: str, project: Path, settings: dict[str, str]) -> Iterator[int]:
    """Run what is written by hand, with a project's packages."""
    port = free_port()
    words = [*SERVERS[framework].format(port=port).split(), f"{framework}_site:application"]
    environment = surroundings(project) | settings | {"PYTHONPATH": f"{BARE}:{project}"}
    with serving(words, BARE, environment, partial(answers, port)):
        yield port


def compare(visitors: dict[str, Kept], base: str, requests: int) -> None:
    """Print how long the visitors wait."""

    def connect() -> None:
        for visitor in visitors.values():
            visitor.connect()

    times = in_turn(visitors, ROUNDS, before=connect, clock=median_of(requests))
    report(times, base, decimals=2)


def measure(framework: str, folder: Path) -> None:
    """Make a project, measure its list of products, and print."""
    words = [HEADSTART, "new", "Shop", "-f", framework, "--with=pages", "--with=api"]
    command([*words, "--yes", "--verify=none", "--no-git", f"--output-dir={folder}"])()
    project = folder / "shop"
    settings = production_settings(project, folder, free_port())
    database = project / settings["DATABASE_URL"].removeprefix("sqlite:///")
    with (
        projects_server(project, settings) as port,
        bare_server(framework, project, settings) as bare_port,
    ):
        fill(database, FEW)
        for page in (1, FEW // SIZE):
            assert products(port, page) == products(bare_port, page), "the answers differ"
        print(f"{framework}, {SIZE} of {FEW} products")
        compare({"by hand": Kept(bare_port), "project": Kept(port)}, "by hand", REQUESTS)

        fill(database, MANY)
        last = MANY // SIZE
        for page in (1, last):
            assert products(port, page) == products(bare_port, page), "the answers differ"
        print(f"{framework}, {SIZE} of {MANY} products")
        pages = {"first page": Kept(port), "last page": Kept(port, last)}
        compare(pages, "first page", REQUESTS // 10)


def main() -> None:
    """Measure and print."""
    for framework in FRAMEWORKS:
        with tempfile.TemporaryDirectory() as name:
            measure(framework, Path(name))


if __name__ == "__main__":
    main()
