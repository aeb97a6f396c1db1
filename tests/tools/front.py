"""The proxy with TLS that stands before a project in production, played on this machine.

Tools speak real HTTPS to it, as browsers do: cookies marked `Secure` come back, HSTS
counts, and certificates can be looked at. It writes down every request, because a tool
that has asked for nothing finds nothing either.
"""

import re
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from socket import socket
from threading import Thread
from typing import Any

from .programs import installed

NAMES = ("localhost", "127.0.0.1")
PATIENCE = 30
# Headers that are about one connection, and those that only a proxy may set.
BETWEEN_TWO = {"connection", "keep-alive", "te", "transfer-encoding", "upgrade", "content-length"}
SET_BY_PROXY = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded"}
WITHOUT_BODY = (204, 304)
NOT_PASSED_ON = 502
KEPT_BACK = 403


@dataclass(frozen=True)
class Exchange:
    """One request that came in, with its path and query as sent, and the status of the answer."""

    method: str
    path: str
    sent: bytes
    status: int


def address(number: int) -> str:
    """Return an address of a private network, another for each number."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


class Front(ThreadingHTTPServer):
    """A proxy with TLS before a server of this machine.

    Args:
        certificate: the file with its certificate and key; without one it speaks plain HTTP.
        port: where the server listens; it may not run yet.
        name: what this machine is called.
        kept_back: a pattern for requests that are refused here, since they would end the
            visit: of the method, the path with its query, and what was sent.
    """

    request_queue_size = 128
    daemon_threads = True
    block_on_close = False

    def __init__(self, certificate: Path | None, port: int, name: str, kept_back: str) -> None:
        super().__init__(("127.0.0.1", 0), Relay)
        self.scheme = "https" if certificate else "http"
        self.behind = port
        self.url = f"{self.scheme}://{name}:{self.server_port}"
        self.kept_back = re.compile(kept_back)
        self.exchanges: list[Exchange] = []
        self.visits = count(1)
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        if certificate:
            self._tls.load_cert_chain(certificate)

    def get_request(self) -> tuple[socket, Any]:
        """Accept a connection; hands are shaken later, in a thread of its own."""
        line, address = super().get_request()
        line.settimeout(PATIENCE)
        if self.scheme == "https":
            line = self._tls.wrap_socket(line, True, do_handshake_on_connect=False)
        return line, address

    def handle_error(self, *_about: object) -> None:
        """Say nothing: tools hang up whenever they like."""


class Relay(BaseHTTPRequestHandler):
    """One visitor's connection, with one to the server behind it."""

    protocol_version = "HTTP/1.1"
    server: Front

    def setup(self) -> None:
        if self.server.scheme == "https":
            self.request.do_handshake()
        super().setup()
        self.onward = HTTPConnection("127.0.0.1", self.server.behind, timeout=PATIENCE)

    def finish(self) -> None:
        self.onward.close()
        with suppress(OSError):
            super().finish()

    def log_message(self, *_about: object) -> None:
        pass

    def __getattr__(self, name: str) -> Callable[[], None]:
        # Any method, those that nobody knows too.
        if name.startswith("do_"):
            return self.relay
        raise AttributeError(name)

    def relay(self) -> None:
        """Pass a request on, and its answer back."""
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = f"{self.command} {self.path} {sent.decode(errors='replace')}"
        kept_back = self.server.kept_back.search(asked)
        answer = None if kept_back else self.ask(sent)
        failed = KEPT_BACK if kept_back else NOT_PASSED_ON
        status = failed if answer is None else answer.status
        self.server.exchanges.append(Exchange(self.command, self.path, sent, status))
        self.send_response_only(status)
        for name, value in [] if answer is None else answer.getheaders():
            if name.lower() not in BETWEEN_TWO:
                self.send_header(name, value)
        body = b"" if answer is None else answer.read()
        if self.command != "HEAD" and status not in WITHOUT_BODY:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def passed_on(self) -> Iterator[tuple[str, str]]:
        """Yield the headers for the server: no line twice, and all cookies in one."""
        lines = dict.fromkeys((name.lower(), value) for name, value in self.headers.items())
        for name, value in lines:
            if name not in BETWEEN_TWO | SET_BY_PROXY | {"cookie"}:
                yield name, value
        if cookies := [value for name, value in lines if name == "cookie"]:
            yield "cookie", "; ".join(cookies)

    def ask(self, sent: bytes) -> HTTPResponse | None:
        """Return what the server says; nothing, if no proxy would pass this on either."""
        was_open = self.onward.sock is not None
        try:
            self.onward.putrequest(self.command, self.path, True, True)
            for name, value in self.passed_on():
                self.onward.putheader(name, value)
            self.onward.putheader("X-Forwarded-Proto", self.server.scheme)
            # Somebody new each time, whom no limit on tries stops.
            self.onward.putheader("X-Forwarded-For", address(next(self.server.visits)))
            self.onward.putheader("Content-Length", str(len(sent)))
            self.onward.endheaders(sent)
            return self.onward.getresponse()
        except (HTTPException, OSError, ValueError) as error:
            self.onward.close()
            # A server may have closed a connection that was kept.
            again = was_open and isinstance(error, ConnectionError)
            return self.ask(sent) if again else None


@contextmanager
def front(
    certificate: Path | None, port: int, name: str = NAMES[0], kept_back: str = "(?!)"
) -> Iterator[Front]:
    """Run a proxy for as long as the `with` block lasts."""
    server = Front(certificate, port, name, kept_back)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def make_certificate(folder: Path) -> Path:
    """Return a file with a key and a certificate for this machine, which is its own authority."""
    installed("openssl")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
    name = ["-subj", f"/CN={NAMES[0]}", "-addext", "subjectAltName=DNS:{},IP:{}".format(*NAMES)]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(
        ["openssl", "req", "-x509", *kind, *name, *files], check=True, capture_output=True
    )
    certificate.write_bytes(certificate.read_bytes() + key.read_bytes())
    key.unlink()
    return certificate
