"""O. Operation: health, stopping, settings and logs."""

import json
import re
import shutil
import socket
import statistics
import subprocess
import time
from pathlib import Path

import pytest

from headstart.proof.browser import Browser
from headstart.proof.server import free_port, running
from headstart.tasks import surroundings, task

from .databases import PostgreSQL, SQLite
from .deployments import STOPPED_WITHIN, Deployment
from .people import Account, at_once, demo, somebody, try_to_log_in
from .sockets import listen
from .wire import head, read_answer

VARIABLES = {
    "SECRET_KEY",
    "DEBUG",
    "ALLOWED_HOSTS",
    "SITE_URL",
    "DATABASE_URL",
    "MAIL_URL",
    "PORT",
    "WEB_CONCURRENCY",
    "LOG_LEVEL",
    "TRUSTED_PROXIES",
}
HEALTHY_WITHIN = 0.1
READY_WITHIN = 5.0


def quickest_health_check(deployment: Deployment) -> float:
    """Return how long the health check takes when nothing else is in the way."""
    visitor = deployment.visitor()
    pages = [visitor.get("/healthz") for _ in range(7)]
    assert {page.status for page in pages} == {200}
    return statistics.median(page.seconds for page in pages)


def test_a_healthy_project_says_so(deployment: Deployment) -> None:
    """O1."""
    assert quickest_health_check(deployment) < HEALTHY_WITHIN
    page = deployment.visitor().get("/readyz")
    assert page.status == 200
    assert json.loads(page.body)["status"] == "ready"


def test_a_project_is_ready_again_soon_after_its_database(deployment: Deployment) -> None:
    """O1, O2. Stops the database."""
    if not isinstance(deployment.database, PostgreSQL):
        pytest.skip("a file does not restart")
    cluster = deployment.database.cluster
    visitor = deployment.visitor()
    visitor.get("/products")
    deployment.may_fail = True
    cluster.stop()
    try:
        assert visitor.get("/readyz").status == 503
        assert quickest_health_check(deployment) < HEALTHY_WITHIN
        assert visitor.get("/products").status in (500, 503)
    finally:
        cluster.start()
    end = time.monotonic() + READY_WITHIN
    while visitor.get("/readyz").status != 200:
        assert time.monotonic() < end, "not ready again"
        time.sleep(0.05)
    pages = at_once(lambda _: deployment.visitor().get("/products"), range(16))
    assert {page.status for page in pages} == {200}
    deployment.check_log()
    deployment.may_fail = False


def test_requests_in_flight_are_finished_at_the_end(deployment: Deployment, tmp_path: Path) -> None:
    """O3."""
    port = free_port()
    body = b"email=nobody%40example.com&password=not-the-password"
    start = head(
        deployment,
        "POST /login HTTP/1.1",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    )
    with deployment.serving(port, tmp_path / "log", WEB_CONCURRENCY="1") as server:
        lines = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(3)]
        for line in lines:
            line.sendall(start + body[:10])
        time.sleep(0.5)
        asked = time.monotonic()
        server.process.terminate()
        time.sleep(0.5)
        for line in lines:
            line.sendall(body[10:])
        answers = [read_answer(line, "POST", "/login") for line in lines]
        assert [answer.status for answer in answers] == [403] * 3
        for line in lines:
            line.close()
        assert server.process.wait(STOPPED_WITHIN) == 0
        assert time.monotonic() - asked < STOPPED_WITHIN
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_visitor_who_stays_connected_does_not_hold_up_the_end(
    deployment: Deployment, tmp_path: Path
) -> None:
    """O3."""
    port = free_port()
    with deployment.serving(port, tmp_path / "log") as server:
        line = socket.create_connection(("127.0.0.1", port), timeout=10)
        line.sendall(head(deployment, "GET / HTTP/1.1"))
        assert read_answer(line).status == 200
        server.process.terminate()
        assert server.process.wait(STOPPED_WITHIN) == 0
        line.close()


@pytest.fixture
def bare(framework: str, project: Path, tmp_path: Path) -> Path:
    """Return a copy of a project as it comes from version control: with no `.env`."""
    gone = shutil.ignore_patterns(".venv", ".env", "var", "__pycache__", ".*_cache")
    return Path(shutil.copytree(project, tmp_path / "bare", ignore=gone))


def refusal(project: Path, bare: Path, command: str, **settings: str) -> str:
    """Return what a command says as it refuses to start."""
    usual = {
        "SITE_URL": "https://shop.test",
        "DATABASE_URL": f"sqlite:///{bare}/db.sqlite3",
        "MAIL_URL": f"file://{bare}/mail",
        "PORT": str(free_port()),
    }
    done = subprocess.run(
        task(bare, command),
        cwd=bare,
        env=surroundings(project) | usual | settings,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode != 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    "secret", ["", "too-short", "the example one"], ids=["none", "short", "example"]
)
def test_production_refuses_to_start_without_a_good_secret(
    project: Path, bare: Path, secret: str
) -> None:
    """O8."""
    if secret == "the example one":
        example = (bare / ".env.example").read_text()
        (secret,) = re.findall(r"^SECRET_KEY=(.+)$", example, re.MULTILINE)
    said = refusal(project, bare, "serve", SECRET_KEY=secret)
    assert "SECRET_KEY" in said
    if secret:
        assert secret not in said


