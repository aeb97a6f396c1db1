"""The command line: what scripts rely on, and one clear sentence for every mistake."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from headstart import __version__
from headstart.knowledge import features
from headstart.template import FRAMEWORKS

from .command import PROGRAM, Ended, environment, headstart
from .conftest import ROOT

NO_PACKAGES = ("--no-setup", "--no-git", "--yes")


def everything(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def assert_refused(ended: Ended, code: int, *words: str) -> None:
    told = ended.err
    assert ended.code == code, told
    assert "Traceback" not in told
    first, *hints = told.splitlines()
    assert first.startswith("error: ")
    assert first.endswith((".", "?"))
    assert all(line.startswith("hint: ") for line in hints)
    assert len(hints) <= 1
    for word in words:
        assert word in told


def test_the_version_is_told(tmp_path: Path) -> None:
    assert headstart("--version", folder=tmp_path).out == f"headstart {__version__}\n"


@pytest.mark.parametrize(
    "command", ["new", "advise", "compare", "explain", "features", "doctor", "completion"]
)
def test_every_command_has_a_help_text_and_stands_in_the_readme(
    command: str, tmp_path: Path
) -> None:
    assert command in headstart("--help", folder=tmp_path).out
    assert headstart(command, "--help", folder=tmp_path).code == 0
    assert f"headstart {command}" in (ROOT / "README.md").read_text()


def test_python_can_run_it_as_a_module(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "headstart", "--version"]
    said = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert said.stdout == f"headstart {__version__}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_completion_script(shell: str, tmp_path: Path) -> None:
    script = headstart("completion", shell, folder=tmp_path).out
    assert "_HEADSTART_COMPLETE" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, check=True)


def test_a_shell_completes_commands_and_options(tmp_path: Path) -> None:
    more: dict[str, Any] = {
        "_HEADSTART_COMPLETE": "bash_complete",
        "COMP_WORDS": "headstart new --fr",
        "COMP_CWORD": "2",
    }
    assert headstart(folder=tmp_path, **more).out.strip() == "plain,--framework"


def test_the_features_are_listed_for_people_and_programs(tmp_path: Path) -> None:
    listed = json.loads(headstart("features", "--json", folder=tmp_path).out)
    assert [row["name"] for row in listed] == [f.name for f in features()]
    for row in listed:
        assert row["adds"] in " ".join(headstart("features", folder=tmp_path).out.split())


def test_the_doctor_finds_what_building_needs(tmp_path: Path) -> None:
    found = json.loads(headstart("doctor", "--json", folder=tmp_path).out)
    needed = {row["subject"]: row["good"] for row in found if row["needed"]}
    assert needed == {"Python": True, "uv": True}


def test_the_doctor_misses_git(tmp_path: Path) -> None:
    ended = headstart("doctor", folder=tmp_path, PATH=str(tmp_path))
    assert ended.code == 0
    assert "lacks  git: missing" in ended.out


def test_advice_is_an_object_for_a_program(tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_text('kind = "shop"\nadmin = true\n')
    said = headstart("advise", "--answers", "answers.toml", "--json", folder=tmp_path)
    advice = json.loads(said.out)
    assert advice["recommendation"] == "django"
    assert advice["confidence"] == "clear"
    first = advice["ranking"][0]
    assert sum(reason["points"] for reason in first["reasons"]) == first["points"]
    assert advice["command"] == (
        "headstart new --framework django --answer kind=shop --answer admin=yes"
    )


def test_advice_can_be_read_in_full_or_kept_as_a_record(tmp_path: Path) -> None:
    words = ("advise", "--answer", "kind=tool", "--answer", "admin=yes")
    short, full, record = (
        headstart(*words, *form, folder=tmp_path).out for form in ((), ("--full",), ("--markdown",))
    )
    assert len(short.splitlines()) <= 24
    assert "back-office-tools" not in short
    assert "back-office-tools" in full
    assert record.startswith("# Web framework: Django\n")
    assert "headstart new --framework django --answer kind=tool --answer admin=yes" in record


def test_without_answers_and_without_a_terminal_advice_says_what_to_answer(tmp_path: Path) -> None:
    ended = headstart("advise", folder=tmp_path)
    assert ended.code == 0
    assert "What are you building?" in ended.out
    assert json.loads(headstart("advise", "--json", folder=tmp_path).out)["recommendation"] is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["new"], "There is no terminal to ask on"),
        (["new", "--yes"], "needs a name"),
        (["new", "Shop"], "There is no terminal to ask on"),
        (["new", "../x", *NO_PACKAGES], "is a path"),
        (["new", "/elsewhere/x", *NO_PACKAGES], "is a path"),
        (["new", "two\nlines", *NO_PACKAGES], "cannot be shown"),
        (["new", "x" * 300, *NO_PACKAGES], "300 characters"),
        (["new", "", *NO_PACKAGES], "needs a name"),
        (["new", "Shop", "--frame", "flask", *NO_PACKAGES], "--frame"),
        (["new", "Shop", "-f", "rails", *NO_PACKAGES], "rails"),
        (["new", "Shop", "--with", "blockchain", *NO_PACKAGES], "`blockchain`"),
        (
            ["new", "Shop", "--with", "ci", "--without", "ci", *NO_PACKAGES],
            "both wanted and unwanted",
        ),
        (["new", "Shop", "--without", "pages", *NO_PACKAGES], "for anybody to use"),
        (["new", "Shop", "--verify", "full", *NO_PACKAGES], "--no-setup"),
        (["new", "Shop", "--run", *NO_PACKAGES], "--no-setup"),
        (["new", "Shop", "--python", "2.7", *NO_PACKAGES], "`2.7`"),
        (["new", "Shop", "--python", "3.11; rm", *NO_PACKAGES], "3.11; rm"),
        (["new", "Shop", "--author", "a\nb", *NO_PACKAGES], "author"),
        (["new", "Shop", "-a", "kind=shopp", *NO_PACKAGES], "Did you mean `shop`?"),
        (["new", "Shop", "-a", "kin=shop", *NO_PACKAGES], "Did you mean `kind`?"),
        (["new", "Shop", "-a", "kind", *NO_PACKAGES], "KEY=VALUE"),
        (["new", "Shop", "-a", "kind=shop", "-a", "kind=api", *NO_PACKAGES], "answered twice"),
        (["new", "Shop", "--answers", "missing.toml", *NO_PACKAGES], "missing.toml"),
        (["new", "Shop", "Two", *NO_PACKAGES], "Two"),
        (["build"], "build"),
    ],
)
def test_what_was_asked_wrongly_is_one_sentence_and_writes_nothing(
    words: list[str], told: str, tmp_path: Path
) -> None:
    assert_refused(headstart(*words, folder=tmp_path), 2, told)
    assert everything(tmp_path) == []


@pytest.mark.parametrize("words", [("advise", "--full"), ("compare",), ("explain",)])
def test_a_full_disk_and_a_reader_who_has_seen_enough(words: tuple[str, ...]) -> None:
    command = shlex.join([str(PROGRAM), *words])
    full = subprocess.run(
        ["bash", "-c", f"{command} > /dev/full"], capture_output=True, text=True, check=False
    )
    assert (full.returncode, full.stderr) == (
        3,
        "error: There is no space left where this is written to.\n",
    )
    closed = subprocess.run(
        ["bash", "-c", f"{command} | head -c 1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert closed.stderr == ""


def test_no_color_is_respected() -> None:
    import pty

    def shown(**more: str) -> bytes:
        words = [str(PROGRAM), "advise", "--answer", "kind=api"]
        leader, follower = pty.openpty()
        subprocess.run(words, stdout=follower, env=environment(**more), check=True)
        os.close(follower)
        said = os.read(leader, 100_000)
        os.close(leader)
        return said

    assert b"\x1b[" in shown(NO_COLOR="")
    assert b"\x1b[" not in shown(NO_COLOR="1")


def test_advice_takes_one_form(tmp_path: Path) -> None:
    ended = headstart("advise", "--json", "--markdown", folder=tmp_path)
    assert_refused(ended, 2, "`--json` and `--markdown` do not go together.")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    words = [os.fsencode(PROGRAM), b"new", b"caf\xe9", b"--yes", b"--no-setup"]
    ended = subprocess.run(words, cwd=tmp_path, capture_output=True, env=environment(), check=False)
    assert ended.returncode == 2
    assert b"cannot be shown" in ended.stderr
    assert everything(tmp_path) == []


def test_answers_that_fit_two_frameworks_equally_are_not_decided_by_chance(tmp_path: Path) -> None:
    from headstart.advice import advise
    from headstart.knowledge import questions, rules

    tie = next(
        {first.key: one.name, second.key: two.name}
        for first in questions()
        for one in first.values
        for second in questions()
        for two in second.values
        if first.key < second.key
        and advise({first.key: one.name, second.key: two.name}, rules()).confidence == "tie"
    )
    words = [word for key, value in tie.items() for word in ("-a", f"{key}={value}")]
    ended = headstart("new", "Shop", *words, *NO_PACKAGES, folder=tmp_path)
    assert_refused(ended, 2, "equally well", "--framework")
    assert everything(tmp_path) == []


@pytest.mark.parametrize("framework", list(FRAMEWORKS))
def test_a_dry_run_lists_the_files_and_writes_nothing(framework: str, tmp_path: Path) -> None:
    ended = headstart("new", "Shop", "-f", framework, "--dry-run", folder=tmp_path)
    assert ended.code == 0
    assert "  pyproject.toml" in ended.out.splitlines()
    assert everything(tmp_path) == []
    shown = [line.strip() for line in ended.out.splitlines()[1:]]
    headstart("new", "Shop", "-f", framework, *NO_PACKAGES, folder=tmp_path)
    made = tmp_path / "shop"
    files = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    assert files == {*shown, ".env", ".headstart.json"}


def test_a_project_is_described_as_one_json_object(tmp_path: Path) -> None:
    ended = headstart(
        "new", "Ann's Shop", "-a", "kind=shop", "--json", *NO_PACKAGES, folder=tmp_path
    )
    described = json.loads(ended.out)
    assert described["project"] == "Ann's Shop"
    assert described["path"] == str(tmp_path / "anns-shop")
    assert described["framework"] == "django"
    assert described["features"] == ["pages"]
    assert described["answers"] == {"kind": "shop"}
    assert described["receipts"] == []
    assert described["seconds"] > 0


def test_the_last_screens_command_makes_the_same_project_again(tmp_path: Path) -> None:
    import shlex

    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    words = [
        "new",
        'Ann\'s "Shop"',
        "-a",
        "kind=api",
        "--with",
        "ci",
        "--license",
        "MIT",
        "--author",
        "Ann",
    ]
    ended = headstart(*words, *NO_PACKAGES, folder=tmp_path / "one")
    again = shlex.split(ended.out.strip().splitlines()[-1])
    headstart(*again[1:], "--no-setup", "--no-git", folder=tmp_path / "two")
    records = [
        json.loads((tmp_path / folder / "anns-shop/.headstart.json").read_text())
        for folder in ("one", "two")
    ]
    assert records[0] == records[1]


def test_a_framework_that_was_decided_is_taken_though_the_answers_speak_for_another(
    tmp_path: Path,
) -> None:
    ended = headstart(
        "new", "Shop", "-f", "flask", "-a", "kind=shop", *NO_PACKAGES, folder=tmp_path
    )
    assert ended.code == 0
    assert "your answers speak for Django" in ended.err


def test_a_project_called_like_a_feature_does_not_switch_it_on(tmp_path: Path) -> None:
    headstart("new", "ci", *NO_PACKAGES, folder=tmp_path)
    assert not (tmp_path / "ci" / ".github").exists()


@pytest.mark.parametrize("obstacle", ["folder", "file", "link"])
def test_what_stands_at_the_target_is_kept(obstacle: str, tmp_path: Path) -> None:
    target = tmp_path / "shop"
    match obstacle:
        case "folder":
            target.mkdir()
            (target / "mine").write_text("mine")
        case "file":
            target.write_text("mine")
        case "link":
            target.symlink_to(tmp_path / "elsewhere")
    ended = headstart("new", "Shop", *NO_PACKAGES, folder=tmp_path)
    assert_refused(ended, 3, str(target), "--output-dir")
    assert everything(tmp_path) == ["shop"]


def test_a_missing_output_folder_is_made(tmp_path: Path) -> None:
    assert headstart("new", "Shop", "-o", "a/b", *NO_PACKAGES, folder=tmp_path).code == 0
    assert (tmp_path / "a/b/shop/pyproject.toml").exists()


def test_without_git_a_repository_cannot_be_made_and_that_is_said(tmp_path: Path) -> None:
    ended = headstart("new", "Shop", "--no-setup", "--yes", folder=tmp_path, PATH=str(tmp_path))
    assert_refused(ended, 5, "git", "--no-git")
    assert everything(tmp_path) == []


def test_the_first_commit_holds_the_project_and_no_secret(tmp_path: Path) -> None:
    assert headstart("new", "Shop", "--no-setup", "--yes", folder=tmp_path).code == 0

    def git(*words: str) -> str:
        said = subprocess.run(
            ["git", *words], cwd=tmp_path / "shop", capture_output=True, text=True, check=True
        )
        return said.stdout

    assert git("status", "--porcelain") == ""
    committed = git("ls-files").split()
    assert ".headstart.json" in committed
    assert ".env.example" in committed
    assert ".env" not in committed
    assert git("log", "--format=%s").strip() == "Start Shop"


def test_no_repository_is_made_within_another(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    assert headstart("new", "Shop", "--no-setup", "--yes", folder=tmp_path).code == 0
    assert not (tmp_path / "shop" / ".git").exists()


def test_a_persons_hooks_and_signatures_do_not_meddle(tmp_path: Path) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for hook in ("pre-commit", "commit-msg", "post-checkout"):
        (hooks / hook).write_text(f"#!/bin/sh\ntouch {tmp_path}/was-run\nexit 1\n")
        (hooks / hook).chmod(0o755)
    config = tmp_path / "gitconfig"
    config.write_text(
        f"[core]\nhooksPath={hooks}\nexcludesFile={tmp_path}/ignore\n[commit]\ngpgSign=true\n"
        f"[init]\ntemplateDir={hooks}\n"
    )
    (tmp_path / "ignore").write_text("*.py\n")
    ended = headstart(
        "new", "Shop", "--no-setup", "--yes", folder=tmp_path, GIT_CONFIG_GLOBAL=str(config)
    )
    assert ended.code == 0, ended.err
    assert not (tmp_path / "was-run").exists()
    listed = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=tmp_path / "shop", capture_output=True, check=True
    )
    assert listed.stdout


def test_a_traceback_is_shown_to_those_who_ask_for_it(tmp_path: Path) -> None:
    ended = headstart("new", "--yes", folder=tmp_path, HEADSTART_DEBUG="1")
    assert "Traceback" in ended.err


def test_a_hostile_cookiecutter_configuration_is_not_read(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("default_context: {project_name: Stolen, year: '1900'}\n")
    ended = headstart("new", "Shop", *NO_PACKAGES, folder=tmp_path, COOKIECUTTER_CONFIG=str(config))
    assert ended.code == 0
    assert "Stolen" not in (tmp_path / "shop" / "pyproject.toml").read_text()
