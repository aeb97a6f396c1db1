"""What somebody configured for other work, or planted for us, is neither run nor believed."""

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from headstart.variables import own_environment

from ..command import PROGRAM, Ended
from .checking import check_modes
from .sandbox import CANARY, Sandbox

NEW = ("new", "Shop", "--framework", "flask", "--yes")
ALONE = (*NEW, "--no-setup")
# Modules that Python, or we, would import.
MODULES = ("click", "jinja2", "cookiecutter", "site", "sitecustomize", "usercustomize", "json")
PLANTED = ("git", "uv", "ruff", "python", "python3", "flask", "gunicorn", "sh", "id")

pytestmark = pytest.mark.fuzz


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    return Sandbox.made(tmp_path)


@pytest.fixture
def sings(sandbox: Sandbox) -> str:
    """Return a shell script that makes the canary sing."""
    return f"#!/bin/sh\ntouch '{sandbox.root}/{CANARY}'\nexit 1\n"


def run(sandbox: Sandbox, *words: str, **more: str) -> Ended:
    return run_as([str(PROGRAM)], sandbox, *words, **more)


def run_as(program: Sequence[str], sandbox: Sandbox, *words: str, **more: str) -> Ended:
    ended = subprocess.run(
        [*program, *words],
        cwd=sandbox.here,
        env=sandbox.environment | more,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def check_built(sandbox: Sandbox, ended: Ended, before: dict[str, str]) -> None:
    assert ended.code == 0, ended.err
    assert sandbox.snapshot(sandbox.here / "shop") == before
    assert not (sandbox.root / CANARY).exists()


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script)
    path.chmod(0o755)
    return path


def test_nothing_of_a_persons_git_configuration_is_run(sandbox: Sandbox, sings: str) -> None:
    """CLI: neither hooks, filters, monitors nor signatures of git's configuration."""
    evil = program(sandbox.home / "evil", sings)
    hooks = sandbox.home / "hooks"
    for hook in (
        "pre-commit",
        "commit-msg",
        "prepare-commit-msg",
        "post-commit",
        "post-index-change",
    ):
        program(hooks / hook, sings)
        program(sandbox.home / "template" / "hooks" / hook, sings)
    (sandbox.home / ".gitattributes").write_text("* filter=evil diff=evil merge=evil\n")
    attributes = sandbox.home / ".config" / "git" / "attributes"
    attributes.parent.mkdir(parents=True)
    attributes.write_text("* filter=evil\n")
    (attributes.parent / "ignore").write_text("*\n")
    (sandbox.home / ".gitconfig").write_text(
        f"""[user]
        name = "$(touch {sandbox.root}/{CANARY})"
        email = <evil>
        signingKey = evil
        [core]
        hooksPath = {hooks}
        attributesFile = {sandbox.home}/.gitattributes
        fsmonitor = {evil}
        pager = {evil}
        editor = {evil}
        safecrlf = true
        autocrlf = true
        worktree = {sandbox.home}
        bare = true
        [filter "evil"]
        clean = {evil}
        process = {evil}
        required = true
        [diff "evil"]
        textconv = {evil}
        [commit]
        gpgSign = true
        template = {evil}
        [gpg]
        program = {evil}
        [init]
        templateDir = {sandbox.home}/template
        defaultBranch = odd/branch
        [gc]
        auto = 1
        [alias]
        init = "!{evil}"
        commit = "!{evil}"
        [trace2]
        normalTarget = {sandbox.root}/{CANARY}
        """.replace("\n        ", "\n")
    )
    before = sandbox.snapshot()
    ended = run(sandbox, *ALONE, GIT_CONFIG_GLOBAL=str(sandbox.home / ".gitconfig"))
    trace = sandbox.root / CANARY
    assert not trace.exists() or "start" in trace.read_text(), "more than git's own trace"
    trace.unlink(missing_ok=True)
    check_built(sandbox, ended, before)
    assert said_by_git(sandbox, "ls-files").count("\n") > 50
    assert said_by_git(sandbox, "branch", "--show-current") == "odd/branch\n"
    check_modes(sandbox.here / "shop")


