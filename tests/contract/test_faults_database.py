"""O1, O2. The database restarts, freezes, refuses; nobody hangs, and nobody has to restart."""

import time
from collections.abc import Iterator

import pytest

from .api import Client, seller_of
from .crowds import check_away, check_visits, crowd_of, soon
from .databases import PostgreSQL
from .deployments import Deployment
from .sizes import SIZE
from .test_operation import HEALTHY_WITHIN, READY_WITHIN, quickest_health_check

# How long the database is away: longer than any limit that a project may have for it.
AWAY = 4.0 + SIZE


@pytest.fixture
def server(deployment: Deployment) -> PostgreSQL:
    """Return a database that is a process."""
    if not isinstance(deployment.database, PostgreSQL):
        pytest.skip("a file neither restarts nor freezes")
    return deployment.database


@pytest.fixture
def tried(deployment: Deployment, server: PostgreSQL) -> Iterator[Deployment]:
    """Return a project that may say 503, and nothing worse."""
    deployment.may_fail = True
    try:
        yield deployment
    finally:
        # Also the last of its processes has seen that the database is back.
        soon(lambda: all(is_served(deployment) for _ in range(8)))
        deployment.may_fail = False
    deployment.check_log()


def is_served(deployment: Deployment) -> bool:
    return deployment.visitor().get("/products").status == 200


def is_ready(deployment: Deployment) -> bool:
    return deployment.visitor().get("/readyz").status == 200


def test_the_database_restarts_under_load(tried: Deployment, server: PostgreSQL) -> None:
    """O2, O1, U3."""
    with crowd_of(tried) as crowd:
        crowd.wait_for(lambda visits: len(visits) > 20)
        check_visits(crowd.visits)
        server.cluster.stop()
        try:
            gone = crowd.wait_for(lambda visits: sum(v.status == 503 for v in visits) > 20)
            assert not is_ready(tried)
        finally:
            server.cluster.start()
        back = time.monotonic()
        soon(lambda: is_ready(tried), READY_WITHIN)
        while crowd.wait_for(lambda visits: len(visits) > 5)[-1].status == 503:
            assert time.monotonic() < back + READY_WITHIN
        time.sleep(max(0, back + 1.5 - time.monotonic()))
        calm = crowd.wait_for(lambda visits: len(visits) > 50 * SIZE)
    check_visits(gone, 503)
    check_visits(crowd.visits, 503)
    check_visits(calm)
    check_visits(visit for visit in crowd.visits if visit.began > back + READY_WITHIN)


def test_the_database_freezes_under_load(tried: Deployment, server: PostgreSQL) -> None:
    """O1, O2, U3: it takes what it is sent, and answers nothing."""
    with crowd_of(tried) as crowd:
        crowd.wait_for(lambda visits: len(visits) > 20)
        with server.cluster.frozen():
            end = time.monotonic() + AWAY
            while time.monotonic() < end:
                assert quickest_health_check(tried) < HEALTHY_WITHIN * 2
                assert not is_ready(tried)
        back = time.monotonic()
        soon(lambda: is_ready(tried), READY_WITHIN)
        time.sleep(max(0, back + 1.5 - time.monotonic()))
        calm = crowd.wait_for(lambda visits: len(visits) > 50 * SIZE)
    frozen = [visit for visit in crowd.visits if visit.began < back]
    assert sum(visit.status == 503 for visit in frozen) >= len(crowd.works) / 2
    check_visits(crowd.visits, 503)
    check_visits(calm)


def test_a_database_that_takes_nobody_in_is_away_too(tried: Deployment, server: PostgreSQL) -> None:
    """O2, U1: all of its connections are taken."""
    visitor = tried.visitor()
    with server.cluster.full_up(server.name):
        check_away(visitor.get("/products"))
        check_away(Client(tried).get("/api/products"))
        assert not is_ready(tried)
        assert visitor.get("/login").status == 200
    soon(lambda: visitor.get("/products").status == 200, READY_WITHIN)


def test_the_log_says_what_to_do(tried: Deployment, server: PostgreSQL) -> None:
    """O2, O9, U5: one line for each request that failed, and no traceback."""
    length = len(tried.log.read_text())
    seller = seller_of(tried)
    server.cluster.stop()
    try:
        pages = [tried.visitor().get("/products"), seller.get("/api/products")]
    finally:
        server.cluster.start()
    soon(lambda: tried.visitor().get("/products").status == 200)
    log = tried.log.read_text()[length:]
    for page in pages:
        check_away(page)
        number = page.headers["X-Request-ID"]
        lines = [line for line in log.splitlines() if number in line]
        assert sum("Does the database run" in line for line in lines) == 1, lines
