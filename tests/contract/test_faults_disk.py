"""O6. A full disk: a clear error, reading goes on, and all is well when there is room again."""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .api import Client, seller_of
from .crowds import can_write, check_away, soon
from .databases import SERVER_USER, PostgreSQL, SQLite
from .deployments import Deployment
from .people import ask_to_register, demo, log_in, product, somebody
from .small_disks import filled, small_disk

# Bytes, written as twice as many digits, which cannot be packed into much less: more than
# is left in the pages that a table has already.
ENOUGH = 2400


def large() -> dict[str, object]:
    """Return a product that needs a page of its own."""
    text = secrets.token_hex(ENOUGH)
    return {"name": "Large", "description": text, "price": "1.00", "stock": 1}


def fill_a_table(deployment: Deployment, seller: Client) -> None:
    """Add products until there is no room for another one."""
    for _ in range(2000):
        page = seller.post("/api/products", large())
        if page.status != 201:
            return check_away(page)
    raise AssertionError("the disk never was full")


def check_full(deployment: Deployment, seller: Client) -> None:
    """Hold a project to what it says and does while it cannot write."""
    visitor = deployment.visitor()
    check_away(seller.post("/api/products", large()))
    for path in ("/", "/products", "/api/products", "/login", "/healthz"):
        assert visitor.get(path).status == 200, path


def check_log_says(deployment: Deployment, length: int, *what: str) -> None:
    """Hold the log to a line that says what is wrong and where to look."""
    lines = [json.loads(line) for line in deployment.log.read_text()[length:].splitlines()]
    said = [line["message"] for line in lines if "space on its disk" in line["message"]]
    assert any(word in said[0].lower() for word in what), said


@contextmanager
def may_say_503(deployment: Deployment) -> Iterator[None]:
    deployment.may_fail = True
    try:
        yield
    finally:
        deployment.may_fail = False
    deployment.check_log()  # no traceback either


def test_the_disk_of_sqlite_is_full(framework: str, project: Path, tmp_path: Path) -> None:
    """O6, U1, U5."""
    with small_disk(tmp_path / "disk", 4) as disk:
        database = SQLite(disk / "db.sqlite3")
        deployment = Deployment(framework, project, database, tmp_path)
        deployment.prepare()
        deployment.start()
        try:
            seller, owner = seller_of(deployment), log_in(deployment, demo(deployment))
            form = owner.get("/products/new")
            length = len(deployment.log.read_text())
            with may_say_503(deployment):
                with filled(disk):
                    fill_a_table(deployment, seller)
                    check_full(deployment, seller)
                    check_away(owner.submit(form, product(description=secrets.token_hex(ENOUGH))))
                soon(lambda: can_write(deployment, seller))
            check_log_says(deployment, length, "full", "disk")
            assert owner.submit(form, product()).status == 303
            assert database.execute("PRAGMA integrity_check") == ["ok"]
        finally:
            deployment.stop()


def test_the_disk_of_postgresql_is_full(deployment: Deployment) -> None:
    """O6, U1, U5: that of the products, so that the server itself goes on."""
    database = deployment.database
    if not isinstance(database, PostgreSQL):
        pytest.skip("that is another test")
    table, seller = database.table_with("stock"), seller_of(deployment)
    with small_disk(database.cluster.folder / "small", 8) as disk:
        if os.geteuid() == 0:
            shutil.chown(disk, SERVER_USER)  # the server does not run as we do
        database.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
        try:
            database.execute(f'ALTER TABLE "{table}" SET TABLESPACE small')
            length = len(deployment.log.read_text())
            with may_say_503(deployment):
                with filled(disk):
                    fill_a_table(deployment, seller)
                    check_full(deployment, seller)
                soon(lambda: can_write(deployment, seller))
            check_log_says(deployment, length, "no space left")
        finally:
            database.execute(f"DELETE FROM \"{table}\" WHERE name = 'Large'")  # noqa: S608
            database.execute(f'ALTER TABLE "{table}" SET TABLESPACE pg_default')
            database.execute("DROP TABLESPACE small")


def test_the_disk_of_logs_and_mails_is_full(framework: str, project: Path, tmp_path: Path) -> None:
    """O6: nothing can be logged and no mail written, but people are served."""
    with small_disk(tmp_path / "disk", 2) as disk:
        database = SQLite(tmp_path / "db.sqlite3")
        deployment = Deployment(framework, project, database, disk)
        deployment.prepare()
        deployment.start()
        try:
            with filled(disk):
                seller = seller_of(deployment)
                for _ in range(50):
                    assert deployment.visitor().get("/products").status == 200
                assert can_write(deployment, seller)
                asked = ask_to_register(deployment.visitor(), somebody())
                assert asked.status == 303
            known = somebody()
            assert ask_to_register(deployment.visitor(), known).status == 303
            assert deployment.mail(known.email, "confirm").link
            deployment.check_log()
        finally:
            deployment.stop()
