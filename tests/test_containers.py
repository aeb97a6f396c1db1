"""The image and the compose file: linted, complete, and with as few rights as can be."""

import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from headstart.project import Project
from headstart.rendering import render
from headstart.tasks import read_env, task
from headstart.template import read_template

from .combining import combinations
from .rendered import Rendered, assert_passes, named, render_all
from .test_templates import HOSTILE

PROJECTS = named(
    [
        ("sqlite", ("pages", "docker")),
        ("sqlite", ("api", "tasks", "docker")),
        ("postgresql", ("pages", "realtime", "docker")),
        ("postgresql", combinations()[-1]),
    ]
)
VARIABLE = re.compile(r"\$\{(\w+)")


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rendered]:
    """Every framework with containers, alone and with what adds to them."""
    return render_all(PROJECTS, tmp_path_factory.mktemp("containers"))


@pytest.fixture(params=PROJECTS)
def rendered(request: pytest.FixtureRequest, projects: dict[str, Rendered]) -> Rendered:
    """Each of them in turn."""
    return projects[request.param]


@pytest.fixture
def compose(rendered: Rendered) -> dict[str, Any]:
    """What its compose file says."""
    return rendered.table("compose.yaml")


@pytest.fixture
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What its compose file starts."""
    found: dict[str, dict[str, Any]] = compose["services"]
    return found


def test_images_are_clean_under_their_linter(projects: dict[str, Rendered]) -> None:
    files = [each.folder / "Dockerfile" for each in projects.values()]
    # Two steps with a comment each read better than a long one.
    assert_passes("hadolint", "--ignore", "DL3059", *files)


def test_compose_files_are_such(projects: dict[str, Rendered]) -> None:
    files = [each.folder / "compose.yaml" for each in projects.values()]
    assert_passes("check-jsonschema", "--builtin-schema", "vendor.compose-spec", *files)


@pytest.mark.parametrize("name", [*HOSTILE, "123"])
def test_any_name_makes_a_compose_file(framework: str, name: str, tmp_path: Path) -> None:
    project = Project(name, framework, ("pages", "docker"))
    folder = render(project, read_template(framework), tmp_path)
    compose = yaml.safe_load((folder / "compose.yaml").read_text())
    assert re.fullmatch("[a-z0-9][a-z0-9_-]*", compose["name"])


def test_the_services_are_those_that_were_chosen(
    rendered: Rendered, services: dict[str, dict[str, Any]]
) -> None:
    expected = {"proxy", "web", "migrate"}
    redis_for_tasks = rendered.has("tasks") and rendered.project.framework != "django"
    for name, wanted in {
        "worker": rendered.has("tasks"),
        "postgres": rendered.project.database == "postgresql",
        "redis": rendered.has("realtime") or redis_for_tasks,
    }.items():
        if wanted:
            expected.add(name)
    assert services.keys() == expected
    addresses = services["web"]["environment"]
    assert ("REDIS_URL" in addresses) == ("redis" in expected)
    assert addresses["DATABASE_URL"].startswith(f"{rendered.project.database}:")


def test_what_containers_run_is_what_the_commands_of_the_project_run(
    rendered: Rendered, services: dict[str, dict[str, Any]]
) -> None:
    dockerfile = rendered.text("Dockerfile")
    command = re.findall(r"^CMD (.*)$", dockerfile, re.MULTILINE)
    assert yaml.safe_load(command[-1]) == task(rendered.folder, "serve")
    assert services["migrate"]["command"] == task(rendered.folder, "migrate")
    if rendered.has("tasks"):
        assert services["worker"]["command"] == task(rendered.folder, "worker")


def test_containers_have_few_rights(
    rendered: Rendered, services: dict[str, dict[str, Any]]
) -> None:
    for name, service in services.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert ("cap_add" in service) == (name in ("proxy", "postgres")), name
        assert service["restart"] == ("no" if name == "migrate" else "unless-stopped"), name
    dockerfile = rendered.text("Dockerfile")
    final = dockerfile.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9][0-9]*$", final, re.MULTILINE)
    assert "uv" not in re.findall(r"\w+", final)


def test_only_the_proxy_can_be_reached_and_only_it_is_believed(
    rendered: Rendered, compose: dict[str, Any], services: dict[str, dict[str, Any]]
) -> None:
    reached = {name for name, service in services.items() if "ports" in service}
    assert reached == {"proxy"}
    beside = {name for name, service in services.items() if "front" in service["networks"]}
    assert beside == {"proxy", "web"}
    (addresses,) = compose["networks"]["front"]["ipam"]["config"]
    trusted = services["web"]["environment"]["TRUSTED_PROXIES"]
    assert trusted == addresses["subnet"]
    caddyfile = rendered.text("Caddyfile")
    assert "reverse_proxy web:8000 {" in caddyfile


def test_images_say_which_version_they_are(
    rendered: Rendered, services: dict[str, dict[str, Any]]
) -> None:
    compose = [service["image"] for service in services.values() if "image" in service]
    dockerfile = re.findall(r"^FROM (\S+)", rendered.text("Dockerfile"), re.M)
    assert len(set(dockerfile)) == 1
    for image in [*compose, *dockerfile]:
        assert re.fullmatch(r"[a-z]+:\d+(\.\d+)?(-[a-z-]+)?", image), image


def test_what_is_used_is_declared_and_nothing_else(
    rendered: Rendered, compose: dict[str, Any], services: dict[str, dict[str, Any]]
) -> None:
    networks = {name for service in services.values() for name in service["networks"]}
    assert networks == compose["networks"].keys()
    mounts = [mount for service in services.values() for mount in service.get("volumes", [])]
    volumes = {mount.partition(":")[0] for mount in mounts if not mount.startswith(".")}
    assert volumes == compose["volumes"].keys()
    files = [mount.partition(":")[0] for mount in mounts if mount.startswith(".")]
    assert all((rendered.folder / file).is_file() for file in files)


def test_nothing_starts_before_what_it_needs(
    rendered: Rendered, services: dict[str, dict[str, Any]]
) -> None:
    ready = {"condition": "service_healthy"}
    migrated = {"condition": "service_completed_successfully"}
    stores = {name for name in services if name in ("postgres", "redis")}
    for store in stores:
        assert services[store]["healthcheck"]["test"]
    assert services["proxy"]["depends_on"] == {"web": ready}
    for name in {"web", "worker"} & services.keys():
        needs = services[name]["depends_on"]
        assert needs["migrate"] == migrated
        if "redis" in stores and (name == "web" or rendered.project.framework != "django"):
            assert needs["redis"] == ready
    assert services["migrate"].get("depends_on", {}).keys() == stores & {"postgres"}


def test_every_variable_is_explained_and_no_secret_has_a_default(rendered: Rendered) -> None:
    text = rendered.text("compose.yaml")
    needed = {found for found in VARIABLE.findall(text) if f"${{{found}:-" not in text}
    assert needed == read_env(rendered.folder / ".env.production.example").keys()
    for name in needed:
        assert set(re.findall(rf"\$\{{{name}(..)", text)) == {":?"}, name


def test_secrets_and_rubbish_stay_out_of_the_image(rendered: Rendered) -> None:
    lines = rendered.text(".dockerignore").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]

    def is_left_out(path: str) -> bool:
        return any(fnmatch(path, pattern.removeprefix("**/")) for pattern in patterns)

    for path in (".env", ".env.production", ".git", ".venv", "var", "tests", ".mypy_cache"):
        assert is_left_out(path), path
    kept = {path.name for path in rendered.folder.iterdir() if not is_left_out(path.name)}
    code = {"app", "migrations"} if rendered.project.framework != "django" else {"manage.py"}
    assert {"pyproject.toml", *code} <= kept
    assert not any(name.startswith(".env") for name in kept)


def test_git_keeps_the_secrets_of_production_out(rendered: Rendered) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=rendered.folder, check=True)

    def is_ignored(path: str) -> bool:
        asked = ["git", "check-ignore", "--quiet", path]
        return subprocess.run(asked, cwd=rendered.folder, check=False).returncode == 0

    assert is_ignored(".env")
    assert is_ignored(".env.production")
    assert not is_ignored(".env.example")
    assert not is_ignored(".env.production.example")


def test_without_containers_nothing_of_them_is_there(framework: str, tmp_path: Path) -> None:
    project = Project("Shop", framework, ("pages", "ci"))
    folder = render(project, read_template(framework), tmp_path)
    text = "".join(path.read_text().lower() for path in folder.rglob("*.*") if _is_text(path))
    for word in ("docker", "compose.yaml", "caddyfile"):
        assert word not in text, word


def _is_text(path: Path) -> bool:
    return path.suffix in (".md", ".yml", ".toml", ".example")
