"""The commands: migrate, seed, admin-user, check-deploy, and what a server logs."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.models import User
from app.accounts.passwords import verify_password
from app.catalogue.models import Product
from app.commands import complaints
from app.logs import JsonFormatter, request_id
from app.settings import PROJECT, Settings
from tests.browser import Browser
from tests.conftest import PASSWORD


def run(app: Flask, *words: str) -> str:
    result = app.test_cli_runner().invoke(args=words)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.output


def test_no_migration_is_missing(tmp_path: Path, settings: Settings) -> None:
    empty = SecretStr(f"sqlite:///{tmp_path}/empty.sqlite3")
    app = create_app(settings.model_copy(update={"database_url": empty}))
    runner = app.test_cli_runner()
    for words in (["upgrade"], ["check"], ["downgrade", "base"]):
        result = runner.invoke(args=["db", *words])
        assert result.exit_code == 0, result.output


def test_seeding_twice_adds_nothing(
    app: Flask, settings: Settings, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    development = settings.model_copy(update={"debug": True})
    monkeypatch.setitem(app.config, "SETTINGS", development)
    run(app, "db", "stamp")
    assert run(app, "seed") == "Added 24 sample products.\n"
    assert run(app, "seed") == "Added 0 sample products.\n"
    counts = select(Product.owner_id, func.count()).group_by(Product.owner_id)
    assert [count for _, count in session.execute(counts)] == [12, 12]
    users = {user.email: user for user in session.scalars(select(User))}
    assert set(users) == {"demo@example.com", "admin@example.com"}
    assert users["admin@example.com"].is_staff
    assert not users["demo@example.com"].is_staff
    assert verify_password(PASSWORD, users["demo@example.com"].password_hash)


def test_sample_data_is_not_for_production(app: Flask, session: Session) -> None:
    assert "DEBUG" in run(app, "seed")
    assert session.scalar(select(func.count(User.id))) == 0


def test_a_member_of_the_staff_is_made_once_with_a_good_password(
    app: Flask, session: Session
) -> None:
    def admin_user(email: str, password: str, name: str = "Boss") -> str:
        names = ("--email", email, "--display-name", name)
        return run(app, "admin-user", *names, "--password", password)

    assert "can log in" in admin_user("Boss@example.com", PASSWORD)
    boss = session.scalars(select(User)).one()
    assert (boss.email, boss.is_staff) == ("boss@example.com", True)
    assert verify_password(PASSWORD, boss.password_hash)
    assert "already" in admin_user("boss@example.com", PASSWORD)
    assert "at least 12" in admin_user("other@example.com", "short")
    assert "one line" in admin_user("other@example.com", PASSWORD, "Boss\x1b[31m")


def test_unsafe_settings_are_told_before_they_are_deployed(settings: Settings) -> None:
    smtp = settings.model_copy(update={"mail_url": SecretStr("smtp://localhost:25")})
    assert complaints(smtp) == []
    unsafe = settings.model_copy(
        update={"debug": True, "site_url": "http://a.test", "allowed_hosts": ("*",)}
    )
    assert len(complaints(unsafe)) == 4


def test_a_server_logs_one_json_object_a_line() -> None:
    request_id.set("our-number")
    try:
        raise ValueError("two\nlines")
    except ValueError:
        record = logging.LogRecord(
            "app", logging.ERROR, "", 0, "%s broke", ("it",), sys.exc_info()
        )
    line = JsonFormatter().format(record)
    assert "\n" not in line
    entry = json.loads(line)
    assert entry["message"] == "it broke"
    assert entry["request_id"] == "our-number"
    assert "ValueError" in entry["exception"]


def test_one_line_for_each_request_and_no_token_in_it(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "app.requests")
    token = "t" * 43
    browser.get("/healthz?because=nothing")
    browser.get(f"/somewhere/{token}", headers={"X-Request-ID": "our-number"})
    known, unknown = caplog.messages
    assert known.startswith("GET /healthz 200 ")
    assert unknown.startswith("GET /somewhere/{token} 404 ")


@pytest.mark.parametrize("value", ["two", "0", "1.5"])
def test_the_server_says_in_one_sentence_what_is_wrong(value: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "app.serve"],
        cwd=PROJECT,
        env=os.environ | {"DEBUG": "true", "WEB_CONCURRENCY": value},
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert result.returncode == 1
    assert result.stderr.startswith("WEB_CONCURRENCY")
    assert result.stderr.count("\n") == 1
