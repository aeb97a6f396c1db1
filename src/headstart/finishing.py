"""Finish a rendered project: take out what was not chosen and make its `.env`.

headstart calls these functions; plain Cookiecutter runs this very file as the
template's hook. So it needs nothing but the standard library, and a test holds
the copies in `templates/*/hooks/` equal to the one in headstart.
"""

import json
import os
import secrets
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

# How many random bytes each is made of: passwords are also typed.
SECRETS = {"SECRET_KEY": 48, "DEMO_PASSWORD": 15, "ADMIN_PASSWORD": 15}
NOT_CHOSEN = (False, "", "none")
# What a visitor meets: a project that nobody can talk to is none.
INTERFACES = ("pages", "api")


def take_out(project: Path, answers: Mapping[str, Any]) -> None:
    """Remove the files of every option in the template's table that was not chosen.

    Args:
        project: the rendered project's folder.
        answers: Cookiecutter's context; `_files` in it maps an option to the
            files and folders that come with it, relative to the project.
    """
    table: Mapping[str, Sequence[str]] = answers["_files"]
    for option, paths in table.items():
        if answers[option] in NOT_CHOSEN:
            for path in paths:
                _remove(project, project / path)


def _remove(project: Path, path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    for folder in path.parents:
        if folder == project or any(folder.iterdir()):
            return
        folder.rmdir()


def write_env(project: Path) -> None:
    """Write `.env` from `.env.example`, with fresh secrets, readable by its owner only.

    Args:
        project: the rendered project's folder.

    Raises:
        FileExistsError: there is an `.env` already; it is left as it is.
    """
    lines = (project / ".env.example").read_text(encoding="utf-8").splitlines()
    text = "".join(f"{_with_secret(line)}\n" for line in lines)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    descriptor = os.open(project / ".env", flags, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _with_secret(line: str) -> str:
    name = line.partition("=")[0]
    return f"{name}={secrets.token_urlsafe(SECRETS[name])}" if name in SECRETS else line


if __name__ == "__main__":
    context = json.loads(r"""{{ cookiecutter | jsonify }}""")
    if not any(context[interface] for interface in INTERFACES):
        sys.exit("Nothing would be left for anybody to use: keep the pages or the API.")
    for option, needed in context["_needs"].items():
        if context[option] and not all(context[each] for each in needed):
            sys.exit(f"`{option}` needs `{'` and `'.join(needed)}`.")
    take_out(Path.cwd(), context)
    write_env(Path.cwd())
