"""What the tools are pointed at: the vulnerable application, and a project of each framework."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ..contract.conftest import browser, built, cluster, framework, open_deployment, project
from ..contract.databases import Database, SQLite
from ..contract.deployments import Deployment, Stranger
from ..contract.people import Account, log_in
from .front import Front, front, make_certificate
from .targets import Target
from .vulnerable import Vulnerable, vulnerable

__all__ = ["browser", "built", "cluster", "framework", "open_deployment", "project"]


@dataclass(frozen=True)
class Site:
    """A project that runs as in production, and the proxy with TLS before it."""

    deployment: Deployment
    front: Front

    def visitor(self, account: Account | None = None) -> Stranger:
        """Return somebody who has just logged in, or a stranger."""
        if account is None:
            return self.deployment.visitor()
        return log_in(self.deployment, account)

    def target(self, visitor: Stranger | None = None, start: str = "/") -> Target:
        """Return the site as somebody sees it, or else a stranger."""
        return Target(self.front, {} if visitor is None else dict(visitor.cookies), start)


Deploy = Callable[..., AbstractContextManager[Site]]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a key and a certificate for this machine."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def sins() -> Iterator[Vulnerable]:
    """Run the application that is broken on purpose."""
    with vulnerable() as site:
        yield site


@pytest.fixture
def sinful(sins: Vulnerable, certificate: Path) -> Iterator[Target]:
    """Return the application that is broken on purpose, behind a proxy with TLS."""
    with front(certificate, sins.server_port) as proxy:
        yield Target(proxy)


@pytest.fixture
def deploy(
    framework: str, project: Path, certificate: Path, tmp_path_factory: pytest.TempPathFactory
) -> Deploy:
    """Return what runs a project on a database of its own, and holds its log to U1 and U5."""

    @contextmanager
    def deployed(database: Database, **more: str) -> Iterator[Site]:
        deployment = Deployment(framework, project, database, tmp_path_factory.mktemp("tools"))
        with front(certificate, deployment.port, **more) as proxy:
            deployment.site = proxy.url
            deployment.prepare()
            deployment.start()
            try:
                yield Site(deployment, proxy)
            finally:
                deployment.stop()
        deployment.check_log()
        failed = {f"{e.method} {e.path[:200]}" for e in proxy.exchanges if e.status >= 500}
        assert not failed, f"U1. {len(failed)} requests failed, such as {sorted(failed)[:5]}"

    return deployed


@pytest.fixture
def site(deploy: Deploy, tmp_path: Path) -> Iterator[Site]:
    """Run a project of each framework, on a fresh SQLite."""
    with deploy(SQLite(tmp_path / "db.sqlite3")) as running:
        yield running
