"""R10: what a generator makes of one project's description works with all of them."""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .api import Client, goods
from .deployments import Deployment
from .people import demo

PACKAGE = "generated_client"


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder where the client lies that was generated first."""
    return tmp_path_factory.mktemp("generated")


def generate(deployment: Deployment, shelf: Path) -> None:
    """Generate a client of what a project says of its API."""
    description, config = shelf / "openapi.json", shelf / "config.json"
    description.write_bytes(Client(deployment).get("/api/openapi.json").body)
    # Without what it would do afterwards: its result is not for reading.
    config.write_text(json.dumps({"post_hooks": []}))
    command = [str(Path(sys.executable).with_name("openapi-python-client")), "generate"]
    command += ["--path", str(description), "--config", str(config)]
    command += ["--meta", "none", "--output-path", str(shelf / PACKAGE), "--fail-on-warning"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_generated_client_works(
    deployment: Deployment, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R10, R1, R4, R5."""
    if not (shelf / PACKAGE).exists():
        generate(deployment, shelf)
    monkeypatch.syspath_prepend(str(shelf))

    def part(name: str) -> Any:
        return importlib.import_module(f"{PACKAGE}.{name}")

    def call(name: str, **what: Any) -> Any:
        answer = part(f"api.{name}").sync_detailed(**what)
        return answer.parsed if answer.status_code < 400 else answer.status_code

    models, clients = part("models"), part("client")
    host = deployment.site.partition("://")[2]
    where = {
        "base_url": f"http://127.0.0.1:{deployment.port}",
        "headers": {"Host": host, "X-Forwarded-Proto": "https"},
    }
    with clients.Client(**where) as stranger:
        before = call("products.list_products", client=stranger, page_size=3)
        assert len(before.items) == 3
        account = demo(deployment)
        credentials = models.Credentials(email=account.email, password=account.password)
        token = call("tokens.create_token", client=stranger, body=credentials)
    deployment.secrets |= {token.access_token}
    with clients.AuthenticatedClient(token=token.access_token, **where) as client:
        assert call("accounts.read_me", client=client).email == account.email
        sent = goods()
        new = models.NewProduct.from_dict(sent)
        made = call("products.create_product", client=client, body=new)
        assert (made.name, made.price, made.version) == (sent["name"], "19.90", 1)
        changed = call(
            "products.change_product",
            client=client,
            id=made.id,
            body=models.ProductChange(stock=8),
        )
        assert (changed.stock, changed.version, changed.name) == (8, 2, made.name)
        found = call("products.list_products", client=client, q=made.name)
        assert [one.id for one in found.items] == [made.id]
        assert found.items[0].created_at == made.created_at
        call("products.delete_product", client=client, id=made.id)
        assert call("products.read_product", client=client, id=made.id) == 404
        call("tokens.revoke_token", client=client)
        assert call("accounts.read_me", client=client) == 401
