"""The three templates are put together alike, and nothing in them is left to chance."""

import filecmp
import itertools
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from cookiecutter.exceptions import FailedHookException
from pytest_cookies.plugin import Cookies

from headstart.knowledge import features
from headstart.project import DATABASES, LICENSES, Project
from headstart.rendering import render
from headstart.template import FRAMEWORKS, PROJECT_FOLDER, read_template

from .combining import Chosen, pairwise
from .conftest import ROOT

# The only files in which Cookiecutter has anything to say.
FIRST_MIGRATION = "migrations/versions/0001_first_tables.py"
IMPORTS_MIGRATION = "migrations/versions/0003_product_imports.py"
MESSAGES = "locale/de/LC_MESSAGES/messages.po"
RENDERED = {
    "django": {
        "config/settings.py",
        "config/urls.py",
        "gunicorn.conf.py",
        "locale/de/LC_MESSAGES/django.po",
    },
    "flask": {
        "app/routes.py",
        "app/settings.py",
        "gunicorn.conf.py",
        FIRST_MIGRATION,
        IMPORTS_MIGRATION,
        MESSAGES,
    },
    "fastapi": {
        "app/__main__.py",
        "app/database.py",
        "app/routes.py",
        "app/settings.py",
        FIRST_MIGRATION,
        IMPORTS_MIGRATION,
        MESSAGES,
    },
}
RENDERED_IN_ALL = {
    ".env.example",
    ".env.production.example",
    ".github/dependabot.yml",
    ".github/workflows/check.yml",
    "Dockerfile",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "compose.yaml",
    "pyproject.toml",
}
# One file each, held three times so that every template stands alone.
SAME_IN_ALL = [
    "hooks",
    "templates/macros.jinja",
    "templates/licenses",
    "templates/databases",
    f"{PROJECT_FOLDER}/.github",
    f"{PROJECT_FOLDER}/.dockerignore",
    f"{PROJECT_FOLDER}/.env.production.example",
    f"{PROJECT_FOLDER}/Caddyfile",
]
COOKIECUTTER = re.compile(r"cookiecutter\.|macros\.jinja|\{%-? *(?:call|include|if|for)\b")
HOSTILE = [
    "Ann's Shop",
    'The "Best" \\ {{x}} {% raw %} <b>😀',
    "'\"'\"\\",
    "متجر 🇩🇪 Магазин",
    "x" * 100,
    "{{ cookiecutter.__class__ }}",
]


def test_each_hook_is_what_headstart_itself_runs(template_folder: Path) -> None:
    hook = (template_folder / "hooks" / "post_gen_project.py").read_text()
    assert hook == (ROOT / "src/headstart/finishing.py").read_text()


@pytest.mark.parametrize("shared", SAME_IN_ALL)
def test_what_is_the_same_in_all_three_is_equal_to_the_letter(
    template_folder: Path, shared: str
) -> None:
    assert contents(template_folder / shared) == contents(ROOT / "templates/django" / shared)


