"""Which settings the application starts with, and with which it refuses to."""

import pytest
from pydantic import SecretStr
from sqlalchemy import URL

from app.database import engine_for
from app.settings import PROJECT, Settings, load_settings

SECRET = "an-own-secret-of-more-than-32-characters"
VARIABLES = [name.upper() for name in Settings.model_fields]
# Written by SQLAlchemy: the name of a folder may have signs that an address must not.
IN_PROJECT = URL.create("sqlite+aiosqlite", database=f"{PROJECT}/var/x.sqlite3")


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    for variable in VARIABLES:
        monkeypatch.setenv(variable, "")


def test_production_starts_with_a_secret_and_an_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("SITE_URL", "https://Shop.example.com/")
    settings = load_settings()
    assert settings.debug is False
    assert settings.origin == "https://shop.example.com"
    assert settings.hosts == ("shop.example.com",)
    assert settings.mail_url == SecretStr("smtp://localhost:25")


@pytest.mark.parametrize(
    "key", ["", "short", "example-replace-me-with-32-or-more-random-characters"]
)
def test_production_refuses_to_start_without_a_real_secret(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("SITE_URL", "https://example.com")
    monkeypatch.setenv("SECRET_KEY", key)
    with pytest.raises(SystemExit, match=r"^SECRET_KEY"):
        load_settings()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SITE_URL", ""),
        ("SITE_URL", "example.com"),
        ("TRUSTED_PROXIES", "*"),
        ("SITE_URL", "https://[example.com"),
        ("SITE_URL", "https://example.com:port"),
        ("MAIL_URL", "smtp+tls://me:secret@example.com"),
        ("MAIL_URL", "smtp://me:sec#ret@example.com"),
        ("MAIL_URL", "smtp://example.com:99999"),
        ("MAIL_URL", "smtp://[example.com"),
        ("DATABASE_URL", "mysql://localhost/shop"),
        ("DATABASE_URL", "postgres://localhost/shop"),
        ("DATABASE_URL", "postgresql://localhost:port/shop"),
        ("DATABASE_URL", "var/db.sqlite3"),
        ("SITE_URL", "https://example.com/shop"),
        ("SITE_URL", "https://me:secret@example.com"),
        ("SITE_URL", "https://example.com:0"),
        ("SITE_URL", "https://exämple.com"),
        ("ALLOWED_HOSTS", "https://example.com"),
        ("ALLOWED_HOSTS", "example.com:8000"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:////dev/null/shop.sqlite3"),
        ("DATABASE_URL", "postgresql://localhost"),
        ("DATABASE_URL", "postgresql://localhost:0/shop"),
        ("DATABASE_URL", "postgresql://me:sec#ret@localhost/shop"),
        ("DATABASE_URL", "postgresql://localhost/shop?strange=1"),
        ("MAIL_URL", "smtp://"),
        ("MAIL_URL", "smtp://example.com:0"),
        ("MAIL_URL", "file:"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, proxy"),
        ("LOG_LEVEL", "verbose"),
        ("WEB_CONCURRENCY", "0"),
        ("WEB_CONCURRENCY", "two"),
        ("PORT", "99999"),
        ("PORT", "http"),
        ("DEBUG", "perhaps"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_starts(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("SITE_URL", "https://example.com")
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit, match=f"^{variable}") as stop:
        load_settings()
    assert SECRET not in str(stop.value)


def test_development_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "true")
    monkeypatch.setenv("PORT", "8123")
    settings = load_settings()
    assert settings.origin == "http://localhost:8123"
    assert settings.hosts == ("localhost", "localhost", "127.0.0.1", "[::1]")
    assert settings.mail_url == SecretStr("file:var/mail")


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "true")
    monkeypatch.setenv("ALLOWED_HOSTS", "one.test, two.test")
    assert load_settings().hosts == ("one.test", "two.test")


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("sqlite:///var/x.sqlite3", IN_PROJECT.render_as_string()),
        ("postgresql://me@db:5433/shop", "postgresql+asyncpg://me@db:5433/shop"),
        (
            "postgresql:///shop?host=/run/pg",
            "postgresql+asyncpg:///shop?host=%2Frun%2Fpg",
        ),
        (
            "postgresql://db/shop?sslmode=require",
            "postgresql+asyncpg://db/shop?ssl=require",
        ),
    ],
)
def test_the_database_is_named_without_its_driver(written: str, used: str) -> None:
    assert engine_for(written).url.render_as_string() == used


def test_every_variable_is_explained_in_the_example() -> None:
    example = (PROJECT / ".env.example").read_text(encoding="utf-8")
    named = [line.partition("=")[0] for line in example.splitlines() if "=" in line]
    assert {name for name in named if name.isupper()} == set(VARIABLES)
