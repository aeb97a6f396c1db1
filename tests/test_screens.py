"""What a person sees at the end, as a whole."""

from pathlib import Path

import pytest

from headstart.building import Built
from headstart.project import Project
from headstart.proof.receipts import Receipt
from headstart.screens import duration, last_screen

FINISHED = """\
Ann's Shop is ready in anns-shop  (2.5 s)
Flask, with accounts, pages and ci.

  Go there   cd anns-shop
  Start it   uv run poe dev     then open http://localhost:8000
  Test it    uv run poe check

Log in, on this machine only, as one of these; the second is staff:
  demo@example.com    secret one
  admin@example.com   secret two

Seen working, with production settings:
  home page      31 ms   `/` answers
  register       1.2 s   `/register` takes it

The same project again, without a question:
  headstart new …"""

FILES_ALONE = """\
Shop is ready in shop  (500 ms)
Django, with accounts and pages.

  Go there   cd shop
  Install    uv sync
  Database   create the one that DATABASE_URL in .env names
  Fill it    uv run poe seed
  Start it   uv run poe dev     then open http://localhost:8000
  Test it    uv run poe check

The same project again, without a question:
  headstart new …"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("headstart.screens.shutil.which", lambda _: "/usr/bin/uv")


def test_the_last_screen_of_a_finished_project(tmp_path: Path) -> None:
    folder = tmp_path / "anns-shop"
    folder.mkdir()
    (folder / ".env").write_text(
        "DEMO_EMAIL=demo@example.com\nDEMO_PASSWORD=secret one\n"
        "ADMIN_EMAIL=admin@example.com\nADMIN_PASSWORD=secret two\n"
    )
    receipts = (
        Receipt("home page", "`/` answers", 0.031),
        Receipt("register", "`/register` takes it", 1.24),
    )
    steps = {"render": 0.1, "packages": 1.0, "database": 0.4, "proof": 1.0}
    project = Project("Ann's Shop", "flask", ("pages", "ci"))
    built = Built(project, folder, receipts, steps, committed=True)
    assert plain(last_screen(built, "headstart new …")) == FINISHED


def test_the_last_screen_of_files_alone_says_what_is_left_to_do(tmp_path: Path) -> None:
    project = Project("Shop", "django", database="postgresql")
    built = Built(project, tmp_path / "shop", (), {"render": 0.5}, committed=False)
    assert plain(last_screen(built, "headstart new …")) == FILES_ALONE


def plain(text: str) -> str:
    import click

    return click.unstyle(text)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.0314, "31 ms"), (0.9994, "999 ms"), (12.34, "12.3 s")]
)
def test_times_read_well(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown
