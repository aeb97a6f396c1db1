"""The projects under test: built once each, run on each database, all as in production."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from .admin import PANELS, Panel
from .api import Client, enrol, seller_of
from .brokers import Redis, redis
from .browsers import PROGRAM, SWITCHES, Chromium
from .databases import Cluster, Database, PostgreSQL, SQLite, postgresql
from .deployments import Deployment, Stranger
from .people import Account, admin, demo, log_in, register
from .projects import FEATURES, FRAMEWORKS, build

HERE = Path(__file__).parent
# What a file of tests is about, where it is not the pages. A project that has been built
# without it is not held to it.
ABOUT = {
    "test_admin": {"admin", "api"},  # much is looked at and added through the API
    "test_api": {"api"},
    "test_faults": {"api", "pages", "realtime", "tasks"},
    "test_imports": {"tasks"},
    "test_languages": {"i18n"},
    "test_live": {"realtime"},
    "test_model": {"ml"},
    "test_races": {"pages", "api", "admin"},
    "test_several_machines": {"tasks"},
}
NO_REDIS = "no redis-server on this machine: what processes share is UNTESTED"
NO_POSTGRESQL = "no PostgreSQL on this machine (initdb, pg_ctl): half of the contract is UNTESTED"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the whole folder, and put its files into an order.

    First the pages as they were filled with samples, then what adds much through the
    API and the panel, and last the look at the whole log. That is, last for each
    deployment: afterwards pytest groups the tests by them.
    """
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("contract")
            names = (name for name in ABOUT if item.path.name.startswith(name))
            lacks = ABOUT.get(next(names, ""), {"pages"}).difference(FEATURES)
            if lacks:
                item.add_marker(pytest.mark.skip(f"the project has no `{min(lacks)}`"))
    items.sort(key=lambda item: _rank(item.path.name))


def _rank(file: str) -> int:
    late = (
        "test_imports",
        "test_live",
        "test_admin",
        "test_api",
        "test_api_properties",
        "test_faults",
        "test_always",
    )
    return max((rank for rank, name in enumerate(late, 1) if file.startswith(name)), default=0)


@pytest.fixture(scope="session", params=FRAMEWORKS)
def framework(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def built() -> dict[str, Path]:
    """Keep what was built, because pytest comes back to a framework."""
    return {}


@pytest.fixture(scope="session")
def project(
    framework: str, built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a project of each framework, with its packages."""
    if framework not in built:
        folder = tmp_path_factory.mktemp(framework)
        built[framework] = build(framework, folder, *FEATURES)
    return built[framework]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster | None]:
    with postgresql() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def broker() -> Iterator[Redis]:
    with redis() as server:
        if server is None:
            pytest.skip(NO_REDIS)
        yield server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest,
    framework: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Database:
    """Return an empty database of each kind, for each framework."""
    if request.param == "sqlite":
        return SQLite(tmp_path_factory.mktemp("database") / "db.sqlite3")
    cluster: Cluster | None = request.getfixturevalue("cluster")
    if cluster is None:
        pytest.skip(NO_POSTGRESQL)
    return cluster.create(f"{framework}_{tmp_path_factory.mktemp('database').name}")


@pytest.fixture(scope="session")
def running_deployment(
    request: pytest.FixtureRequest,
    framework: str,
    project: Path,
    database: Database,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Deployment]:
    deployment = Deployment(framework, project, database, tmp_path_factory.mktemp("deployment"))
    if isinstance(database, PostgreSQL) and shutil.which("redis-server"):
        # As on several machines; on SQLite each process is on its own.
        deployment.settings["REDIS_URL"] = request.getfixturevalue("broker").url
    deployment.prepare()
    deployment.start()
    try:
        yield deployment
    finally:
        deployment.stop()


@pytest.fixture
def deployment(running_deployment: Deployment) -> Iterator[Deployment]:
    """Return a project that runs, and hold its log to U5 after each test."""
    yield running_deployment
    running_deployment.after_test()


@pytest.fixture
def visitor(deployment: Deployment) -> Stranger:
    """Return somebody who has never been here."""
    return deployment.visitor()


@pytest.fixture(scope="session")
def owner(running_deployment: Deployment) -> Stranger:
    """Return somebody who is logged in with the ordinary sample account, and stays so."""
    return log_in(running_deployment, demo(running_deployment))


@pytest.fixture
def member(deployment: Deployment) -> tuple[Stranger, Account]:
    """Return somebody with an account of their own, logged in."""
    return register(deployment)


@pytest.fixture
def program(deployment: Deployment) -> Client:
    """Return a program without a token."""
    return Client(deployment)


@pytest.fixture(scope="session")
def seller(running_deployment: Deployment) -> Client:
    """Return a program with a token of the ordinary sample account."""
    return seller_of(running_deployment)


@pytest.fixture
def newcomer(deployment: Deployment) -> tuple[Client, Account]:
    """Return a program with a token of an account of its own."""
    return enrol(deployment)


@pytest.fixture(scope="session")
def running_without_pages(
    framework: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """Run a project that has nothing but the API."""
    folder = tmp_path_factory.mktemp("without-pages")
    project = build(framework, folder, "api")
    deployment = Deployment(framework, project, SQLite(folder / "db.sqlite3"), folder)
    deployment.prepare()
    deployment.start()
    try:
        yield deployment
    finally:
        deployment.stop()


@pytest.fixture
def without_pages(running_without_pages: Deployment) -> Iterator[Deployment]:
    """Return a project that has nothing but the API, and hold its log to U5 after each test."""
    yield running_without_pages
    running_without_pages.after_test()


@pytest.fixture(scope="session")
def open_deployment(
    framework: str, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """Return a project that runs without TLS, for a real browser."""
    folder = tmp_path_factory.mktemp("open")
    deployment = Deployment(framework, project, SQLite(folder / "db.sqlite3"), folder, proxies="")
    deployment.site = f"http://127.0.0.1:{deployment.port}"
    # Without Redis, live updates stay within one process.
    deployment.settings["WEB_CONCURRENCY"] = "1"
    deployment.prepare()
    deployment.start()
    try:
        yield deployment
    finally:
        deployment.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return one real browser for all tests."""
    if not Path(PROGRAM).exists():
        pytest.skip(f"no {PROGRAM} on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def chromium(browser: Browser, open_deployment: Deployment) -> Iterator[Chromium]:
    """Return a browser that notes what no page should make it do."""
    chromium = Chromium(browser, open_deployment.site)
    yield chromium
    for context in browser.contexts:
        context.close()
    open_deployment.after_test()


@pytest.fixture
def panel(framework: str) -> Panel:
    """Return where the pages of the admin panel are."""
    return PANELS[framework]


@pytest.fixture(scope="session")
def staff(running_deployment: Deployment) -> Stranger:
    """Return somebody who is logged in with the sample account that is staff, and stays so."""
    return log_in(running_deployment, admin(running_deployment))
