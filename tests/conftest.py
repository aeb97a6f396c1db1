"""What all tests share."""

import json
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from headstart.template import FRAMEWORKS

ROOT = Path(__file__).parents[1]
# The parameters of what takes long to be made.
SHARED = ("framework", "built", "database")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tested, and why."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    for reason, count in reasons.items():
        terminalreporter.section(f"NOT TESTED, {count}: {reason}", sep="!", red=True, bold=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process run what shares a project and a database, when several run tests."""
    for item in items:
        if (call := getattr(item, "callspec", None)) is not None:
            shared = [str(call.params[name]) for name in SHARED if name in call.params]
            if shared:
                item.add_marker(pytest.mark.xdist_group("-".join(shared)))


@pytest.fixture(autouse=True, scope="session")
def _hears_ctrl_c() -> None:
    """Let what the tests start hear it, which a shell's background jobs do not."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(params=list(FRAMEWORKS))
def framework(request: pytest.FixtureRequest) -> str:
    """Each framework in turn."""
    name: str = request.param
    return name


@pytest.fixture
def template_folder(framework: str) -> Path:
    """The folder of a framework's template."""
    return ROOT / "templates" / framework


@pytest.fixture
def table(template_folder: Path) -> dict[str, Any]:
    """A template's `cookiecutter.json`."""
    loaded: dict[str, Any] = json.loads((template_folder / "cookiecutter.json").read_text())
    return loaded


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what a person configured for Cookiecutter and git out of the tests."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COOKIECUTTER_CONFIG", str(home / "none.yaml"))
        patch.setenv("GIT_CONFIG_GLOBAL", str(home / "gitconfig"))
        (home / "none.yaml").write_text(
            f"cookiecutters_dir: {home}/cookiecutters\nreplay_dir: {home}/replay\n"
        )
        yield
