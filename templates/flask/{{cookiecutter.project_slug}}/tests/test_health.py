"""What whoever watches over the server asks."""

import sqlite3

import pytest
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from app import create_app
from app.away import is_away
from app.settings import Settings
from tests.browser import Browser, browser_for


def test_a_server_with_its_database_is_alive_and_ready(browser: Browser) -> None:
    alive, ready = browser.get("/healthz"), browser.get("/readyz")
    assert (alive.status_code, alive.json) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json) == (200, {"status": "ready"})


def test_without_its_database_it_is_alive_but_not_ready(settings: Settings) -> None:
    gone = SecretStr("postgresql://localhost:1/nowhere")
    app = create_app(settings.model_copy(update={"database_url": gone}))
    alive, ready = browser_for(app).get("/healthz"), browser_for(app).get("/readyz")
    assert alive.status_code == 200
    assert (ready.status_code, ready.json) == (503, {"status": "unavailable"})


def test_health_can_be_asked_by_any_name_and_without_tls(
    browser: Browser,
) -> None:
    for path in ("/healthz", "/readyz"):
        response = browser.get(path, base_url="http://10.0.0.1")
        assert response.status_code == 200


@pytest.mark.parametrize(
    ("code", "expected"), [(sqlite3.SQLITE_FULL, True), (sqlite3.SQLITE_ERROR, False)]
)
def test_a_full_disk_is_told_from_a_mistake_of_ours(code: int, expected: bool) -> None:
    cause = sqlite3.OperationalError("what SQLite says")
    cause.sqlite_errorcode = code
    error = OperationalError("SELECT 1", None, cause)
    assert is_away(error) is expected
