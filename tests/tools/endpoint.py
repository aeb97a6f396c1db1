"""A place on this machine that nobody has a reason to ask: who does was made to by an attacker.

It speaks to Wapiti as the server of Wapiti's authors does, which tells what was asked for.
"""

import json
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

Told = dict[str, dict[str, list[dict[str, str]]]]


class Endpoint(ThreadingHTTPServer):
    """A server that notes who was made to ask."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Visit)
        self.url = f"http://127.0.0.1:{self.server_port}/"
        self.told: defaultdict[str, Told] = defaultdict(dict)

    def __enter__(self) -> "Endpoint":
        """Start it."""
        Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop it."""
        self.shutdown()
        self.server_close()


class _Visit(BaseHTTPRequestHandler):
    server: Endpoint

    def log_message(self, *_about: Any) -> None:
        pass

    def do_GET(self) -> None:
        """Note `/ssrf/SESSION/NUMBER/PARAMETER/`, and tell a session what was noted."""
        target = urlsplit(self.path)
        parts = target.path.strip("/").split("/")
        if len(parts) == 4 and parts[0] == "ssrf":
            _, session, number, parameter = parts
            noted = {"url": self.path, "date": "", "ip": "127.0.0.1", "method": "GET"}
            self.server.told[session].setdefault(number, {}).setdefault(parameter, []).append(noted)
        told = self.server.told[parse_qs(target.query).get("session_id", [""])[0]]
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
