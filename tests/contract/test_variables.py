"""O10: what a variable says that it cannot mean is refused before anything starts."""

import re
import subprocess
from pathlib import Path

import pytest

from headstart.proof.server import free_port
from headstart.tasks import surroundings, task

from .people import at_once
from .projects import FEATURES

GARBAGE = {
    "ALLOWED_HOSTS": "https://shop.test:443",
    "DATABASE_URL": "postgresql://me:sesame@localhost/shop?strange=1",
    "DEBUG": "perhaps",
    "LOG_LEVEL": "chatty",
    "MAIL_URL": "smtp://me:sesame#1@mail.example.com",
    "PORT": "eighty",
    "REDIS_URL": "redis://:sesame@localhost:6379/0?strange=1",
    "SITE_URL": "https://me:sesame@shop.test/path",
    "TRUSTED_PROXIES": "10.0.0.0/8, garbage",
    "WEB_CONCURRENCY": "0",
}
AT_ONCE = 2


def serve(project: Path, name: str) -> "subprocess.CompletedProcess[str]":
    """Start a server with one variable that is garbage."""
    environment = surroundings(project) | {
        "DEBUG": "false",
        "SECRET_KEY": "s" * 50,
        "SITE_URL": "https://shop.test",
        "DATABASE_URL": "sqlite:///var/db.sqlite3",
        "PORT": str(free_port()),
        name: GARBAGE[name],
    }
    return subprocess.run(
        task(project, "serve"),
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_garbage_in_a_variable_is_refused_with_one_sentence(project: Path) -> None:
    """O10, U2."""
    names = [name for name in GARBAGE if name != "REDIS_URL" or "realtime" in FEATURES]
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        for name, done in zip(some, at_once(lambda n: serve(project, n), some), strict=True):
            said = (done.stdout + done.stderr).strip()
            assert done.returncode not in (0, None), name
            assert re.fullmatch(rf"(error: )?{name}\b[^\n]+\.", said), f"{name}: {said}"
            assert "sesame" not in said


@pytest.mark.parametrize("command", ["migrate", "serve"])
def test_every_command_refuses_garbage(project: Path, command: str) -> None:
    """O10."""
    done = subprocess.run(
        task(project, command),
        cwd=project,
        env=surroundings(project) | {"DEBUG": "true", "DATABASE_URL": "mysql://localhost/shop"},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "Traceback" not in said
    assert "DATABASE_URL" in said
