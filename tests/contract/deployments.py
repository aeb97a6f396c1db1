"""A project that runs as in production behind a proxy, and the strangers who visit it."""

import itertools
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from headstart.proof.browser import Browser
from headstart.proof.mailbox import Mail, Mailbox
from headstart.proof.page import Page
from headstart.proof.server import Server, free_port, running, stop
from headstart.tasks import read_env, surroundings, task

from .always import SHORTEST_SECRET, check_answer, check_log
from .databases import PASSWORD, Database

SITE = "https://shop.test"
STOPPED_WITHIN = 10.0
FAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
# The end of a link, or a line of its own where there are no pages to link to.
TOKEN = re.compile(r"(?:(?<=/)|^)[\w-]{20,}$", re.MULTILINE)
# Under libfaketime 0.9.10 Python's own `sleep` fails with EINVAL.
SLEEP = "import select, time\ntime.sleep = lambda seconds: select.select([], [], [], seconds)\n"
_addresses = (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in itertools.count(1))


@dataclass
class Deployment:
    """A project, with a database of its own, that can be started and stopped."""

    framework: str
    project: Path
    database: Database
    scratch: Path
    site: str = SITE
    proxies: str = "127.0.0.1"
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    secrets: set[str] = field(default_factory=set)
    may_fail: bool = False
    strangers: "list[Stranger]" = field(default_factory=list)
    _stack: ExitStack = field(default_factory=ExitStack)
    _log_read: int = 0

    def __post_init__(self) -> None:
        self.env = read_env(self.project / ".env")
        self.secrets |= {
            PASSWORD,
            *(value for name, value in self.env.items() if "PASSWORD" in name),
            self.env["SECRET_KEY"],
        }
        self.log = self.scratch / "server.log"
        self.log.touch()
        self.mailbox = Mailbox(self.scratch / "mail")
        self.mailbox.folder.mkdir()

    @property
    def environment(self) -> dict[str, str]:
        """Every environment variable that the project's commands get."""
        return surroundings(self.project) | {
            "DEBUG": "false",
            "SECRET_KEY": self.env["SECRET_KEY"],
            "SITE_URL": self.site,
            "ALLOWED_HOSTS": urlsplit(self.site).hostname or "",
            "TRUSTED_PROXIES": self.proxies,
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
            "MAIL_URL": f"file://{self.mailbox.folder}",
            "DATABASE_URL": self.database.url,
            "LOG_LEVEL": "INFO",
            **self.settings,
        }

    def prepare(self) -> None:
        """Make the tables and the sample data."""
        self.run("migrate")
        self.run("seed", DEBUG="true")

    def run(self, name: str, **more: str) -> None:
        """Run one of the project's commands to its end."""
        subprocess.run(
            task(self.project, name),
            cwd=self.project,
            env=self.environment | more,
            check=True,
            capture_output=True,
        )

    @contextmanager
    def serving(self, port: int, log: Path, **more: str) -> Iterator[Server]:
        """Run one more server on the same database."""
        environment = self.environment | {"PORT": str(port)} | more
        command = task(self.project, "serve")
        with running(command, self.project, environment, port, log) as server:
            yield server

    @contextmanager
    def working(self, log: Path, **more: str) -> Iterator["subprocess.Popen[bytes]"]:
        """Run a background worker; what it wrote is held to U5 when the block ends."""
        words = task(self.project, "worker")
        with log.open("ab") as file:
            worker = subprocess.Popen(
                words,
                cwd=self.project,
                env=self.environment | more,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield worker
        finally:
            stop(worker, STOPPED_WITHIN)
        check_log(log.read_text(encoding="utf-8", errors="replace"), self.secrets)

    def start(self, **more: str) -> None:
        """Start the server."""
        self._stack.enter_context(self.serving(self.port, self.log, **more))

    def stop(self) -> None:
        """Stop the server."""
        self._hang_up()
        self._stack.close()

    @contextmanager
    def later(self, minutes: int) -> Iterator[None]:
        """Let the server believe that it is later, for as long as the block lasts."""
        (self.scratch / "sitecustomize.py").write_text(SLEEP)
        self.stop()
        self.start(
            LD_PRELOAD=str(FAKETIME[0]),
            FAKETIME=f"+{minutes}m",
            FAKETIME_DONT_FAKE_MONOTONIC="1",
            NO_FAKE_STAT="1",
            PYTHONPATH=str(self.scratch),
        )
        # A worker's first page takes longer there than anybody may wait elsewhere.
        for _ in range(4):
            with closing(Browser(self.port, self.site, timeout=60.0)) as early:
                early.get("/login")
        try:
            yield
        finally:
            self.stop()
            self.start()

    def visitor(self, address: str = "", cookies: Mapping[str, str] | None = None) -> "Stranger":
        """Return somebody new, from an address that nobody else has."""
        stranger = Stranger(self, address or next(_addresses))
        stranger.cookies |= cookies or {}
        return stranger

    def mail(self, to: str, subject: str, count: int = 1) -> Mail:
        """Return the newest of so many mails to an address, and keep its token in mind."""
        mail = self.mailbox.wait_for(to, subject, count=count)
        self.secrets |= set(TOKEN.findall(mail.text))
        return mail

    def after_test(self) -> None:
        """Close the connections of everybody, and hold the new lines of the log to U5."""
        self._hang_up()
        self.check_log()

    def _hang_up(self) -> None:
        # Who comes back opens a new one.
        for stranger in self.strangers:
            stranger.close()

    def check_log(self) -> None:
        """Hold what the server wrote since the last look to U5."""
        log = self.log.read_text(encoding="utf-8", errors="replace")
        new, self._log_read = log[self._log_read :], len(log)
        check_log(new, self.secrets, self.may_fail)


class Stranger(Browser):
    """A visitor who holds every answer to what is always true."""

    def __init__(self, deployment: Deployment, address: str, source_address: str = "") -> None:
        super().__init__(
            deployment.port,
            deployment.site,
            address=address,
            source_address=source_address,
            timeout=10,
        )
        self.deployment = deployment
        deployment.strangers.append(self)

    def request(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """Send one request, and hold the answer to what is always true."""
        page = super().request(method, path, body, headers)
        known = self.deployment.secrets
        sent = f"{path}&{body.decode(errors='replace')}"
        # A visitor's own token stands in the page that the link opens.
        # Others may add to them at the same time.
        secrets = {secret for secret in tuple(known) if secret not in path}
        check_answer(page, sent, secrets - set(self.cookies.values()), self.deployment.may_fail)
        sessions = {c.value for c in page.cookies if "session" in c.key}
        known |= {value for value in sessions if len(value) >= SHORTEST_SECRET}
        return page
