"""What holds after every run, whatever was typed."""

import ast
import json
import os
import stat
import tomllib
from pathlib import Path

import yaml

from headstart.errors import NotAlive

from ..command import Ended
from .sandbox import CANARY

CODES = {0, 2, 3, 4, 5}
# Of the files that are not for everybody to read, and nobody to run.
MODES = {".env": 0o600, "manage.py": 0o755}
SETTINGS = ("config/settings.py", "app/settings.py")


def check_words(ended: Ended, deaf: bool) -> None:
    """A documented code, and for every other than 0 one sentence and at most one hint.

    Args:
        ended: the run.
        deaf: whether standard error leads nowhere.
    """
    assert ended.code in CODES, ended
    # What is the matter with a project that does not work, its own log tells.
    assert "Traceback" not in ended.err or ended.code == NotAlive.exit_code, ended
    assert "headstart itself failed" not in ended.err, ended
    lines = ended.err.splitlines()
    errors = [line for line in lines if line.startswith("error: ")]
    hints = [line for line in lines if line.startswith("hint: ")]
    assert len(hints) <= 1, ended
    if ended.code == 0:
        assert not errors, ended
    elif not deaf:
        assert len(errors) == 1, ended
        assert errors[0].rstrip().endswith((".", "?")), ended


def check_project(project: Path, name: str) -> None:
    """Every file can be read by whoever reads such files, and says the name as it was given.

    Args:
        project: a rendered project.
        name: what was typed.
    """
    for path in sorted(path for path in project.rglob("*") if path.is_file()):
        if ".git" in path.relative_to(project).parts:
            continue
        content = path.read_bytes()
        match path.suffix:
            case ".py":
                ast.parse(content)
            case ".toml":
                tomllib.loads(content.decode())
            case ".json":
                json.loads(content)
            case ".yml" | ".yaml":
                list(yaml.safe_load_all(content))
    readme = (project / "README.md").read_text(encoding="utf-8")
    assert readme.startswith(f"# {name}\n"), readme[:200]
    pyproject = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    assert pyproject["project"]["description"] == name
    (settings,) = [project / path for path in SETTINGS if (project / path).exists()]
    assert _constants(settings)["SITE_NAME"] == name
    record = json.loads((project / ".headstart.json").read_text(encoding="utf-8"))
    assert record["project"]["name"] == name
    check_modes(project)


def check_modes(project: Path) -> None:
    """What was rendered has the modes that git gives, and the secrets are private.

    Args:
        project: a project without environment and database.
    """
    for folder, folders, files in os.walk(project):
        folders[:] = sorted({*folders} - {".git"})
        for name in (*folders, *files):
            mode = 0o755 if name in folders else MODES.get(name, 0o644)
            found = stat.S_IMODE(os.lstat(Path(folder, name)).st_mode)
            assert found == mode, f"{folder}/{name}: {found:o}"


def check_nothing_sang(root: Path) -> None:
    """No answer was executed: what the payloads make is nowhere."""
    assert not list(root.rglob(CANARY))
    assert not Path.cwd().joinpath(CANARY).exists()


def _constants(module: Path) -> dict[str, object]:
    found: dict[str, object] = {}
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            found |= {
                each.id: node.value.value for each in node.targets if isinstance(each, ast.Name)
            }
    return found
