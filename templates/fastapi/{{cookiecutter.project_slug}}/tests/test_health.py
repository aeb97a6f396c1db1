"""What whoever watches over the server asks."""

import sqlite3

import pytest
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from app.away import is_away
from app.main import create_app
from app.settings import Settings
from tests.client import Client


async def test_a_server_with_its_database_is_alive_and_ready(client: Client) -> None:
    alive, ready = await client.get("/healthz"), await client.get("/readyz")
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


async def test_without_its_database_it_is_alive_but_not_ready(
    settings: Settings,
) -> None:
    nowhere = SecretStr("postgresql://localhost:1/nowhere")
    app = create_app(settings.model_copy(update={"database_url": nowhere}))
    client = Client(app)
    alive, ready = await client.get("/healthz"), await client.get("/readyz")
    assert alive.status_code == 200
    assert (ready.status_code, ready.json()) == (503, {"status": "unavailable"})
    await app.state.engine.dispose()


async def test_health_can_be_asked_by_any_name_and_without_tls(
    client: Client,
) -> None:
    for path in ("/healthz", "/readyz"):
        response = await client.get(f"http://10.0.0.1{path}")
        assert response.status_code == 200


@pytest.mark.parametrize(
    ("code", "expected"), [(sqlite3.SQLITE_FULL, True), (sqlite3.SQLITE_ERROR, False)]
)
def test_a_full_disk_is_told_from_a_mistake_of_ours(code: int, expected: bool) -> None:
    cause = sqlite3.OperationalError("what SQLite says")
    cause.sqlite_errorcode = code
    error = OperationalError("SELECT 1", None, cause)
    assert is_away(error) is expected
