"""The commands: migrate, seed, admin-user, check-deploy, and what a server logs."""

import json
import logging
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import uvicorn
from alembic import command
from alembic.config import Config
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import check_deploy, seed
from app.accounts.models import User
from app.accounts.passwords import verify_password
from app.accounts.services import authenticate
from app.admin_user import add_admin_user
from app.catalogue.models import Product
from app.logs import JsonFormatter, request_id
from app.main import create_app
from app.settings import PROJECT, Settings
from tests.client import Client
from tests.conftest import PASSWORD


def test_no_migration_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/empty.sqlite3")
    config = Config(toml_file=PROJECT / "pyproject.toml")
    command.upgrade(config, "head")
    command.check(config)
    with closing(sqlite3.connect(tmp_path / "empty.sqlite3")) as database:
        query = "SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"
        assert dict.fromkeys(database.execute(query)) == {
            ("user_account",): None,
            ("product",): None,
        }
    command.downgrade(config, "base")


async def test_seeding_twice_adds_nothing(
    session: AsyncSession, settings: Settings
) -> None:
    for _ in range(2):
        await seed.seed(session, settings)
    counts = select(Product.owner_id, func.count()).group_by(Product.owner_id)
    assert [count for _, count in await session.execute(counts)] == [12, 12]
    users = {user.email: user for user in await session.scalars(select(User))}
    assert set(users) == {"demo@example.com", "admin@example.com"}
    assert users["admin@example.com"].is_staff
    assert not users["demo@example.com"].is_staff
    assert verify_password(PASSWORD, users["demo@example.com"].password_hash)


def test_sample_data_is_not_for_production(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seed, "load_settings", lambda: settings)
    with pytest.raises(SystemExit, match="DEBUG"):
        seed.main()


async def test_a_member_of_the_staff_is_made_once_with_a_good_password(
    session: AsyncSession,
) -> None:
    await add_admin_user(session, "Boss@example.com", "Boss", PASSWORD)
    boss = await authenticate(session, "boss@example.com", PASSWORD, "")
    assert boss
    assert boss.is_staff
    with pytest.raises(ValueError, match="already"):
        await add_admin_user(session, "boss@example.com", "Boss", PASSWORD)
    with pytest.raises(ValueError, match="at least 12"):
        await add_admin_user(session, "other@example.com", "Other", "short")
    with pytest.raises(ValueError, match="one line"):
        await add_admin_user(session, "other@example.com", "Other\x1b[31m", PASSWORD)


def test_unsafe_settings_are_told_before_they_are_deployed(settings: Settings) -> None:
    smtp = settings.model_copy(update={"mail_url": SecretStr("smtp://localhost:25")})
    assert check_deploy.complaints(smtp) == []
    unsafe = settings.model_copy(
        update={"debug": True, "site_url": "http://a.test", "allowed_hosts": ("*",)}
    )
    assert len(check_deploy.complaints(unsafe)) == 4


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


async def test_no_server_writes_a_line_of_its_own(settings: Settings) -> None:
    app = create_app(settings)
    uvicorn.Config(app)
    async with app.router.lifespan_context(app):
        assert logging.getLogger("uvicorn.access").disabled


async def test_one_line_for_each_request_and_no_token_in_it(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "app.requests")
    token = "t" * 43
    await client.get("/healthz", headers={"Authorization": f"Bearer {token}"})
    await client.get(f"/somewhere/{token}/", headers={"X-Request-ID": "our-number"})
    known, unknown = caplog.messages
    assert known.startswith("GET /healthz 200 ")
    assert unknown.startswith("GET /somewhere/{token}/ 308 ")


@pytest.mark.parametrize("value", ["two", "0", "1.5"])
def test_the_server_says_in_one_sentence_what_is_wrong(value: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "app"],
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