def said_by_git(sandbox: Sandbox, *words: str) -> str:
    settings = {"GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(
        ["git", *words], cwd=sandbox.here / "shop", env=sandbox.environment | settings,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize(
    "variables",
    [
        {"GIT_DIR": "{home}/other", "GIT_WORK_TREE": "{home}"},
        {"GIT_COMMON_DIR": "{home}/other", "GIT_INDEX_FILE": "{home}/index"},
        {"GIT_OBJECT_DIRECTORY": "{home}/objects", "GIT_NAMESPACE": "other"},
        {"GIT_TEMPLATE_DIR": "{home}", "GIT_DEFAULT_HASH": "sha256", "GIT_TRACE": "1"},
        {"GIT_TRACE": "{home}/trace", "GIT_TRACE2": "{home}/trace", "GIT_QUARANTINE_PATH": "{home}"},
        {"GIT_EDITOR": "{home}/evil", "GIT_PAGER": "{home}/evil", "GIT_EXTERNAL_DIFF": "{home}/evil"},
        {"GIT_CONFIG_PARAMETERS": "'core.fsmonitor={home}/evil'"},
        {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.fsmonitor", "GIT_CONFIG_VALUE_0": "{home}/evil"},
    ],
    ids=lambda variables: "+".join(variables),
)  # fmt: skip
def test_the_repository_is_the_projects_own_whatever_git_is_told(
    variables: dict[str, str], sandbox: Sandbox, sings: str
) -> None:
    """CLI: variables of git that are about another repository, or run something."""
    program(sandbox.home / "evil", sings)
    before = sandbox.snapshot()
    told = {name: value.format(home=sandbox.home) for name, value in variables.items()}
    check_built(sandbox, run(sandbox, *ALONE, **told), before)
    assert said_by_git(sandbox, "status", "--porcelain") == ""


def test_a_repository_around_is_left_as_it_is(sandbox: Sandbox, sings: str) -> None:
    """CLI: nothing is committed into it, and none of its hooks is run."""
    git = ["git", "-C", str(sandbox.here)]
    subprocess.run([*git, "init", "-q"], check=True)
    for hook in ("pre-commit", "post-checkout", "post-index-change"):
        program(sandbox.here / ".git" / "hooks" / hook, sings)
    evil = program(sandbox.home / "evil", sings)
    subprocess.run([*git, "config", "core.fsmonitor", str(evil)], check=True)
    before = sandbox.snapshot()
    check_built(sandbox, run(sandbox, *ALONE), before)
    assert not (sandbox.here / "shop" / ".git").exists()


def test_a_workspace_that_takes_the_project_for_a_member_is_told_of(sandbox: Sandbox) -> None:
    """CLI: 0, the workspace stays as it is, and one sentence says what it means."""
    (sandbox.here / "pyproject.toml").write_text('[tool.uv.workspace]\nmembers = ["*"]\n')
    before = sandbox.snapshot()
    ended = run(sandbox, *ALONE)
    check_built(sandbox, ended, before)
    assert f"a member of the uv workspace in {sandbox.here}, " in ended.err
    (sandbox.here / "pyproject.toml").write_text("[tool.uv.workspace]\nmembers = []\n")
    ended = run(sandbox, "new", "Other shop", *ALONE[2:])
    assert ended.code == 0, ended.err
    assert "workspace" not in ended.err


def test_a_cookiecutter_configuration_is_neither_read_nor_written(
    sandbox: Sandbox, sings: str
) -> None:
    """CLI: no answers, hooks, abbreviations or replays of Cookiecutter's own."""
    evil = program(sandbox.home / "hooks" / "post_gen_project.sh", sings)
    text = (
        "default_context: {project_name: Stolen, license: MIT, author: Mallory}\n"
        f"cookiecutters_dir: {sandbox.home}/cookiecutters\nreplay_dir: {sandbox.home}/replay\n"
        f"abbreviations: {{flask: {evil}}}\n"
    )
    configuration = sandbox.home / ".cookiecutterrc"
    configuration.write_text(text)
    (sandbox.home / "replay").mkdir()
    (sandbox.home / "replay" / "flask.json").write_text('{"cookiecutter": {"author": "Mallory"}}')
    before = sandbox.snapshot()
    check_built(sandbox, run(sandbox, *ALONE, COOKIECUTTER_CONFIG=str(configuration)), before)
    for path in (sandbox.here / "shop").rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            assert b"Mallory" not in path.read_bytes()
    assert not (sandbox.here / "shop" / "LICENSE").exists()


@pytest.mark.parametrize("path", [".:{PATH}", ":{PATH}", "bin:{PATH}", "{PATH}:"])
def test_programs_that_lie_where_one_stands_are_not_run(
    path: str, sandbox: Sandbox, sings: str
) -> None:
    """CLI: a folder in PATH that moves with us is not looked into."""
    for name in PLANTED:
        program(sandbox.here / name, sings)
        program(sandbox.here / "bin" / name, sings)
    before = sandbox.snapshot()
    searched = path.format(PATH=os.environ["PATH"])
    check_built(sandbox, run(sandbox, *ALONE, PATH=searched), before)


@pytest.mark.parametrize(
    "way", [(str(PROGRAM),), (sys.executable, "-m", "headstart")], ids=["command", "module"]
)
def test_modules_that_lie_where_one_stands_are_not_imported(
    way: tuple[str, ...], sandbox: Sandbox
) -> None:
    """CLI: Python modules in the folder where one stands, or in which the project will be."""
    for folder in (sandbox.here, sandbox.here / "out"):
        folder.mkdir(exist_ok=True)
        for name in MODULES:
            (folder / f"{name}.py").write_text(
                f"open({str(sandbox.root / CANARY)!r}, 'w')\n1 / 0\n"
            )
    before = sandbox.snapshot()
    startup = str(sandbox.here / "click.py")
    ended = run_as(way, sandbox, *ALONE, PYTHONSTARTUP=startup, PYTHONDONTWRITEBYTECODE="1")
    check_built(sandbox, ended, before)


def test_programs_get_what_was_set_on_purpose_and_nothing_of_other_projects(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """CLI: index, cache, certificates and proxies reach uv; projects and environments do not."""
    kept = {
        "UV_DEFAULT_INDEX": "http://127.0.0.1/simple",
        "UV_INDEX_COMPANY_PASSWORD": "secret",
        "UV_HTTP_TIMEOUT": "9",
        "UV_OFFLINE": "1",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "SSL_CERT_FILE": "/certificates",
        "GIT_SSL_CAINFO": "/certificates",
        "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    }
    dropped = (
        "UV_PROJECT", "UV_PROJECT_ENVIRONMENT", "UV_WORKING_DIR", "UV_PYTHON", "UV_FROZEN", "UV_LOCKED",
        "UV_NO_DEV", "UV_RESOLUTION", "UV_CONSTRAINT", "UV_ENV_FILE", "UV_NO_SYNC", "UV_SYSTEM_PYTHON",
        "VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "GIT_DIR",
        "GIT_TRACE", "RUST_LOG", "FORCE_COLOR",
    )  # fmt: skip
    for name in dropped:
        monkeypatch.setenv(name, "1")
    for name, value in kept.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("UV_CACHE_DIR", "cache")
    found = own_environment()
    assert {name: found.get(name) for name in kept} == kept
    assert not set(dropped) & set(found)
    assert found["UV_CACHE_DIR"] == str(Path.cwd() / "cache")


class Index(http.server.BaseHTTPRequestHandler):
    """A package index that has nothing, and remembers who asked."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def index() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    handler = type("Asked", (Index,), {"asked": asked})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,)).start()
        yield f"http://127.0.0.1:{server.server_port}/simple", asked
        server.shutdown()


def test_the_index_that_was_set_is_asked_and_its_answer_is_told(
    sandbox: Sandbox, index: tuple[str, list[str]]
) -> None:
    """CLI: 5, where the company's own index has no such packages."""
    url, asked = index
    kept = sandbox.root.parent / f"{sandbox.root.name}-uv"
    places = {"UV_CACHE_DIR": f"{kept}/cache", "UV_CREDENTIALS_DIR": f"{kept}/credentials"}
    before = sandbox.snapshot()
    ended = run(sandbox, *NEW, UV_DEFAULT_INDEX=url, **places)
    assert ended.code == 5, ended.err
    assert asked
    assert sandbox.snapshot() == before


def test_a_hostile_neighbourhood_changes_nothing(sandbox: Sandbox, sings: str) -> None:
    """CLI: a whole run among traps: 0, and nothing but the project has changed."""
    around = sandbox.here.parent
    around.joinpath("pyproject.toml").write_text(
        '[project]\nname = "outer"\nversion = "0"\nrequires-python = ">=3.11"\n'
        '[tool.uv.workspace]\nmembers = ["**"]\n[tool.poe.tasks]\nseed = "false"\n'
        '[tool.pytest.ini_options]\naddopts = "--nonsense"\n[tool.ruff]\nline-length = 1\n'
    )
    for folder in (around, sandbox.here):
        (folder / ".python-version").write_text("3.7\n")
        (folder / "uv.toml").write_text('nonsense = "yes"\n')
        (folder / ".env").write_text("SECRET_KEY=x\nDATABASE_URL=nonsense\nDEBUG=maybe\n")
        (folder / "conftest.py").write_text("1 / 0\n")
        for name in MODULES:
            (folder / f"{name}.py").write_text("1 / 0\n")
    for name in PLANTED:
        program(sandbox.here / name, sings)
    other = {
        "PATH": f".:{os.environ['PATH']}", "PORT": "1", "DEBUG": "maybe", "SECRET_KEY": "x",
        "DATABASE_URL": "nonsense", "MAIL_URL": "nonsense", "ALLOWED_HOSTS": "nowhere",
        "http_proxy": "http://127.0.0.1:9", "UV_PYTHON": "3.7", "UV_PROJECT": str(around),
        "UV_FROZEN": "1", "UV_NO_DEV": "1", "UV_WORKING_DIR": str(around), "CONDA_PREFIX": "/nowhere",
        "UV_CONSTRAINT": "/nowhere", "VIRTUAL_ENV": str(around), "TMPDIR": "/nonexistent",
        "PYTHONSTARTUP": str(around / "site.py"), "PIP_REQUIRE_VIRTUALENV": "1", "RUST_LOG": "trace",
        "GUNICORN_CMD_ARGS": "--bind 0.0.0.0:1", "WEB_CONCURRENCY": "999", "FLASK_APP": "nowhere",
        "DJANGO_SETTINGS_MODULE": "nowhere", "UV_CACHE_DIR": uv_cache(),
    }  # fmt: skip
    before = sandbox.snapshot()
    check_built(sandbox, run(sandbox, *NEW, "--verify", "full", **other), before)


def uv_cache() -> str:
    from uv import find_uv_bin

    said = subprocess.run(
        [find_uv_bin(), "cache", "dir"], capture_output=True, text=True, check=True
    )
    return said.stdout.strip()
