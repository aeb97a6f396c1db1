"""R11: a tester that makes up requests by the description finds nothing, authorised or not."""

import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from .api import seller_of
from .databases import PostgreSQL
from .deployments import Deployment
from .test_api_documentation import DESCRIBED

pytestmark = [pytest.mark.property, pytest.mark.slow]

HERE = Path(__file__).parent
# How many requests are made up for each operation, at the most.
EXAMPLES = os.environ.get("PROPERTY_EXAMPLES", "25")
OPERATIONS = {
    operation["operationId"]: operation
    for methods in DESCRIBED["paths"].values()
    for operation in methods.values()
}


def answered(deployment: Deployment, scratch: Path, token: str) -> dict[str, set[int]]:
    """Have a project tested, and return the statuses that each operation has answered with."""
    statuses = scratch / "statuses"
    url = f"http://127.0.0.1:{deployment.port}"
    description = scratch / "openapi.json"
    description.write_bytes(deployment.visitor().get("/api/openapi.json").body)
    environment = os.environ | {
        "SCHEMATHESIS_HOOKS": "tests.contract.property_hooks",
        "PYTHONPATH": str(HERE.parents[1]),
        "CONTRACT_URL": url,
        "CONTRACT_SITE": deployment.site,
        "CONTRACT_TOKEN": token,
        "CONTRACT_MAILS": str(deployment.mailbox.folder),
        "CONTRACT_STATUSES": str(statuses),
    }
    program = str(Path(sys.executable).with_name("schemathesis"))
    command = [program, "--config-file", str(HERE / "schemathesis.toml"), "run", str(description)]
    command += ["--url", url, "--checks", "all", "--max-examples", EXAMPLES]
    command += ["--workers", "2", "--continue-on-failure", "--no-color", "--request-timeout", "5"]
    done = subprocess.run(command, env=environment, cwd=scratch, capture_output=True, text=True)
    assert done.returncode == 0, f"R11. {done.stdout}{done.stderr}"
    found = defaultdict(set)
    for line in statuses.read_text(encoding="utf-8").splitlines():
        operation, status = line.split()
        found[operation].add(int(status))
    return found


def test_made_up_requests_with_a_token_find_nothing(deployment: Deployment, tmp_path: Path) -> None:
    """R11."""
    found = answered(deployment, tmp_path, seller_of(deployment).token)
    assert found.keys() == OPERATIONS.keys()
    # Otherwise nothing but the refusal would have been tested.
    assert [name for name, statuses in found.items() if statuses <= {401, 429}] == []


def test_made_up_requests_without_a_token_find_nothing(
    deployment: Deployment, tmp_path: Path
) -> None:
    """R11."""
    if isinstance(deployment.database, PostgreSQL):
        pytest.skip("a stranger is refused before the database is asked")
    found = answered(deployment, tmp_path, "")
    assert found.keys() == OPERATIONS.keys()
    for name, operation in OPERATIONS.items():
        if "security" in operation:
            assert not any(200 <= status < 300 for status in found[name]), name
