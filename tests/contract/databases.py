"""The databases that projects are tried on, and the few looks into them that are allowed.

Everything else in this suite is seen from outside. Inside a database it looks
for how passwords are stored (A15), and breaks a table to force an error (P10).
"""

import os
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from headstart.proof.server import free_port

SERVER_USER = "postgres"
PASSWORD = "the-password-of-the-database"


class Database(Protocol):
    """A database of one deployment."""

    @property
    def url(self) -> str:
        """The value of `DATABASE_URL`."""

    def dump(self) -> str:
        """Return everything that is stored, as text."""

    def execute(self, statement: str) -> list[str]:
        """Run one statement and return the first column of what it gives."""

    def table_with(self, column: str) -> str:
        """Return the name of the table that has a column."""


@dataclass(frozen=True)
class SQLite:
    """A database in a file."""

    file: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"

    def dump(self) -> str:
        with closing(sqlite3.connect(self.file)) as connection:
            return "\n".join(connection.iterdump())

    def execute(self, statement: str) -> list[str]:
        with closing(sqlite3.connect(self.file, timeout=10)) as connection, connection:
            return [str(row[0]) for row in connection.execute(statement)]

    def table_with(self, column: str) -> str:
        tables = "SELECT t.name FROM sqlite_master t, pragma_table_info(t.name) c"
        (table,) = self.execute(f"{tables} WHERE t.type = 'table' AND c.name = '{column}'")
        return table


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL server of our own."""

    folder: Path
    port: int

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self._control("start", "-w", "-l", f"{self.folder}/log", "-o", options)

    def stop(self) -> None:
        self._control("stop", "-m", "fast")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let none of its processes run, for as long as the `with` block lasts."""
        leader = int((self.folder / "data/postmaster.pid").read_text().split()[0])
        processes = [leader, *children(leader)]
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in processes:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGCONT)

    @contextmanager
    def full_up(self, others: str) -> Iterator[None]:
        """Take all the connections that it has, also from another database's users."""
        with ExitStack() as stack:
            while self._enter(stack):
                pass
            gone = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
            with suppress(subprocess.CalledProcessError):
                stack.close()
                self.query("postgres", f"{gone}'{others}'")
            while self._enter(stack):
                pass
            yield

    def _enter(self, stack: ExitStack) -> bool:
        """Connect, and say nothing; return whether there was a place."""
        line = stack.enter_context(socket.create_connection(("127.0.0.1", self.port), timeout=10))
        said = f"user\0{SERVER_USER}\0database\0postgres\0\0".encode()
        # https://www.postgresql.org/docs/current/protocol-message-formats.html
        line.sendall(struct.pack("!ii", len(said) + 8, 3 << 16) + said)
        return line.recv(1) == b"R"  # "E": sorry, too many clients already

    def create(self, name: str) -> "PostgreSQL":
        self.query("postgres", f'CREATE DATABASE "{name}"')
        return PostgreSQL(self, name)

    def query(self, database: str, statement: str) -> list[str]:
        return self.program("psql", "-XAtqc", statement, database).splitlines()

    def program(self, name: str, *words: str) -> str:
        where = ["-h", str(self.folder), "-p", str(self.port), "-U", SERVER_USER]
        return _run([name, *where, *words])

    def _control(self, *words: str) -> None:
        _run_as_server(["pg_ctl", "-D", f"{self.folder}/data", *words])


@dataclass(frozen=True)
class PostgreSQL:
    """A database in a cluster."""

    cluster: Cluster
    name: str

    @property
    def url(self) -> str:
        where = f"127.0.0.1:{self.cluster.port}/{self.name}"
        return f"postgresql://{SERVER_USER}:{PASSWORD}@{where}"

    def dump(self) -> str:
        return self.cluster.program("pg_dump", "--data-only", self.name)

    def execute(self, statement: str) -> list[str]:
        return self.cluster.query(self.name, statement)

    def table_with(self, column: str) -> str:
        tables = "SELECT table_name FROM information_schema.columns"
        (table,) = self.execute(
            f"{tables} WHERE table_schema = 'public' AND column_name = '{column}'"
        )
        return table


@contextmanager
def postgresql() -> Iterator[Cluster | None]:
    """Run a PostgreSQL server of our own, or give None where there is none."""
    if not shutil.which("initdb") or not shutil.which("pg_ctl"):
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="contract-postgresql-"))
    if os.geteuid() == 0:
        shutil.chown(folder, SERVER_USER)
    cluster = Cluster(folder, free_port())
    try:
        options = ["-U", SERVER_USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        _run_as_server(["initdb", "-D", f"{folder}/data", "--no-sync", *options])
        cluster.start()
        yield cluster
    finally:
        with suppress(subprocess.CalledProcessError):
            cluster.stop()
        shutil.rmtree(folder)


@contextmanager
def broken_table(database: Database, column: str) -> Iterator[None]:
    """Take away the table that has a column, for as long as the `with` block lasts."""
    table = database.table_with(column)
    database.execute(f'ALTER TABLE "{table}" RENAME TO "{table}_gone"')
    try:
        yield
    finally:
        database.execute(f'ALTER TABLE "{table}_gone" RENAME TO "{table}"')
        time.sleep(0.1)


def children(process: int) -> list[int]:
    """Return the processes that a process has started and that still live."""
    return [int(n) for n in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _run_as_server(words: Sequence[str]) -> None:
    # PostgreSQL refuses to run as root.
    before = ["runuser", "-u", SERVER_USER, "--"] if os.geteuid() == 0 else []
    # Its server keeps the output open: a file, because a pipe would never end.
    with tempfile.TemporaryFile() as output:
        subprocess.run([*before, *words], check=True, stdout=output, stderr=output, cwd="/")


def _run(words: Sequence[str]) -> str:
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return done.stdout
