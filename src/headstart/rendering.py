"""Render a template into a folder: the answers literally, and nothing outside that folder."""

import errno
import os
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from headstart.finishing import finish
from headstart.project import Project
from headstart.template import Template, files_below


def render(project: Project, template: Template, folder: Path) -> Path:
    """Render a project, take out what was not chosen, and make its `.env`.

    Cookiecutter's own command renders the *answers* as templates too, so that a
    name could run code; `generate_files` takes them as they are. Its hook is not
    run: the same functions are called here, without another process.

    Args:
        project: what to build.
        template: the template of its framework.
        folder: where the project's folder is made.

    Returns:
        The project's folder.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
        RuntimeError: the template made other files than its table promises.
    """
    context = project.context(template)
    made = _generate(template, context, folder)
    _settle_modes(made)
    # An installer compiles the Python files among the templates.
    for folder_name, folders, _ in os.walk(made):
        if "__pycache__" in folders:
            folders.remove("__pycache__")
            shutil.rmtree(Path(folder_name, "__pycache__"))
    finish(made, context)
    _check(made, {*template.paths(context), ".env"})
    return made


def _generate(template: Template, context: Mapping[str, Any], folder: Path) -> Path:
    from cookiecutter.generate import generate_files

    whole = {"cookiecutter": context}
    try:
        return Path(generate_files(str(template.folder), whole, str(folder), accept_hooks=False))
    except shutil.Error as error:
        # Copying a folder gathers what went wrong into a list of texts.
        if f"[Errno {errno.ENOSPC}]" in str(error):
            raise OSError(errno.ENOSPC, "No space left on device") from error
        raise


def _settle_modes(made: Path) -> None:
    """Give files the modes that they have in git, however headstart was installed.

    They are copied with the modes of the template, which may be read-only, and those
    of folders depend on the umask. An image is built with them.
    """
    made.chmod(0o755)
    for folder_name, folders, files in os.walk(made):
        for name in folders:
            Path(folder_name, name).chmod(0o755)
        for name in files:
            path = Path(folder_name, name)
            path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)


def _check(made: Path, expected: set[str]) -> None:
    found = set(files_below(made))
    links = [path for path in found if os.path.islink(made / path)]
    if found != expected or links:
        odd = sorted(found ^ expected)[:5]
        raise RuntimeError(f"The template made other files than it promises: {odd} {links}")
