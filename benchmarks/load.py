"""The rendered projects under load, each against its framework with nothing around it.

wrk asks, with 64 connections and with 1,000: for the home page, for the product list as a
page and as JSON, and for logins. The project runs as in production behind a proxy. By hand
it is one file in `bare/`: the project's tables and templates, the shortest queries, no
middleware and no log; for a login, the check of one password and nothing else. The server,
its settings and its workers, the packages and the database are the same.

Rounds take turns (by hand, project, by hand, …), and what is quoted is the ratio of the
two in the same round: of the requests answered in a second, and of the processor's time
that the workers took for one of them, which others at work on the machine disturb less.
Every answer that is missing or refused is counted.
"""

import argparse
import json
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote

from measure import command
from serving import serving

from headstart.proof.production import production_settings
from headstart.proof.server import free_port
from headstart.tasks import read_env, surroundings, task
from headstart.template import FRAMEWORKS

HEADSTART = str(Path(sys.executable).with_name("headstart"))
HERE = Path(__file__).parent
FEATURES = "pages,api,admin,realtime,tasks,ml,i18n"
PAGES = {"home page": "/", "list, page": "/products", "list, JSON": "/api/products"}
LOGIN = "login"
ACCOUNTS = 1000
MANY = 1000  # connections; answers come slowly then, and a round takes longer
LOGGING_IN = 16
PATIENCE = 120

