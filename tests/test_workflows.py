"""The workflow and what keeps it current: safe, complete, and as the project is."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from headstart.project import Project
from headstart.rendering import render
from headstart.template import read_template

from .combining import combinations
from .rendered import Rendered, assert_passes, named, render_all

PROJECTS = named(
    [
        ("sqlite", ("api", "ci")),
        ("sqlite", ("pages", "docker", "ci")),
        ("postgresql", ("pages", "ci")),
        ("postgresql", combinations()[-1]),
    ]
)
NEWEST = 14
WORKFLOW = ".github/workflows/check.yml"
UPDATES = ".github/dependabot.yml"


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rendered]:
    """Every framework with a workflow, alone and with what adds to it."""
    return render_all(PROJECTS, tmp_path_factory.mktemp("workflows"))


@pytest.fixture(params=PROJECTS)
def rendered(request: pytest.FixtureRequest, projects: dict[str, Rendered]) -> Rendered:
    """Each of them in turn."""
    return projects[request.param]


@pytest.fixture
def jobs(rendered: Rendered) -> dict[str, dict[str, Any]]:
    """What its workflow does."""
    found: dict[str, dict[str, Any]] = rendered.table(WORKFLOW)["jobs"]
    return found


def test_an_auditor_of_workflows_finds_nothing(projects: dict[str, Rendered]) -> None:
    folders = [each.folder / ".github" for each in projects.values()]
    how = ("--offline", "--no-config", "--persona", "auditor", "--no-progress", "--quiet")
    assert_passes("zizmor", *how, *folders)


@pytest.mark.parametrize(
    ("schema", "path"), [("github-workflows", WORKFLOW), ("dependabot", UPDATES)]
)
def test_they_are_what_github_expects(
    projects: dict[str, Rendered], schema: str, path: str
) -> None:
    files = [each.folder / path for each in projects.values()]
    assert_passes("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *files)


def test_jobs_may_read_the_code_and_nothing_else(
    rendered: Rendered, jobs: dict[str, dict[str, Any]]
) -> None:
    assert rendered.table(WORKFLOW)["permissions"] == {}
    for name, job in jobs.items():
        assert job["permissions"] == {"contents": "read"}, name
        assert job["timeout-minutes"] <= 15, name


def test_actions_are_pinned_by_commit_and_say_their_version(
    rendered: Rendered, jobs: dict[str, dict[str, Any]]
) -> None:
    text = rendered.text(WORKFLOW)
    used = re.findall(r"uses: (.*)", text)
    assert used
    for action in used:
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action
    steps = [step for job in jobs.values() for step in job["steps"]]
    for step in steps:
        if "checkout" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("oldest", [11, 13, NEWEST, NEWEST + 2])
def test_every_python_from_the_oldest_on_is_tried(
    framework: str, oldest: int, tmp_path: Path
) -> None:
    project = Project("Shop", framework, ("pages", "ci"), python=f"3.{oldest}")
    folder = render(project, read_template(framework), tmp_path)
    jobs = yaml.safe_load((folder / WORKFLOW).read_text())["jobs"]
    tried = jobs["check"]["strategy"]["matrix"]["python"]
    assert tried == [f"3.{minor}" for minor in range(oldest, max(oldest, NEWEST) + 1)]


def test_the_tests_run_on_the_database_that_was_chosen(
    rendered: Rendered, jobs: dict[str, dict[str, Any]]
) -> None:
    job = jobs["check"]
    address = job["steps"][-1].get("env", {}).get("TEST_DATABASE_URL", "")
    is_postgres = rendered.project.database == "postgresql"
    assert address.startswith("postgresql://") == is_postgres
    assert ("postgres" in job.get("services", {})) == is_postgres
    if is_postgres:
        password = job["services"]["postgres"]["env"]["POSTGRES_PASSWORD"]
        assert f":{password}@localhost:5432/" in address


def test_an_image_is_built_where_there_is_one(
    rendered: Rendered, jobs: dict[str, dict[str, Any]]
) -> None:
    has_image = "docker" in rendered.project.features
    assert ("image" in jobs) == has_image
    kept = {update["package-ecosystem"] for update in rendered.table(UPDATES)["updates"]}
    wanted = {"docker", "docker-compose"} if has_image else set()
    assert kept == {"github-actions", "uv", *wanted}


def test_what_the_image_and_the_workflow_share_has_one_version(
    projects: dict[str, Rendered],
) -> None:
    for each in projects.values():
        if each.has("docker"):
            check = each.table(WORKFLOW)["jobs"]["check"]
            installed = check["steps"][1]["with"]["version"]
            assert f"uv=={installed}" in each.text("Dockerfile")
            beside = each.table("compose.yaml")["services"]
            for name, service in check.get("services", {}).items():
                assert service["image"] == beside[name]["image"]
