"""The image, made and started: it is what the Dockerfile says, and serves the site."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import yaml

from headstart.building import Plan, build
from headstart.project import Project
from headstart.proof.server import free_port
from headstart.screens import PlainProgress
from headstart.template import FRAMEWORKS

from .images import Stage, carry_out, lack

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(lack()), reason=lack())]

HOST = "shop.test"
GIVEN = {
    "SITE_HOST": HOST,
    "SECRET_KEY": "what-nobody-else-knows-and-nobody-can-guess",
    "MAIL_URL": "smtp://localhost:25",
}
INTERPOLATED = re.compile(r"\$\{(\w+):([?-])([^}]*)\}")


@dataclass(frozen=True)
class Image:
    """An image, and the compose file that it runs under."""

    stage: Stage
    compose: dict[str, Any]

    def environment(self, port: int) -> dict[str, str]:
        """What the compose file gives the site, on another port."""
        given = self.compose["services"]["web"]["environment"]
        return self.stage.environment | {
            **{name: INTERPOLATED.sub(_value, value) for name, value in given.items()},
            "PORT": str(port),
        }

    def words(self, command: list[str]) -> list[str]:
        return self.stage.words(command, self.stage.user, read_only=True)


def _value(found: re.Match[str]) -> str:
    return GIVEN[found[1]] if found[2] == "?" else found[3]


@pytest.fixture(scope="module", params=list(FRAMEWORKS))
def image(request: pytest.FixtureRequest) -> Iterator[Image]:
    # Not in pytest's own folder, which only its owner may enter.
    folder = Path(tempfile.mkdtemp(prefix="image-"))
    try:
        folder.chmod(0o755)
        (folder / "cache").mkdir()
        project = Project("Shop", request.param, ("pages", "api", "docker"))
        made = build(project, folder / "shop", Plan(verify="none", git=False), PlainProgress())
        stages = folder / "stages"
        stages.mkdir()
        compose = yaml.safe_load((made.folder / "compose.yaml").read_text())
        image = Image(carry_out(made.folder, stages, _cache(folder)), compose)
        migrate = image.words(compose["services"]["migrate"]["command"])
        subprocess.run(migrate, env=image.environment(8000), check=True)
        yield image
    finally:
        shutil.rmtree(folder)


def _cache(folder: Path) -> Path:
    """What has been downloaded before, if it can be had."""
    home = Path.home() / ".cache"
    return home if (home / "uv").is_dir() else folder / "cache"


@contextmanager
def started(image: Image) -> "Iterator[tuple[subprocess.Popen[bytes], int]]":
    port = free_port()
    environment = image.environment(port)
    process = subprocess.Popen(
        image.words(image.stage.command), env=environment, start_new_session=True
    )
    try:
        _wait_until_healthy(image, environment, process)
        yield process, port
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_until_healthy(
    image: Image, environment: dict[str, str], process: "subprocess.Popen[bytes]"
) -> None:
    for _ in range(30):
        assert process.poll() is None
        asked = image.words(image.stage.health)
        if subprocess.run(asked, env=environment, check=False, capture_output=True).returncode == 0:
            return
    pytest.fail("it did not become healthy")


def ask(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def test_it_holds_the_site_and_nothing_that_is_secret_or_only_for_development(
    image: Image,
) -> None:
    inside = image.stage.inside(".")
    names = {path.name for path in inside.iterdir()}
    assert {".venv", "pyproject.toml"} <= names
    assert not names & {".env", ".env.example", ".env.production.example", ".git", "tests"}
    programs = {path.name for path in (inside / ".venv" / "bin").iterdir()}
    assert not programs & {"pytest", "mypy", "ruff", "uv", "poe"}
    assert not (image.stage.root / "root" / "tools").exists()
    assert not list(inside.glob("*.sqlite3"))
    assert all(path.lstat().st_uid == 0 for path in inside.rglob("*"))


def test_its_bytecode_is_there(image: Image) -> None:
    inside = image.stage.inside(".")
    modules = [path for path in inside.rglob("*.py") if ".venv" not in path.parts]
    assert modules
    for path in modules:
        assert list(path.parent.glob(f"__pycache__/{path.stem}.*.pyc")), path


def test_it_is_healthy_serves_the_site_and_ends_when_it_is_asked_to(image: Image) -> None:
    with started(image) as (process, port):
        assert ask(port, "/readyz", Host=HOST)[0] == 200
        status, headers, _ = ask(port, "/", Host=HOST)
        assert status in (301, 307, 308)
        assert headers.get("Location", headers.get("location")) == f"https://{HOST}/"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_behind_its_proxy_pages_and_their_files_are_served(
    image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = image.compose["services"]["web"]["environment"]
    monkeypatch.setitem(environment, "TRUSTED_PROXIES", "127.0.0.1")
    with started(image) as (_, port):
        proxied = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
        status, _, page = ask(port, "/", **proxied)
        assert status == 200
        styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.decode())
        assert styles
        for path in styles:
            assert ask(port, path, **proxied)[0] == 200
        assert ask(port, "/api/products", **proxied)[0] == 200


def test_it_is_not_healthy_when_nobody_answers(image: Image) -> None:
    asked = image.words(image.stage.health)
    environment = image.environment(free_port())
    assert subprocess.run(asked, env=environment, check=False, capture_output=True).returncode != 0


def test_it_writes_to_its_data_and_nowhere_else(image: Image) -> None:
    environment = image.environment(8000)
    for path, may in (("/data/file", True), ("file", False), ("/etc/file", False)):
        tried = image.words(["python", "-c", f"open({path!r}, 'w')"])
        ended = subprocess.run(tried, env=environment, check=False, capture_output=True)
        assert (ended.returncode == 0) == may, path


def test_without_a_secret_it_does_not_start(image: Image) -> None:
    environment = {**image.environment(free_port()), "SECRET_KEY": ""}
    tried = image.words(image.stage.command)
    ended = subprocess.run(tried, env=environment, check=False, capture_output=True, timeout=30)
    assert ended.returncode != 0
    assert b"SECRET_KEY" in ended.stdout + ended.stderr