def test_production_refuses_to_start_without_its_address(project: Path, bare: Path) -> None:
    """O8."""
    said = refusal(project, bare, "serve", SECRET_KEY="s" * 50, SITE_URL="")
    assert "SITE_URL" in said


def test_production_is_what_comes_without_saying(project: Path, bare: Path) -> None:
    """O8."""
    assert "SECRET_KEY" in refusal(project, bare, "serve", DEBUG="", SECRET_KEY="")


def test_production_never_makes_the_sample_accounts(project: Path, bare: Path) -> None:
    """O8."""
    said = refusal(project, bare, "seed", SECRET_KEY="s" * 50, DEMO_PASSWORD="p" * 20)
    assert "DEBUG" in said


def test_every_line_of_the_log_is_an_object(deployment: Deployment) -> None:
    """O9."""
    deployment.visitor().get("/products")
    for line in deployment.log.read_text(encoding="utf-8").splitlines():
        assert isinstance(json.loads(line), dict), line


def test_every_request_is_logged_with_the_number_that_the_answer_carries(
    deployment: Deployment,
) -> None:
    """O9."""
    visitor = deployment.visitor()
    pages = [visitor.get(path) for path in ("/products", "/nothing", "/account", "/products")]
    pages.append(try_to_log_in(visitor, somebody()))
    numbers = [page.headers["X-Request-ID"] for page in pages]
    assert len(set(numbers)) == len(numbers)
    time.sleep(0.2)
    log = deployment.log.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in log.splitlines()]
    logged = [line.get("request_id") for line in lines]
    assert [logged.count(number) for number in numbers] == [1] * len(numbers)


@pytest.mark.parametrize("number", ["abc-123_DEF", "a" * 64])
def test_a_request_that_comes_with_a_number_keeps_it(deployment: Deployment, number: str) -> None:
    """O9."""
    page = deployment.visitor().get("/", {"X-Request-ID": number})
    assert page.headers["X-Request-ID"] == number


@pytest.mark.parametrize("number", ["", "a" * 65, "a b", "<b>", 'a"b', "{}", "ümlaut", "a\tb"])
def test_a_number_that_is_none_is_replaced(deployment: Deployment, number: str) -> None:
    """O9."""
    raw = {"X-Request-ID": number.encode().decode("latin-1")}
    page = deployment.visitor().get("/", raw)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", page.headers["X-Request-ID"])
    assert page.headers["X-Request-ID"] != number


def test_all_that_differs_between_machines_is_explained(project: Path) -> None:
    """O10. Reads `.env.example`."""
    lines = (project / ".env.example").read_text(encoding="utf-8").splitlines()
    explained = set()
    comment = False
    for line in lines:
        name, equals, _ = line.lstrip("# ").partition("=")
        if equals and re.fullmatch(r"[A-Z_]+", name):
            assert comment, f"no comment for {name}"
            explained.add(name)
        elif line.startswith("#"):
            comment = True
        elif not line.strip():
            comment = False
    assert explained >= VARIABLES


def test_who_a_proxy_is_decides_who_is_believed(open_deployment: Deployment) -> None:
    """O10, A5."""
    from .deployments import Stranger

    wrong = "not-the-password-at-all"
    statuses = []
    for number in range(11):
        liar = Stranger(open_deployment, f"203.0.113.{number}", source_address="127.0.0.9")
        statuses.append(try_to_log_in(liar, Account(somebody().email, wrong)).status)
    assert statuses[-1] == 429
    honest = Stranger(open_deployment, "", source_address="127.0.0.10")
    assert try_to_log_in(honest, demo(open_deployment)).status == 303
    open_deployment.after_test()


def test_the_address_that_a_visitor_claims_to_have_does_not_count(deployment: Deployment) -> None:
    """O10, A5."""
    statuses = []
    for number in range(11):
        # The proxy adds the address that it sees at the end.
        liar = deployment.visitor(f"203.0.113.{number}, 198.51.100.7")
        statuses.append(try_to_log_in(liar, somebody()).status)
    assert statuses[-1] == 429


def test_the_level_of_the_log_can_be_set(deployment: Deployment, tmp_path: Path) -> None:
    """O10."""
    port = free_port()
    log = tmp_path / "log"
    environment = deployment.environment | {"PORT": str(port), "LOG_LEVEL": "ERROR"}
    command = task(deployment.project, "serve")
    with running(command, deployment.project, environment, port, log):
        pass
    assert '"GET' not in log.read_text()
    assert '"INFO' not in log.read_text().upper()


def test_the_server_of_development_answers_too(
    framework: str, project: Path, tmp_path: Path
) -> None:
    """U1, U3: pages, a form, the API and live updates, with the command of the README."""
    port = free_port()
    deployment = Deployment(
        framework,
        project,
        SQLite(tmp_path / "db.sqlite3"),
        tmp_path,
        site=f"http://localhost:{port}",
        proxies="",
        settings={"DEBUG": "true"},
        port=port,
    )
    command = [str(project / ".venv/bin/poe"), "dev"]
    with running(command, project, deployment.environment, port, deployment.log, patience=60):
        # It may say what it is made of, which a `Stranger` would not let pass.
        visitor = Browser(port, deployment.site, timeout=10)
        with listen(deployment):
            for path in ("/", "/products", "/api/products", "/readyz"):
                assert visitor.get(path).status == 200
            nobody = {"email": "nobody@example.com", "password": "not-the-password"}
            assert visitor.submit(visitor.get("/login"), nobody).status == 422
        visitor.close()
