import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from headstart.errors import NotAlive
from headstart.proof.alive import prove_alive
from headstart.proof.production import production_settings
from headstart.tasks import read_env

SMALL_SITE = Path(__file__).with_name("small_site.py")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder that looks like a rendered project and serves the small site."""
    project = tmp_path / "project"
    programs = project / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").symlink_to(sys.executable)
    (project / "pyproject.toml").write_text(
        "[tool.poe.tasks]\n"
        f"serve = \"python '{SMALL_SITE}'\"\n"
        "migrate = { cmd = \"python -c 'pass'\" }\n"
    )
    (project / ".env").write_text(
        "# What differs between machines\n"
        "SECRET_KEY=a=b\n"
        'NAME="quoted"\n'
        "\n"
        "DATABASE_URL=sqlite:///var/db.sqlite3\n"
    )
    return project


def test_a_project_that_works_is_proven_alive(project: Path) -> None:
    receipts = list(prove_alive(project, ("pages",)))
    assert receipts[0].step == "start"
    assert receipts[-1].step == "old session is dead"


def test_a_project_that_does_not_start_says_why(project: Path) -> None:
    file = project / "pyproject.toml"
    file.write_text(file.read_text().replace("small_site.py'", "small_site.py' dies"))
    with pytest.raises(NotAlive) as caught:
        list(prove_alive(project, ("pages",)))
    assert "SECRET_KEY is not set" in caught.value.hint


def test_a_step_that_fails_comes_with_the_end_of_the_log(project: Path) -> None:
    file = project / "pyproject.toml"
    broken = "small_site.py' 'answers 500'"
    file.write_text(file.read_text().replace("small_site.py'", broken))
    with pytest.raises(NotAlive, match="home page") as caught:
        list(prove_alive(project, ("pages",)))
    assert caught.value.hint.endswith("starting")


def test_the_proof_runs_on_a_copy_of_the_database(project: Path, tmp_path: Path) -> None:
    (project / "var").mkdir()
    with closing(sqlite3.connect(project / "var" / "db.sqlite3")) as original:
        original.execute("PRAGMA journal_mode=WAL")
        original.execute("CREATE TABLE thing AS SELECT 1 AS id")
        original.commit()
        settings = production_settings(project, tmp_path, 8000)
    url = settings["DATABASE_URL"]
    assert url == "sqlite:///../database.sqlite3"
    with closing(sqlite3.connect(tmp_path / "database.sqlite3")) as copy:
        assert copy.execute("SELECT id FROM thing").fetchall() == [(1,)]


def test_the_settings_are_those_of_production(project: Path, tmp_path: Path) -> None:
    settings = production_settings(project, tmp_path, 8123, workers=3)
    del settings["DATABASE_URL"]
    assert settings == {
        "DEBUG": "false",
        "SECRET_KEY": "a=b",
        "SITE_URL": "https://localhost",
        "ALLOWED_HOSTS": "localhost",
        "TRUSTED_PROXIES": "127.0.0.1",
        "PORT": "8123",
        "WEB_CONCURRENCY": "3",
        "MAIL_URL": "file:../mail",
        "LOG_LEVEL": "INFO",
    }


def test_an_env_file_is_read(project: Path) -> None:
    assert read_env(project / ".env") == {
        "SECRET_KEY": "a=b",
        "NAME": "quoted",
        "DATABASE_URL": "sqlite:///var/db.sqlite3",
    }
    assert read_env(project / "none") == {}
