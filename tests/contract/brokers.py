"""A Redis of our own, for the projects that share something between processes."""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from socket import create_connection

from headstart.proof.server import free_port

PROGRAM = "redis-server"


@dataclass
class Redis:
    """A Redis that can be started and stopped."""

    folder: Path
    port: int = field(default_factory=free_port)
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """The value of `REDIS_URL`."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, and wait until it listens."""
        words = [PROGRAM, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*words, "--dir", str(self.folder)], stdout=log)
        end = time.monotonic() + 10
        while True:
            with suppress(ConnectionRefusedError), create_connection(("127.0.0.1", self.port)):
                return
            assert time.monotonic() < end, "Redis did not start"
            time.sleep(0.02)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it take what is sent, and say nothing, for as long as the `with` block lasts."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Stop it, if it runs."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None


@contextmanager
def redis() -> Iterator[Redis | None]:
    """Run a Redis as long as the block lasts; none where the program is missing."""
    if shutil.which(PROGRAM) is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        server = Redis(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()
