"""A mail server that can behave badly."""

import socketserver
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

from headstart.proof.server import free_port

FINE, SILENT, SLOW, REFUSES, GONE = "fine", "silent", "slow", "refuses", "gone"
# https://www.rfc-editor.org/rfc/rfc5321
ANSWERS = {
    b"EHLO": b"250 here\r\n",
    b"MAIL": b"250 yes\r\n",
    b"RCPT": b"250 yes\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}


@dataclass
class MailServer:
    """Takes mails, or does whatever `manner` says."""

    port: int = field(default_factory=free_port)
    manner: str = FINE
    asked: int = 0
    mails: list[str] = field(default_factory=list)
    ended: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        """The value of `MAIL_URL`."""
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a mail server for as long as the `with` block lasts."""
    server = MailServer()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            server.asked += 1
            with suppress(OSError):
                self.talk()

        def talk(self) -> None:
            if server.manner == GONE:
                return
            if server.manner == SILENT:
                server.ended.wait(60)
                return
            self.say(b"220 here\r\n")
            while line := self.rfile.readline():
                word = line[:4].upper()
                if word == b"RCPT" and server.manner == REFUSES:
                    self.say(b"550 nobody here\r\n")
                    continue
                self.say(ANSWERS.get(word, b"250 yes\r\n"))
                if word == b"DATA":
                    lines = iter(self.rfile.readline, b".\r\n")
                    server.mails.append(b"".join(lines).decode())
                    self.say(b"250 yes\r\n")
                if word == b"QUIT":
                    return

        def say(self, answer: bytes) -> None:
            if server.manner == SLOW:
                time.sleep(0.2)
            self.wfile.write(answer)

    class Listener(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        block_on_close = False

    with Listener(("127.0.0.1", server.port), Conversation) as listener:
        Thread(target=listener.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.ended.set()
            listener.shutdown()
