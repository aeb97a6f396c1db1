"""What readers of source text find: in projects as they are committed, and in what makes them.

They take seconds, and so they run with the quick tests.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from headstart.building import Plan, build
from headstart.project import Project
from headstart.tasks import read_env
from headstart.template import FRAMEWORKS

from ..combining import combinations
from ..conftest import ROOT
from ..contract.projects import Quiet
from ..images import left_out
from . import bandit, careless, detect_secrets
from .findings import Severity, explanations, hold

# What is explained about this repository, where the others are about projects.
HERE = [one for one in explanations() if one.framework == "headstart"]


def git(folder: Path, *words: str) -> bytes:
    """Ask git about a repository."""
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, check=True).stdout


def committed(folder: Path) -> list[str]:
    """Return the files that git has, or would take."""
    found = git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    files = set(found.decode().split("\0")) - {""}
    return sorted(file for file in files if (folder / file).exists())


def secrets_of(project: Path) -> dict[str, bytes]:
    """Return what was made at random for a project, and nobody else may know."""
    secret = ("SECRET", "PASSWORD")
    env = read_env(project / ".env")
    return {k: v.encode() for k, v in env.items() if any(word in k for word in secret)}


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a project of each framework, as `headstart new` makes and commits it."""
    plan = Plan(setup=False, verify="none")
    return {
        framework: build(
            Project("Shop", framework, combinations()[-1], "postgresql"),
            tmp_path_factory.mktemp(framework) / "shop",
            plan,
            Quiet(),
        ).folder
        for framework in FRAMEWORKS
    }


@pytest.fixture
def project(framework: str, projects: dict[str, Path]) -> Path:
    """Return each of them in turn."""
    return projects[framework]


def test_bandit_finds_what_is_careless(tmp_path: Path) -> None:
    shutil.copy(careless.__file__, tmp_path)
    found = {f.rule.partition(" ")[0]: f.severity for f in bandit.look(tmp_path)}
    assert found == {
        "B105": Severity.LOW,  # hard-coded password
        "B301": Severity.MEDIUM,  # pickle
        "B307": Severity.MEDIUM,  # eval
        "B324": Severity.HIGH,  # MD5
        "B403": Severity.LOW,  # import of pickle
        "B404": Severity.LOW,  # import of subprocess
        "B602": Severity.HIGH,  # a shell
        "B608": Severity.MEDIUM,  # SQL from words
    }


def test_detect_secrets_finds_what_is_careless() -> None:
    file = Path(careless.__file__)
    found = {f.rule: f.severity for f in detect_secrets.look(file.parent, [file.name])}
    assert found == {
        "AWS Access Key": Severity.HIGH,
        "Base64 High Entropy String": Severity.MEDIUM,
        "Secret Keyword": Severity.MEDIUM,
    }


def test_detect_secrets_would_find_the_secrets_of_a_project(project: Path) -> None:
    found = [f.rule for f in detect_secrets.look(project, [".env"])]
    secrets = secrets_of(project).values()
    assert len(secrets) == 3
    # It takes what begins with a dash for something else.
    assert found.count("Secret Keyword") == sum(secret[:1] != b"-" for secret in secrets)


def test_bandit_finds_nothing_in_a_project(framework: str, project: Path) -> None:
    hold("bandit", bandit.look(project), framework)


def test_bandit_finds_nothing_in_headstart() -> None:
    hold("bandit", bandit.look(ROOT / "src"), "headstart", HERE)


def test_detect_secrets_finds_nothing_in_what_a_project_commits(
    framework: str, project: Path
) -> None:
    files = committed(project)
    assert ".env.example" in files
    hold("detect_secrets", detect_secrets.look(project, files), framework)


def test_detect_secrets_finds_nothing_in_this_repository() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout of the repository")
    # The templates are looked at as what they are rendered to.
    files = [file for file in committed(ROOT) if not file.startswith("templates/")]
    assert "src/headstart/cli.py" in files
    hold("detect_secrets", detect_secrets.look(ROOT, files), "headstart", HERE)


def test_no_secret_is_in_the_history_of_a_project(project: Path) -> None:
    # All that git keeps, also what no commit names any more.
    kept = git(project, "cat-file", "--batch-all-objects", "--batch")
    assert b"SITE_URL" in kept
    assert [name for name, value in secrets_of(project).items() if value in kept] == []


def test_no_secret_gets_to_who_builds_an_image(project: Path, tmp_path: Path) -> None:
    context = tmp_path / "context"
    shutil.copytree(project, context, ignore=left_out(project))
    files = [path for path in context.rglob("*") if path.is_file()]
    assert context / "pyproject.toml" in files
    text = b"".join(path.read_bytes() for path in files)
    assert [name for name, value in secrets_of(project).items() if value in text] == []