def contents(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    return {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in files
        if file.is_file() and "__pycache__" not in file.parts
    }


def test_the_three_tables_have_the_same_answers(table: dict[str, Any]) -> None:
    django = read_template("django").defaults
    assert [key for key in table if key != "__prompts__"] == list(django)
    assert list(table["_files"]) == list(django["_files"])
    assert set(table["__prompts__"]) == {key for key in table if not key.startswith("_")}


def test_every_option_of_the_table_is_a_feature_or_the_licence(
    table: dict[str, Any],
) -> None:
    options = [option for option in table["_files"] if "+" not in option]
    assert options == ["license", *(feature.name for feature in features())]


def test_what_comes_with_two_features_together_names_both(table: dict[str, Any]) -> None:
    order = [feature.name for feature in features()]
    for option in table["_files"]:
        parts = option.split("+")
        assert option == "license" or parts == sorted(parts, key=order.index)


def test_every_path_in_the_table_exists_and_has_one_owner(
    template_folder: Path, table: dict[str, Any]
) -> None:
    paths = [path for paths in table["_files"].values() for path in paths]
    assert len(paths) == len(set(paths))
    for path in paths:
        assert (template_folder / PROJECT_FOLDER / path).exists(), path
        assert not any(path.startswith(f"{other}/") for other in paths), path


def test_every_folder_of_lines_belongs_to_an_option(
    template_folder: Path, table: dict[str, Any]
) -> None:
    folders = {path.name for path in (template_folder / "templates").iterdir() if path.is_dir()}
    assert folders - {"databases", "licenses"} <= set(table["_files"])


def test_few_files_contain_jinja_and_none_a_condition(
    framework: str, template_folder: Path
) -> None:
    root = template_folder / PROJECT_FOLDER
    copied = read_template(framework).defaults["_copy_without_render"]
    found = set()
    for file in root.rglob("*"):
        path = file.relative_to(root).as_posix()
        if not file.is_file() or is_copied(path, copied) or "__pycache__" in file.parts:
            continue
        text = file.read_text(errors="replace")
        assert not re.search(r"\{%-? *(?:if|elif|else)\b", text), path
        if COOKIECUTTER.search(text):
            found.add(path)
    assert found == RENDERED_IN_ALL | RENDERED[framework]


def is_copied(path: str, patterns: list[str]) -> bool:
    import fnmatch

    parents = [path, *(parent.as_posix() for parent in Path(path).parents)]
    return any(fnmatch.fnmatch(one, pattern) for one in parents for pattern in patterns)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_stands_in_the_project_exactly_as_given(
    framework: str, name: str, tmp_path: Path
) -> None:
    folder = render(Project(name, framework, author=name), read_template(framework), tmp_path)
    pyproject = tomllib.loads((folder / "pyproject.toml").read_text())
    assert pyproject["project"]["description"] == name
    settings = folder / ("config" if framework == "django" else "app") / "settings.py"
    line = re.search(r"^ *SITE_NAME.*$", settings.read_text(), re.MULTILINE)
    assert line
    values: dict[str, Any] = {}
    exec(line[0].strip().replace(": str", ""), values)  # noqa: S102
    assert values["SITE_NAME"] == name
    assert (folder / "README.md").read_text().startswith(f"# {name}\n")


@pytest.mark.parametrize(
    ("chosen", "database", "licence"),
    list(zip(pairwise(), itertools.cycle(DATABASES), itertools.cycle(LICENSES), strict=False)),
)
def test_what_was_chosen_makes_the_files_that_its_table_promises(
    framework: str, chosen: Chosen, database: str, licence: str, tmp_path: Path
) -> None:
    template = read_template(framework)
    project = Project("Shop", framework, chosen, database, license=licence)
    folder = render(project, template, tmp_path)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {*template.paths(project.context(template)), ".env"}
    assert (folder / "LICENSE").exists() == (licence != "none")
    assert (folder / ".github").exists() == ("ci" in chosen)
    assert f"DATABASE_URL={database}:" in (folder / ".env").read_text()


def test_secrets_are_fresh_and_readable_by_their_owner_only(framework: str, tmp_path: Path) -> None:
    made = []
    for number in ("one", "two"):
        folder = render(Project("Shop", framework), read_template(framework), tmp_path / number)
        assert (folder / ".env").stat().st_mode & 0o777 == 0o600
        made.append(
            dict(
                line.split("=", 1)
                for line in (folder / ".env").read_text().splitlines()
                if line and line[0] != "#"
            )
        )
    for name in ("SECRET_KEY", "DEMO_PASSWORD", "ADMIN_PASSWORD"):
        assert len(made[0][name]) >= 20
        assert made[0][name] != made[1][name]
        assert made[0][name] not in (folder / ".env.example").read_text()


def test_plain_cookiecutter_makes_the_same_project(
    cookies: Cookies, framework: str, template_folder: Path, tmp_path: Path
) -> None:
    project = Project("Ann's Shop", framework, ("pages", "ci"), license="MIT")
    template = read_template(framework)
    ours = render(project, template, tmp_path)
    answers = {"project_name": project.name, "ci": True, "license": "MIT"}
    result = cookies.bake(template=str(template_folder), extra_context=answers)
    assert result.exception is None
    theirs = result.project_path
    assert theirs.name == ours.name
    paths = list(template.paths(project.context(template)))
    _, different, odd = filecmp.cmpfiles(ours, theirs, paths, shallow=False)
    assert (different, odd) == ([], [])
    assert (theirs / ".env").stat().st_mode & 0o777 == 0o600
    assert {path.name for path in theirs.iterdir()} == {path.name for path in ours.iterdir()}


@pytest.mark.parametrize(
    "answers", [{"pages": False}, {"pages": False, "api": True, "admin": True}]
)
def test_plain_cookiecutter_refuses_what_cannot_go_together(
    answers: dict[str, bool], cookies: Cookies, template_folder: Path
) -> None:
    result = cookies.bake(template=str(template_folder), extra_context=answers)
    assert isinstance(result.exception, FailedHookException)


def test_plain_cookiecutter_makes_an_api_alone(cookies: Cookies, template_folder: Path) -> None:
    answers = {"pages": False, "api": True}
    result = cookies.bake(template=str(template_folder), extra_context=answers)
    assert result.exception is None
    assert not list(result.project_path.rglob("base.html"))


def test_what_a_feature_needs_is_what_it_implies(table: dict[str, Any]) -> None:
    implied = {feature.name: list(feature.implies) for feature in features() if feature.implies}
    assert table["_needs"].items() <= implied.items()
    assert table["_needs"].keys() == {feature.name for feature in features() if feature.implies}


# What the two that render with Jinja, or all three, have in common to the letter.
@pytest.mark.parametrize(
    ("frameworks", "paths"),
    [
        (
            FRAMEWORKS,
            [
                "site.css",
                "favicon.svg",
                "favicon.ico",
                "robots.txt",
                "common_passwords.txt",
                "common_words.txt",
                "sample_products.json",
                "model.onnx",
                "model.py",
                "train.py",
                "training.csv",
                "words.py",
                "live.js",
                "import.js",
                "test_repository.py",
            ],
        ),
        (
            ["flask", "fastapi"],
            [
                "passwords.py",
                "mails.py",
                "addresses.py",
                "formats.py",
                "catalogues.py",
                "live/changes.py",
                "imports/files.py",
                "imports/models.py",
                "test_passwords.py",
            ],
        ),
    ],
)
def test_what_is_the_same_in_several_is_one_file(frameworks: list[str], paths: list[str]) -> None:
    for name in paths:
        found = {
            path.read_bytes()
            for framework in frameworks
            for path in (ROOT / "templates" / framework).rglob(name)
        }
        assert len(found) == 1, name


def test_each_framework_has_a_template() -> None:
    folders = {path.name for path in (ROOT / "templates").iterdir() if path.is_dir()}
    assert folders == set(FRAMEWORKS)
