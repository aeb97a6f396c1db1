"""Leave a finished project running, with the browser open."""

import socket
import threading
import time
import webbrowser
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from headstart.interrupts import listen
from headstart.proof.server import free_port
from headstart.running import guarded
from headstart.tasks import surroundings

PORT = 8000
PATIENCE = 30.0


def serve(folder: Path) -> None:
    """Run a project's development server until it ends or is interrupted.

    Args:
        folder: the project's folder.
    """
    port = _port()
    url = f"http://localhost:{port}"
    environment = {**surroundings(folder), "PORT": str(port), "SITE_URL": url}
    threading.Thread(target=_open_when_ready, args=(port, url), daemon=True).start()
    words = [str(folder / ".venv/bin/poe"), "dev"]
    listen()
    with guarded(words, folder, environment) as server:
        try:
            server.wait()
        except KeyboardInterrupt:
            server.terminate()
            server.wait()


def _port() -> int:
    """Return the port that the README speaks of, or a free one where that is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            return free_port()
    return PORT


def _open_when_ready(port: int, url: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        connection = HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except (OSError, HTTPException):
            time.sleep(0.1)
        else:
            webbrowser.open(url)
            return
        finally:
            connection.close()
