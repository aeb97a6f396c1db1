"""What the environment may say, and what production refuses to start with."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from config import services
from config.environment import Environment, SettingsError

PROJECT = Path(__file__).parent.parent
KEY = "a-key-that-is-long-enough-to-be-taken-seriously"
NAMES = (
    "SECRET_KEY",
    "DEBUG",
    "SITE_URL",
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "MAIL_URL",
    "PORT",
    "WEB_CONCURRENCY",
    "LOG_LEVEL",
    "TRUSTED_PROXIES",
)
PRODUCTION = {"SECRET_KEY": KEY, "SITE_URL": "https://www.example.com"}


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Any:
    def load(**variables: str) -> dict[str, Any]:
        for name in NAMES:
            monkeypatch.setenv(name, variables.get(name, ""))
        return runpy.run_path(str(PROJECT / "config" / "settings.py"))

    return load


def test_production_is_safe_by_default(load: Any) -> None:
    settings = load(**PRODUCTION)
    assert settings["DEBUG"] is False
    assert settings["ALLOWED_HOSTS"] == ["www.example.com"]
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert settings["SECURE_HSTS_SECONDS"] == 31536000
    assert settings["EMAIL_HOST"] == "localhost"
    assert settings["TRUSTED_PROXIES"] == []


def test_development_needs_nothing_but_debug(load: Any) -> None:
    settings = load(DEBUG="true", PORT="8123")
    assert settings["SITE_URL"] == "http://localhost:8123"
    assert "127.0.0.1" in settings["ALLOWED_HOSTS"]
    assert settings["SECURE_HSTS_SECONDS"] == 0
    assert settings["EMAIL_FILE_PATH"] == settings["BASE_DIR"] / "var" / "mail"


@pytest.mark.parametrize(
    "key", ["", "short", "example-replace-this-by-random-characters"]
)
def test_production_refuses_to_start_without_a_real_secret(load: Any, key: str) -> None:
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        load(**PRODUCTION | {"SECRET_KEY": key})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", ""),
        ("SITE_URL", "www.example.com"),
        ("SITE_URL", "https://www.example.com/shop"),
        ("SITE_URL", "https://[::1"),
        ("DEBUG", "maybe"),
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "99999"),
        ("PORT", "1" * 5000),
        ("WEB_CONCURRENCY", "-1"),
        ("WEB_CONCURRENCY", "0"),
        ("WEB_CONCURRENCY", "two"),
        ("SITE_URL", "https://me:secret@example.com"),
        ("SITE_URL", "https://example.com:0"),
        ("SITE_URL", "https://exämple.com"),
        ("ALLOWED_HOSTS", "https://example.com"),
        ("ALLOWED_HOSTS", "example.com:8000"),
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
        ("DATABASE_URL", "mysql://localhost/shop"),
        ("DATABASE_URL", "postgresql://localhost:5432"),
        ("DATABASE_URL", "postgresql://localhost:abc/shop"),
        ("DATABASE_URL", "sqlite://"),
        ("MAIL_URL", "mail.example.com"),
        ("MAIL_URL", "smtp://me:my#secret@mail.example.com"),
        ("MAIL_URL", "smtp://mail.example.com:99999"),
        ("TRUSTED_PROXIES", "proxy.example.com"),
    ],
)
def test_an_unusable_variable_is_named(load: Any, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as told:
        load(**PRODUCTION | {name: value})
    assert "\n" not in str(told.value)
    assert "'my'" not in str(told.value)


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".env"
    file.write_text("# ONE=0\nONE=1\nTWO = 'a = b'\nTHREE=3\nnonsense\n\nFOUR=\n")
    monkeypatch.setenv("ONE", "from outside")
    monkeypatch.setenv("THREE", "")
    env = Environment(file)
    assert env.text("ONE") == "from outside"
    assert env.text("TWO") == "a = b"
    assert env.text("THREE", "default") == "default"
    assert env.text("FOUR", "default") == "default"
    assert Environment(tmp_path / "missing").text("TWO", "default") == "default"


def test_every_variable_is_in_the_example_with_a_comment() -> None:
    example = (PROJECT / ".env.example").read_text("utf-8")
    blocks = example.split("\n\n")
    for name in NAMES:
        [block] = [block for block in blocks if f"\n{name}=" in f"\n{block}"]
        assert block.startswith("# ")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///var/db.sqlite3", {"NAME": "{base}/var/db.sqlite3"}),
        ("sqlite:///{base}/other/a%20b", {"NAME": "{base}/other/a b"}),
        ("postgresql:///shop", {"HOST": "", "PORT": "", "NAME": "shop", "USER": ""}),
        (
            "postgresql://me:p%40ss%2F@db.example.com:5433/shop",
            {
                "HOST": "db.example.com",
                "PORT": "5433",
                "NAME": "shop",
                "USER": "me",
                "PASSWORD": "p@ss/",
            },
        ),
        (
            "postgresql://me@/shop?host=/run/postgresql&sslmode=require",
            {
                "HOST": "/run/postgresql",
                "NAME": "shop",
                "OPTIONS": {"connect_timeout": 2, "sslmode": "require"},
            },
        ),
    ],
)
def test_a_database_is_an_address(
    tmp_path: Path, url: str, expected: dict[str, Any]
) -> None:
    settings = services.database(url.replace("{base}", str(tmp_path)), tmp_path)
    for name, value in expected.items():
        wanted = str(value).replace("{base}", str(tmp_path))
        assert str(settings[name]) == wanted


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://localhost", services.Mail(host="localhost", port=25)),
        (
            "smtp://me:p%40ss@mail.example.com:587",
            services.Mail(
                host="mail.example.com", port=587, user="me", password="p@ss", tls=True
            ),
        ),
        (
            "smtps://me:pass@mail.example.com",
            services.Mail(
                host="mail.example.com", port=465, user="me", password="pass", ssl=True
            ),
        ),
    ],
)
def test_a_mail_server_is_an_address(
    tmp_path: Path, url: str, expected: services.Mail
) -> None:
    assert services.mail(url, tmp_path) == expected


@pytest.mark.parametrize("url", ["file:var/mail", "file://{base}/var/mail"])
def test_a_mail_folder_is_an_address(tmp_path: Path, url: str) -> None:
    mail = services.mail(url.replace("{base}", str(tmp_path)), tmp_path)
    assert mail.folder == tmp_path / "var" / "mail"
