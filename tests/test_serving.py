"""A project that is left running is shown in a browser as soon as it answers."""

import sys
import threading
from pathlib import Path

import pytest

from headstart import serving
from headstart.proof.server import free_port

POE = """#!{python}
import http.server, os, sys, time
assert sys.argv[1:] == ["dev"]
port = int(os.environ["PORT"])
assert os.environ["SITE_URL"] == f"http://localhost:{{port}}"
with http.server.HTTPServer(("127.0.0.1", port), http.server.SimpleHTTPRequestHandler) as server:
    server.handle_request()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "poe").write_text(POE.format(python=sys.executable))
    (programs / "poe").chmod(0o755)
    return tmp_path


def test_the_browser_opens_where_the_project_answers(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    seen = threading.Event()

    def open_browser(url: str) -> None:
        opened.append(url)
        seen.set()

    monkeypatch.setattr("webbrowser.open", open_browser)
    # The signals are pytest's.
    monkeypatch.setattr(serving, "listen", lambda: None)
    monkeypatch.setattr(serving, "PORT", free_port())
    serving.serve(project)
    assert seen.wait(5)
    assert opened == [f"http://localhost:{serving.PORT}"]
