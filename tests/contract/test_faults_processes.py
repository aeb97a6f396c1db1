"""O3, O4, O5. Servers are stopped, reloaded and killed while people use them."""

import os
import re
import secrets
import shutil
import signal
import socket
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from headstart.proof.server import Server, free_port

from .api import seller_of
from .crowds import BROKEN, Crowd, check_visits, reading, soon, writing
from .databases import PostgreSQL, SQLite, children
from .deployments import STOPPED_WITHIN, Deployment
from .people import admin, log_in
from .sizes import SIZE
from .sockets import code_of, listen
from .test_imports import BOUNDARY, finished, how_many, multipart, rows
from .wire import head, read_answer

GONE_WITHIN = 25  # what is under way may be finished first
RELOADED_WITHIN = 60


def workers(server: Server) -> set[int]:
    """Return the processes that answer requests."""
    return {
        process
        for process in children(server.process.pid)
        if not re.search("resource_tracker|headstart", command(process))
    }


def command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return "headstart"  # it has ended


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def have_ended(processes: set[int]) -> bool:
    return not any(map(is_alive, processes))


def is_complete(server: Server) -> bool:
    """Say whether there are as many workers as the settings of all deployments ask for."""
    return len(workers(server)) == 2


def is_replaced(server: Server, victim: int) -> bool:
    return victim not in workers(server) and is_complete(server)


def beside(deployment: Deployment, port: int, scratch: Path) -> Deployment:
    """Return one more deployment on the same database, for a server of its own."""
    scratch.mkdir()
    same = deployment.framework, deployment.project, deployment.database, scratch
    return Deployment(*same, port=port, settings=deployment.settings)


def test_all_that_is_under_way_at_the_end_is_finished(
    deployment: Deployment, tmp_path: Path
) -> None:
    """O3, W6, B1: pages, an upload and live updates at the same time."""
    port = free_port()
    other = beside(deployment, port, tmp_path / "other")
    staff = log_in(deployment, admin(deployment))
    mark = secrets.token_hex(4)
    form = staff.get("/products/import").form(action="/products/import")
    name = next(name for name in form.fields if "csrf" in name.lower())
    content = rows(f"Under way {mark} {number}" for number in range(50))
    body = multipart(name, form.fields[name], "products.csv", content)
    cookies = "; ".join(f"{key}={value}" for key, value in staff.cookies.items())
    start = head(
        deployment,
        "POST /products/import HTTP/1.1",
        f"Origin: {staff.site}",
        f"Cookie: {cookies}",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Content-Length: {len(body)}",
    )
    with deployment.serving(port, tmp_path / "log") as server, ExitStack() as stack:
        listeners = [stack.enter_context(listen(other)) for _ in range(4)]
        upload = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
        upload.sendall(start + body[:100])
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        upload.sendall(body[100:])
        answer = read_answer(upload, "POST", "/products/import")
        assert answer.status == 303
        assert {code_of(listener) for listener in listeners} == {1001}
        assert server.process.wait(STOPPED_WITHIN) == 0
    assert "Traceback" not in (tmp_path / "log").read_text()
    with deployment.working(tmp_path / "worker.log"):
        finished(staff, answer.headers["Location"].removeprefix(deployment.site))
    assert len(how_many(deployment, f"Under way {mark}")) == 50


def test_a_reload_brings_the_new_code_and_no_request_fails(
    framework: str, project: Path, tmp_path: Path
) -> None:
    """O4. Changes the name of the site in the settings."""
    copy = tmp_path / "project"
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns(".venv", "var"))
    (copy / ".venv").symlink_to(project / ".venv")
    deployment = Deployment(framework, copy, SQLite(tmp_path / "db.sqlite3"), tmp_path)
    deployment.prepare()
    (settings,) = (path for path in copy.glob("*/settings.py") if "tests" not in path.parts)
    with (
        deployment.serving(deployment.port, deployment.log) as server,
        Crowd([reading(deployment, number) for number in range(6)]) as crowd,
    ):
        for number in range(SIZE):
            old = workers(server)
            name = f"The name number {number}"
            new = re.sub(
                r"^SITE_NAME = .*$", f'SITE_NAME = "{name}"', settings.read_text(), flags=re.M
            )
            settings.write_text(new)
            server.process.send_signal(signal.SIGHUP)
            soon(partial(have_ended, old), RELOADED_WITHIN)
            soon(partial(is_complete, server))
            shown = crowd.wait_for(lambda visits: len(visits) > 20)
            home = f"{deployment.site}/products"
            titles = [v.page.document.title for v in shown if v.page and v.path == home]
            assert titles
            assert all(name in title for title in titles), titles
    check_visits(crowd.visits)
    deployment.check_log()


