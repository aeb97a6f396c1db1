"""What tests have in common: an empty application, and people to use it."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import passwords
from app.accounts.models import User
from app.database import Base
from app.mail import mail_folder
from app.main import create_app
from app.settings import Settings
from tests.client import Client

# Each interface has helpers of its own.
pytest_plugins = [
    f"tests.{path.stem}" for path in Path(__file__).parent.glob("fixtures_*.py")
]

# Nothing that a site could be called, for that is refused.
PASSWORD = "x7Kq-92mV-tR5w-Zp3c"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Those of a server in production, but for the addresses of its neighbours."""
    folder = tmp_path_factory.mktemp("server")
    sqlite = f"sqlite:///{folder}/test.sqlite3"
    return Settings(
        debug=False,
        secret_key=SecretStr("a-key-that-is-only-good-enough-for-tests"),
        site_url="https://example.test",
        database_url=SecretStr(os.environ.get("TEST_DATABASE_URL", sqlite)),
        mail_url=SecretStr(f"file://{folder}/mail"),
        trusted_proxies=(IPv4Network("192.0.2.1"),),
        demo_password=SecretStr(PASSWORD),
        admin_password=SecretStr(PASSWORD),
    )


@pytest.fixture(scope="session")
async def shared_app(settings: Settings) -> AsyncIterator[FastAPI]:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        async with app.state.engine.begin() as connection:
            await connection.run_sync(Base.metadata.drop_all)
            await connection.run_sync(Base.metadata.create_all)
        yield app


@pytest.fixture
async def app(shared_app: FastAPI, settings: Settings) -> FastAPI:
    """The application, and nothing in its database and its mailbox."""
    async with shared_app.state.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            await connection.execute(table.delete())
    for path in mail_paths(settings):
        path.unlink()
    return shared_app


@pytest.fixture
async def session(app: FastAPI) -> AsyncIterator[AsyncSession]:
    async with app.state.sessions() as session:
        yield session


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[Client]:
    async with Client(app) as client:
        yield client


MakeUser = Callable[..., Awaitable[User]]


@pytest.fixture
def make_user(session: AsyncSession) -> MakeUser:
    async def make(email: str = "ada@example.com", *, is_staff: bool = False) -> User:
        user = User(
            email=email,
            display_name=email.partition("@")[0].title(),
            password_hash=passwords.hash_password(PASSWORD),
            is_staff=is_staff,
        )
        session.add(user)
        await session.commit()
        return user

    return make


Mailbox = Callable[[], list[EmailMessage]]


@pytest.fixture
def mailbox(settings: Settings) -> Mailbox:
    def read() -> list[EmailMessage]:
        return [
            BytesParser(EmailMessage, policy=default).parsebytes(path.read_bytes())
            for path in mail_paths(settings)
        ]

    return read


def mail_paths(settings: Settings) -> list[Path]:
    """The mails that were sent, the oldest first."""
    folder = mail_folder(settings)
    assert folder
    return sorted(folder.glob("*.eml"))
