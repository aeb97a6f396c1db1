"""What whoever watches over the server asks."""

from pydantic import SecretStr

from app.main import create_app
from app.settings import Settings
from tests.browser import Browser


async def test_a_server_with_its_database_is_alive_and_ready(browser: Browser) -> None:
    alive, ready = await browser.get("/healthz"), await browser.get("/readyz")
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


async def test_without_its_database_it_is_alive_but_not_ready(
    settings: Settings,
) -> None:
    nowhere = SecretStr("postgresql://localhost:1/nowhere")
    app = create_app(settings.model_copy(update={"database_url": nowhere}))
    browser = Browser(app)
    alive, ready = await browser.get("/healthz"), await browser.get("/readyz")
    assert alive.status_code == 200
    assert (ready.status_code, ready.json()) == (503, {"status": "unavailable"})
    await app.state.engine.dispose()


async def test_health_can_be_asked_by_any_name_and_without_tls(
    browser: Browser,
) -> None:
    for path in ("/healthz", "/readyz"):
        response = await browser.get(f"http://10.0.0.1{path}")
        assert response.status_code == 200
