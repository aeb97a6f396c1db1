"""O10: what a variable says that it cannot mean is refused before anything starts."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from headstart.proof.server import free_port, running
from headstart.tasks import surroundings, task

from .crowds import soon
from .people import at_once
from .projects import FEATURES
from .test_faults_processes import workers

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


def surroundings_with(project: Path, **variables: str) -> dict[str, str]:
    """Return the environment of a server in production, with some variables of its own."""
    return surroundings(project) | {
        "DEBUG": "false",
        "SECRET_KEY": "s" * 50,
        "SITE_URL": "https://shop.test",
        "DATABASE_URL": "sqlite:///var/db.sqlite3",
        "PORT": str(free_port()),
        **variables,
    }


def serve(project: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Start a server that is to refuse."""
    return subprocess.run(
        task(project, "serve"),
        cwd=project,
        env=surroundings_with(project, **variables),
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
        answers = at_once(lambda name: serve(project, **{name: GARBAGE[name]}), some)
        for name, done in zip(some, answers, strict=True):
            check_refusal(done, name)


def check_refusal(done: "subprocess.CompletedProcess[str]", name: str) -> None:
    said = (done.stdout + done.stderr).strip()
    assert done.returncode not in (0, None), name
    assert re.fullmatch(rf"(error: )?{name}\b[^\n]+\.", said), f"{name}: {said}"
    assert "sesame" not in said


def test_a_number_of_workers_that_is_none_is_refused_too(project: Path, in_file: Path) -> None:
    """O10, U2: gunicorn reads it as well, before the project does, and in its own way."""
    for value in ("abc", "1.5"):
        check_refusal(serve(project, WEB_CONCURRENCY=value), "WEB_CONCURRENCY")
    write(in_file, "abc")
    check_refusal(serve(in_file), "WEB_CONCURRENCY")


@pytest.mark.parametrize("said", [{}, {"WEB_CONCURRENCY": ""}, {"WEB_CONCURRENCY": "3"}])
def test_the_number_of_workers_comes_from_the_environment_and_then_from_the_file(
    in_file: Path, tmp_path: Path, said: dict[str, str]
) -> None:
    """O10: an empty variable is not set."""
    write(in_file, "2" if said.get("WEB_CONCURRENCY") else "3")
    environment = surroundings_with(in_file, **said)
    port = int(environment["PORT"])
    with running(task(in_file, "serve"), in_file, environment, port, tmp_path / "log") as server:
        soon(lambda: len(workers(server)) == 3)


@pytest.fixture
def in_file(project: Path, tmp_path: Path) -> Path:
    """Return a project with the same packages, and a `.env` that may be changed."""
    copy = tmp_path / "project"
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns(".venv", "var"))
    (copy / ".venv").symlink_to(project / ".venv")
    (copy / "var").mkdir()
    return copy


def write(project: Path, number: str) -> None:
    """Let `.env` say how many processes answer."""
    lines = (project / ".env").read_text().splitlines()
    others = [line for line in lines if not line.startswith("WEB_CONCURRENCY=")]
    (project / ".env").write_text("\n".join([*others, f"WEB_CONCURRENCY={number}", ""]))


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
