"""Rendering a project against plain Cookiecutter, and against copying the same files.

Twice: the rendering alone, in one process where everything is imported, from the
answers to the finished files; and the whole command, from its start to its end.
headstart renders, takes out, makes `.env` and checks the list of files (as a
command, it also weighs the answers, records the pristine tree and moves the
project into place). Plain Cookiecutter renders and runs the template's hook. The
copy is `shutil.copytree` of the result.
"""

import shutil
import sys
import tempfile
from functools import partial
from itertools import product
from pathlib import Path

from cookiecutter.main import cookiecutter
from measure import Action, command, in_turn, report

from headstart.project import Project
from headstart.rendering import render
from headstart.template import FRAMEWORKS, read_template

PROGRAMS = Path(sys.executable).parent
TEMPLATES = Path(__file__).parents[1] / "templates"
COPY = "import shutil, sys; shutil.copytree(sys.argv[1], sys.argv[2])"


def alone(framework: str, kept: Path, made: Path) -> dict[str, Action]:
    """Return the ways to render, within this process."""
    template, project = read_template(framework), Project("Shop", framework)
    return {
        "cookiecutter": lambda: cookiecutter(
            str(TEMPLATES / framework), no_input=True, output_dir=str(made)
        ),
        "headstart": lambda: render(project, template, made),
        "copy": lambda: shutil.copytree(kept, made / "shop"),
    }


def whole(framework: str, kept: Path, made: Path) -> dict[str, Action]:
    """Return the ways to render, as commands."""
    plain = [str(PROGRAMS / "cookiecutter"), "--no-input", "-o", str(made)]
    return {
        "cookiecutter": command([*plain, str(TEMPLATES / framework), "project_name=Shop"]),
        "headstart": command([*new(framework), f"--output-dir={made}"]),
        "copy": command([sys.executable, "-c", COPY, str(kept), str(made / "shop")]),
    }


def new(framework: str) -> list[str]:
    """Return the command that makes a project's files and nothing more."""
    only = ["--yes", "--no-setup", "--no-git"]
    return [str(PROGRAMS / "headstart"), "new", "Shop", "-f", framework, *only]


def main() -> None:
    """Measure and print."""
    for framework, way in product(FRAMEWORKS, (alone, whole)):
        with tempfile.TemporaryDirectory() as name:
            made, kept = Path(name) / "out", Path(name) / "kept"
            command([*new(framework), f"--output-dir={kept}"])()
            again = partial(shutil.rmtree, made, ignore_errors=True)
            times = in_turn(way(framework, kept / "shop", made), runs=11, before=again)
            print(f"{framework}, {way.__name__}")
            report(times, "cookiecutter")


if __name__ == "__main__":
    main()
