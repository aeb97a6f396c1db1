"""Rendering a project against plain Cookiecutter, and against copying the same files.

Whole processes, from the command to its end. headstart renders, records the
pristine tree and moves the project into place; plain Cookiecutter renders and
runs the template's hook; the copy is Python's `shutil.copytree` of the result.
"""

import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

from measure import command, in_turn, report

from headstart.template import FRAMEWORKS

TEMPLATES = Path(__file__).parents[1] / "templates"
COPY = "import shutil, sys; shutil.copytree(sys.argv[1], sys.argv[2])"


def main() -> None:
    """Measure and print."""
    programs = Path(sys.executable).parent
    for framework in FRAMEWORKS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            made, kept = folder / "out", folder / "kept"
            ours = [
                str(programs / "headstart"),
                "new",
                "Shop",
                "-f",
                framework,
                "--yes",
            ]
            only = ["--no-setup", "--no-git", f"--output-dir={made}"]
            command([*ours, "--no-setup", "--no-git", f"--output-dir={kept}"])()
            plain = [str(programs / "cookiecutter"), "--no-input", "-o", str(made)]
            times = in_turn(
                {
                    "cookiecutter": command(
                        [*plain, str(TEMPLATES / framework), "project_name=Shop"]
                    ),
                    "headstart": command([*ours, *only]),
                    "copy": command(
                        [
                            sys.executable,
                            "-c",
                            COPY,
                            str(kept / "shop"),
                            str(made / "shop"),
                        ]
                    ),
                },
                runs=11,
                before=partial(shutil.rmtree, made, ignore_errors=True),
            )
            print(framework)
            report(times, "cookiecutter")


if __name__ == "__main__":
    main()
