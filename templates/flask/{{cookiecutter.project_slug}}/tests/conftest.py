"""What tests have in common: an application of its own for each, and people to use it."""

import os
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import IPv4Network
from pathlib import Path

import flask_migrate
import pytest
from argon2 import PasswordHasher
from flask import Flask
from pydantic import SecretStr
from sqlalchemy.orm import Session

from app import create_app, mail
from app.accounts import passwords
from app.accounts.models import User
from app.database import Base, db
from app.settings import Settings
from tests.browser import Browser, browser_for

PASSWORD = "four words nobody expects"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )


@pytest.fixture(autouse=True)
def no_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left for after the answer happens at once, so that tests see it."""

    def at_once(function: Callable[..., None], *args: object) -> None:
        function(*args)

    monkeypatch.setattr(mail, "later", at_once)


@pytest.fixture(scope="session")
def mail_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mail")


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, mail_folder: Path) -> Settings:
    """Those of a server in production, whatever the environment of the tests says."""
    sqlite = f"sqlite:///{tmp_path_factory.mktemp('database')}/test.sqlite3"
    return Settings(
        _env_file=None,
        debug=False,
        secret_key=SecretStr("a-key-that-is-only-good-enough-for-tests"),
        site_url="https://example.test",
        allowed_hosts=(),
        # An empty database that tests may do with as they like.
        database_url=SecretStr(os.environ.get("TEST_DATABASE_URL", sqlite)),
        mail_url=SecretStr(f"file://{mail_folder}"),
        trusted_proxies=(IPv4Network("192.0.2.1"),),
        log_level="INFO",
        demo_email="demo@example.com",
        demo_password=SecretStr(PASSWORD),
        admin_email="admin@example.com",
        admin_password=SecretStr(PASSWORD),
    )


@pytest.fixture(scope="session")
def migrated_app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade()
        engine = db.engine
    yield app
    engine.dispose()


@pytest.fixture
def app(migrated_app: Flask, mail_folder: Path) -> Iterator[Flask]:
    """The application, with neither rows in its database nor mails that were sent."""
    yield migrated_app
    for mail_file in mail_folder.iterdir():
        mail_file.unlink()
    with migrated_app.app_context(), db.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The database as tests look at it: not with the session of a request."""
    with app.app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def browser(app: Flask) -> Browser:
    return browser_for(app)


@pytest.fixture
def other_browser(app: Flask) -> Browser:
    return browser_for(app, address="203.0.113.8")


MakeUser = Callable[..., User]


@pytest.fixture
def make_user(session: Session) -> MakeUser:
    def make(email: str = "ada@example.com", *, is_staff: bool = False) -> User:
        user = User(
            email=email,
            display_name=email.partition("@")[0].title(),
            password_hash=passwords.hash_password(PASSWORD),
            is_staff=is_staff,
        )
        session.add(user)
        session.commit()
        return user

    return make


@pytest.fixture
def ada(browser: Browser, make_user: MakeUser) -> User:
    """A user who is logged in, in `browser`."""
    user = make_user()
    browser.log_in(user.email, PASSWORD)
    return user


@pytest.fixture
def mailbox(app: Flask, mail_folder: Path) -> Callable[[], list[EmailMessage]]:
    def read() -> list[EmailMessage]:
        return [
            message_from_bytes(path.read_bytes(), EmailMessage, policy=default)
            for path in sorted(mail_folder.glob("*.eml"))
        ]

    return read
