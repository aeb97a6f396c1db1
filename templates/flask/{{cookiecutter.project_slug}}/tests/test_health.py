"""What whoever watches over the server asks."""

from pydantic import SecretStr

from app import create_app
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