def test_what_was_acknowledged_is_there_whoever_is_killed(
    deployment: Deployment, tmp_path: Path
) -> None:
    """O5: first a worker, which is replaced, and then the whole server."""
    port = free_port()
    other = beside(deployment, port, tmp_path / "other")
    token = seller_of(deployment).token
    acknowledged: list[str] = []
    works = [writing(other, token, acknowledged) for _ in range(8)]
    with deployment.serving(port, tmp_path / "log") as server:
        with Crowd(works) as crowd:
            for _ in range(SIZE):
                crowd.wait_for(lambda visits: len(visits) > 10)
                old = workers(server)
                victim = min(old)
                os.kill(victim, signal.SIGKILL)
                soon(partial(is_replaced, server, victim), RELOADED_WITHIN)
                # All of them are well again.
                crowd.wait_for(lambda visits: len([v for v in visits if v.status == 201]) > 20)
            last = workers(server)
            os.kill(server.process.pid, signal.SIGKILL)
            crowd.wait_for(lambda visits: any(v.status == BROKEN for v in visits), GONE_WITHIN)
        server.process.wait()
        soon(partial(have_ended, last), GONE_WITHIN)
        soon(lambda: is_free(port))
    assert {visit.status for visit in crowd.visits} <= {201, BROKEN}
    assert len(acknowledged) > 20
    table = deployment.database.table_with("stock")
    names = set(deployment.database.execute(f"SELECT name FROM {table}"))  # noqa: S608
    assert set(acknowledged) <= names
    if not isinstance(deployment.database, PostgreSQL):
        assert deployment.database.execute("PRAGMA integrity_check") == ["ok"]


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104
            probe.listen()
        except OSError:
            return False
    return True


def open_files(server: Server) -> int:
    return sum(len(list(Path(f"/proc/{process}/fd").iterdir())) for process in workers(server))


def threads(server: Server) -> int:
    return sum(len(list(Path(f"/proc/{process}/task").iterdir())) for process in workers(server))


def test_nothing_grows(deployment: Deployment, tmp_path: Path) -> None:
    """O5, I9: files, threads and connections after many requests, some of them given up."""
    port = free_port()
    other = beside(deployment, port, tmp_path / "other")
    name = deployment.database.url.rpartition("/")[2]
    count = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608

    def measured() -> tuple[int, int, int]:
        is_server = isinstance(deployment.database, PostgreSQL)
        connections = int(deployment.database.execute(count)[0]) if is_server else 0
        return open_files(server), threads(server), connections

    def ask(requests: int, aborted: int) -> None:
        with Crowd([reading(other, number) for number in range(8)]) as crowd:
            for number in range(aborted):
                give_up(other, number)
                # Not all at once: threads stay that once were needed at the same time.
                crowd.wait_for(lambda visits: len(visits) >= requests // aborted, 60)
        check_visits(crowd.visits)
        other.after_test()

    with deployment.serving(port, tmp_path / "log") as server:
        # Pools and threads come to their size.
        ask(150, 15)
        before = measured()
        ask(200 * SIZE, 20 * SIZE)
        most = tuple(number + 6 for number in before)
        soon(lambda: all(now <= so for now, so in zip(measured(), most, strict=True)), 15)


def give_up(deployment: Deployment, number: int) -> None:
    """Ask, and hang up before there is an answer: within the head, within the body, or after."""
    asks = [
        b"GET /products HTTP/1.1\r\nHost: sh",
        head(deployment, "POST /login HTTP/1.1", "Content-Length: 500") + b"email=",
        head(deployment, "GET /products HTTP/1.1"),
    ]
    with socket.create_connection(("127.0.0.1", deployment.port), timeout=10) as line:
        line.sendall(asks[number % len(asks)])
