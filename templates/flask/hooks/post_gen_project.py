"""Finish a rendered project: take out what was not chosen, and make its `.env`.

headstart calls these functions; plain Cookiecutter runs this very file as the
template's hook. So it needs nothing but the standard library, and a test holds
the copies in `templates/*/hooks/` equal to the one in headstart.
"""

import json
import os
import re
import secrets
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

# How many random bytes each is made of: passwords are also typed.
SECRETS = {"SECRET_KEY": 48, "DEMO_PASSWORD": 15, "ADMIN_PASSWORD": 15}
NOT_CHOSEN = (False, "", "none")
# What a visitor meets: a project that nobody can talk to is none.
INTERFACES = ("pages", "api")
# Cookiecutter renders its hooks; from here to the end it has nothing to say: {% raw %}

# How texts are marked for translation, in `_("…")`, `N_("…")`, filters and tags.
STRING = r'"(?:[^"\\\n]|\\.)*"'
MARKED = re.compile(rf"(?<![\w.])N?_\((\s*)((?:{STRING}\s*)+)\)")
MARKED_LINES = re.compile(rf"^( *)N?_\(\n((?: +{STRING}\n)+)\1\)", re.MULTILINE)
MARKED_LINE = re.compile(rf"^(.* = )N?_\(\n +({STRING})\n\)$", re.MULTILINE)
LONGEST_LINE = 88
MARKS = r"from [\w.]+ import (?:\w+ as N?_|N?_)(?:, N?_)*\n"
# An import with an empty line on both sides takes one of them with it.
MARKS_IMPORTED = re.compile(rf"(?<=\n\n){MARKS}\n|^{MARKS}", re.MULTILINE)
SHOWN = re.compile(r'\{\{ _\("((?:[^"\\]|\\.)*)"((?:, \w+=[^,(){}]+)*)\) \}\}')
TAG = re.compile(r'\{% translate "((?:[^"\\]|\\.)*)" %\}')
TAG_OF_VALUE = re.compile(r"\{% translate ([\w.]+) %\}")
BLOCK = re.compile(
    r"\{% blocktranslate(?: trimmed)?(?: with((?: \w+=\S+)+))? %\}(.*?)\{% endblocktranslate %\}",
    re.DOTALL,
)
LOADED = re.compile(r"\{% load i18n %\}\n?|(?<=\{% load )i18n (?=\w)|(?<=\w) i18n(?= %\})")
FILTERS = re.compile(r"\|(?:translated|localised)\b")
DATED = re.compile(r'\{\{ ([\w.]+)\|localised\("(date|time)"\) \}\}')
DATES = {"date": "%B %Y", "time": "%B %Y, %H:%M UTC"}
INCLUDED = re.compile(r'^[ \t]*\{% include "([^"]+)" ignore missing %\}\n', re.MULTILINE)


def finish(project: Path, answers: Mapping[str, Any]) -> None:
    """Make a rendered project what it is handed over as.

    Args:
        project: the rendered project's folder.
        answers: Cookiecutter's context.

    Raises:
        FileExistsError: there is an `.env` already; it is left as it is.
    """
    take_out(project, answers)
    settle_includes(project)
    if answers["i18n"] in NOT_CHOSEN:
        leave_one_language(project)
    write_env(project)


def is_chosen(option: str, answers: Mapping[str, Any]) -> bool:
    """Say whether an option of the table was chosen; `a+b` is when both are.

    Args:
        option: a key of `_files`.
        answers: Cookiecutter's context.
    """
    return all(answers[part] not in NOT_CHOSEN for part in option.split("+"))


def take_out(project: Path, answers: Mapping[str, Any]) -> None:
    """Remove the files of every option in the template's table that was not chosen.

    Args:
        project: the rendered project's folder.
        answers: Cookiecutter's context; `_files` in it maps an option to the
            files and folders that come with it, relative to the project.
    """
    table: Mapping[str, Sequence[str]] = answers["_files"]
    for option, paths in table.items():
        if not is_chosen(option, answers):
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


def settle_includes(project: Path) -> None:
    """Let pages include what is there, and nothing else.

    Args:
        project: the rendered project's folder.
    """
    pages = list(project.rglob("*.html"))
    there = ["/".join(page.parts) for page in pages]

    def settled(found: re.Match[str]) -> str:
        is_there = any(path.endswith(f"/templates/{found[1]}") for path in there)
        return found[0].replace(" ignore missing", "") if is_there else ""

    for page in pages:
        _change(page, lambda text: INCLUDED.sub(settled, text))


def leave_one_language(project: Path) -> None:
    """Take the marks for translation off the texts: they stand for themselves.

    Args:
        project: the rendered project's folder.
    """
    for page in project.rglob("*.html"):
        _change(page, _page_without_marks)
    for module in project.rglob("*.py"):
        _change(module, _module_without_marks)


def _module_without_marks(text: str) -> str:
    def plain(found: re.Match[str]) -> str:
        return f"({found[1]}{found[2]})" if "\n" in found[1] else found[2].rstrip()

    def lines(found: re.Match[str]) -> str:
        return found[2].replace("\n    ", "\n").removeprefix("    ").rstrip()

    def line(found: re.Match[str]) -> str:
        whole = f"{found[1]}{found[2]}"
        return whole if len(whole) <= LONGEST_LINE else found[0]

    text = MARKED_LINES.sub(lines, MARKS_IMPORTED.sub("", text))
    return MARKED.sub(plain, MARKED_LINE.sub(line, text))


def _page_without_marks(text: str) -> str:
    def shown(found: re.Match[str]) -> str:
        values = dict(part.split("=", 1) for part in found[2].split(", ")[1:])
        return _filled(_unquoted(found[1]), r"%\((\w+)\)s", values).replace("%%", "%")

    def block(found: re.Match[str]) -> str:
        values = dict(part.split("=", 1) for part in (found[1] or "").split())
        return _filled(found[2], r"\{\{ (\w+) \}\}", values)

    def dated(found: re.Match[str]) -> str:
        return f'{{{{ {found[1]}.day }}}} {{{{ {found[1]}.strftime("{DATES[found[2]]}") }}}}'

    text = SHOWN.sub(shown, DATED.sub(dated, text))
    text = TAG.sub(lambda found: _unquoted(found[1]), TAG_OF_VALUE.sub(r"{{ \1 }}", text))
    text = LOADED.sub("", BLOCK.sub(block, text))
    return FILTERS.sub("", MARKED.sub(lambda found: found[2], text))


def _filled(text: str, place: str, values: Mapping[str, str]) -> str:
    return re.sub(place, lambda found: f"{{{{ {values.get(found[1], found[1])} }}}}", text)


def _unquoted(text: str) -> str:
    return text.replace('\\"', '"')


def _change(path: Path, change: Callable[[str], str]) -> None:
    text = path.read_text(encoding="utf-8")
    changed = change(text)
    if changed != text:
        path.write_text(changed, encoding="utf-8")


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


# {% endraw %}

if __name__ == "__main__":
    context = json.loads(r"""{{ cookiecutter | jsonify }}""")
    if not any(context[interface] for interface in INTERFACES):
        sys.exit("Nothing would be left for anybody to use: keep the pages or the API.")
    for option, needed in context["_needs"].items():
        if context[option] and not all(context[each] for each in needed):
            sys.exit(f"`{option}` needs `{'` and `'.join(needed)}`.")
    finish(Path.cwd(), context)