GUNICORN = "gunicorn --config=gunicorn.conf.py {application}"
UVICORN = (
    "uvicorn fastapi_site:application --port={port} --workers={workers} --no-access-log"
    " --http=app.protocol:PromptProtocol --no-server-header --no-proxy-headers --log-level=error"
)
TICKS = os.sysconf("SC_CLK_TCK")
# As a proxy would send it, and a browser that sends a form.
HEADERS = {"Host": "localhost", "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}
FORM = {"Origin": "https://localhost", "Content-Type": "application/x-www-form-urlencoded"}
# What differs from one answer to the next, or is not made by hand.
TOKENS = re.compile(r'(name="csrf\w*" value=")[^"]*')

PEOPLE = """
    WITH RECURSIVE more(number) AS (
        SELECT 1 UNION ALL SELECT number + 1 FROM more WHERE number < {accounts}
    )
    INSERT INTO {table} ({names})
    SELECT {values} FROM more JOIN {table} ON {table}.email = '{email}'
"""


@dataclass(frozen=True)
class Server:
    """One that runs."""

    port: int
    process: int

    def workers(self) -> list[int]:
        """Return the processes that answer."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text()
        return [
            number
            for number in map(int, children.split())
            if b"resource_tracker" not in Path(f"/proc/{number}/cmdline").read_bytes()
        ] or [self.process]

    def memory(self) -> float:
        """Return how many megabytes a worker takes, its share of what is shared included."""
        texts = [Path(f"/proc/{number}/smaps_rollup").read_text() for number in self.workers()]
        sizes = [int(size) for text in texts for size in re.findall(r"^Pss: +(\d+)", text, re.M)]
        return statistics.mean(sizes) / 1024

    def worked(self) -> float:
        """Return how many seconds of a processor the workers have had."""
        texts = [Path(f"/proc/{number}/stat").read_text() for number in self.workers()]
        return sum(sum(map(int, text.rpartition(")")[2].split()[11:13])) for text in texts) / TICKS

    def settle(self) -> None:
        """Wait until it has done what nobody waits for any more."""
        before = -1.0
        while (now := self.worked()) > before:
            before = now
            time.sleep(0.2)


@dataclass(frozen=True)
class Load:
    """What wrk has found in one round: times in milliseconds, `cost` of the processor."""

    answers: int
    seconds: float
    refused: int
    lost: int
    middle: float
    slow: float
    cost: float = 0.0

    @property
    def rate(self) -> float:
        """Return how many requests were answered in a second."""
        return (self.answers - self.refused) / self.seconds

    @property
    def failed(self) -> int:
        """Return how many requests had no answer, or one that is an error."""
        return self.refused + self.lost


@dataclass(frozen=True)
class Case:
    """Something to ask for, of one server or the other."""

    name: str
    path: str
    cookies: str = ""
    body: str = ""

    def wrk(self, server: Server, connections: int, seconds: float) -> "subprocess.Popen[str]":
        """Start to ask for it."""
        headers = HEADERS | (FORM | {"Cookie": self.cookies} if self.body else {})
        words = ["wrk", "--threads=1", f"--connections={connections}", f"--duration={seconds}s"]
        words += [f"--timeout={PATIENCE}s", "--script", str(HERE / "wrk.lua")]
        words += [f"--header={name}: {value}" for name, value in headers.items()]
        words += [f"http://127.0.0.1:{server.port}{self.path}"]
        words += ["--", str(ACCOUNTS), self.body] if self.body else []
        return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)

    def load(self, server: Server, connections: int, seconds: float) -> Load:
        """Ask for it for so many seconds."""
        server.settle()
        before = server.worked()
        load = found(self.wrk(server, connections, seconds))
        # What wrk leaves behind, the server still does.
        server.settle()
        cost = (server.worked() - before) / (load.answers + connections)
        return replace(load, cost=cost * 1000)


def found(running: "subprocess.Popen[str]") -> Load:
    """Return what wrk has found, when it is through."""
    output, _ = running.communicate()
    assert running.returncode == 0, output
    return Load(**json.loads(output.splitlines()[-1]))


def asked(port: int, path: str) -> tuple[list[str], str]:
    """Return the cookies and the text that a server answers."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("GET", path, headers=HEADERS)
        answer = connection.getresponse()
        body = answer.read().decode()
        assert answer.status == 200, body
        cookies = [line.partition(";")[0] for line in answer.headers.get_all("Set-Cookie", [])]
        return cookies, body


def answers(port: int) -> bool:
    """Tell whether a server answers yet."""
    try:
        return bool(asked(port, "/"))
    except (OSError, HTTPException):
        return False


def add_people(database: Path, email: str) -> None:
    """Add accounts, all with the password of the one that there is."""
    with closing(sqlite3.connect(database)) as connection, connection:
        (table,) = connection.execute(
            "SELECT t.name FROM sqlite_master t, pragma_table_info(t.name) c"
            " WHERE t.type = 'table' AND c.name = 'is_staff'"
        ).fetchone()
        columns = connection.execute("SELECT name FROM pragma_table_info(?)", [table])
        names = [name for (name,) in columns if name != "id"]
        other = {"email": "'person-' || number || '@example.com'"}
        values = [other.get(name, name) for name in names]
        connection.execute(
            PEOPLE.format(
                accounts=ACCOUNTS,
                table=table,
                email=email,
                names=", ".join(names),
                values=", ".join(values),
            )
        )


def logins(project: Path, port: int) -> Case:
    """Return how one logs in: with the form's token, and the cookie that goes with it."""
    cookies, page = asked(port, "/login")
    (token,) = set(re.findall(r'name="(csrf\w*)" value="([^"]*)"', page)[-1:])
    password = read_env(project / ".env")["DEMO_PASSWORD"]
    fields = {"password": password, token[0]: token[1]}
    body = "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items())
    return Case(LOGIN, "/login", "; ".join(cookies), body)


@contextmanager
def started(
    words: Sequence[str], project: Path, settings: dict[str, str], **more: str
) -> Iterator[Server]:
    """Run a server in the project's folder."""
    environment = surroundings(project) | settings | more
    port = int(environment["PORT"])
    with serving(words, project, environment, partial(answers, port)) as process:
        yield Server(port, process)


@contextmanager
def servers(
    framework: str, project: Path, settings: dict[str, str], workers: int
) -> Iterator[dict[str, Server]]:
    """Run what is written by hand, and the project."""
    port = free_port()
    is_live = framework == "django" and (project / "live").is_dir()
    application = f"{framework}_site:{'asgi' if is_live else 'application'}"
    server = UVICORN if framework == "fastapi" else GUNICORN
    words = server.format(application=application, port=port, workers=workers).split()
    settings = settings | {"WEB_CONCURRENCY": str(workers)}
    with ExitStack() as stack:
        own = stack.enter_context(started(task(project, "serve"), project, settings))
        more = {"PORT": str(port), "PYTHONPATH": f"{HERE / 'bare'}:{project}"}
        bare = stack.enter_context(started(words, project, settings, **more))
        yield {"by hand": bare, "project": own}


def compare(
    case: Case, both: dict[str, Server], connections: int, wanted: argparse.Namespace
) -> None:
    """Print how much of the rate by hand is left."""
    seconds = wanted.seconds * (5 if connections >= MANY else 1)
    rounds: list[dict[str, Load]] = []
    for number in range(wanted.rounds + 1):
        length = seconds if number else 1
        loads = {name: case.load(server, connections, length) for name, server in both.items()}
        rounds += [loads] if number else []
    rates = {name: statistics.median(each[name].rate for each in rounds) for name in both}
    costs = {name: statistics.median(each[name].cost for each in rounds) for name in both}
    ratios = [each["project"].rate / max(each["by hand"].rate, 0.1) for each in rounds]
    savings = [each["by hand"].cost / max(each["project"].cost, 0.01) for each in rounds]
    failed = {name: sum(each[name].failed for each in rounds) for name in both}
    own = [each["project"] for each in rounds]
    print(
        f"    {case.name:<11} by hand {rates['by hand']:7.1f}/s   project {rates['project']:7.1f}/s"
        f"   {statistics.median(ratios):4.0%} ({min(ratios):.0%} to {max(ratios):.0%})"
        f"   processor {costs['by hand']:.2f} and {costs['project']:.2f} ms, {statistics.median(savings):.0%}"
        f"   half within {statistics.median(each.middle for each in own):6.0f} ms,"
        f" 99 % within {statistics.median(each.slow for each in own):6.0f} ms"
        f"   failed {failed['project']}"
        + (f" (by hand {failed['by hand']})" * bool(failed["by hand"])),
        flush=True,
    )


def beside_logins(login: Case, server: Server, seconds: float) -> None:
    """Print how long the home page takes while others log in."""
    page = Case("home page", "/")
    alone = page.load(server, 1, seconds)
    server.settle()
    crowd = login.wrk(server, LOGGING_IN, seconds + 2)
    time.sleep(1)
    beside = found(page.wrk(server, 1, seconds))
    done = found(crowd)
    print(
        f"    home page alone: half within {alone.middle:.1f} ms, 99 % within {alone.slow:.1f} ms;"
        f" while {LOGGING_IN} log in ({done.rate:.1f}/s, failed {done.failed}):"
        f" {beside.middle:.1f} ms, {beside.slow:.1f} ms, failed {beside.failed}",
        flush=True,
    )


def measure(framework: str, project: Path, folder: Path, wanted: argparse.Namespace) -> None:
    """Put the load on one project, and print."""
    settings = production_settings(project, folder, free_port())
    if wanted.database:
        settings["DATABASE_URL"] = wanted.database
        for name, debug in (("migrate", "false"), ("seed", "true")):
            environment = surroundings(project) | settings | {"DEBUG": debug}
            subprocess.run(
                task(project, name), cwd=project, env=environment, check=True, capture_output=True
            )
    else:
        database = project / settings["DATABASE_URL"].removeprefix("sqlite:///")
        add_people(database, read_env(project / ".env")["DEMO_EMAIL"])
    for workers in wanted.workers:
        with servers(framework, project, settings, workers) as both:
            for path in PAGES.values():
                texts = [TOKENS.sub(r"\1", asked(server.port, path)[1]) for server in both.values()]
                same = texts[0] == texts[1] or json.loads(texts[0]) == json.loads(texts[1])
                assert same, f"the answers for {path} differ"
            cases = [Case(name, path) for name, path in PAGES.items()]
            at_start = {name: server.memory() for name, server in both.items()}
            login = None if wanted.database else logins(project, both["project"].port)
            cases += [login] if login else []
            for connections in wanted.connections:
                print(f"{framework}, {workers} workers, {connections} connections")
                for case in cases:
                    if case.name in wanted.cases:
                        compare(case, both, connections, wanted)
            if login:
                beside_logins(login, both["project"], wanted.seconds)
            for name, server in both.items():
                print(
                    f"    memory of a worker, {name}: {at_start[name]:.0f} MB at the start,"
                    f" {server.memory():.0f} MB now",
                    flush=True,
                )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="The projects under load.")
    parser.add_argument("--framework", nargs="+", default=FRAMEWORKS)
    parser.add_argument("--features", default=FEATURES)
    parser.add_argument("--workers", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--connections", nargs="+", type=int, default=[64, MANY])
    parser.add_argument("--cases", nargs="+", default=[*PAGES, LOGIN])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--seconds", type=int, default=3, help="of a round; five times that for many"
    )
    parser.add_argument("--database", default="", help="an empty PostgreSQL; default, SQLite")
    parser.add_argument("--project", type=Path, help="one that is built already")
    wanted = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is needed to put load on a server: `apt install wrk`.")
    for framework in wanted.framework:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            project = wanted.project or folder / "shop"
            if not wanted.project:
                features = [f"--with={feature}" for feature in wanted.features.split(",")]
                words = [HEADSTART, "new", "Shop", "-f", framework, *features, "--yes"]
                command([*words, "--verify=none", "--no-git", f"--output-dir={folder}"])()
            measure(framework, project, folder, wanted)


if __name__ == "__main__":
    main()
