"""The two ways to give answers without being asked: as options, and in a file."""

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import click

from headstart.errors import WrongInput

STANDARD_INPUT = Path("-")
LONGEST_FILE = 100_000


def answer_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--answer` and `--answers` to a command.

    Args:
        command: the command's function; gets `answers` and `answers_file`.
    """
    one = click.option(
        "-a",
        "--answer",
        "answers",
        multiple=True,
        metavar="KEY=VALUE",
        help="Answer a question.",
    )
    file = click.option(
        "--answers",
        "answers_file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Answers in TOML or JSON; `-` reads them from standard input.",
    )
    return one(file(command))


def read_all_answers(answers: tuple[str, ...], file: Path | None) -> dict[str, str]:
    """Return the answers of a file and of the options, which win.

    Args:
        answers: `KEY=VALUE`, each.
        file: a TOML or JSON file, `-` for standard input, or nothing. What a project
            remembers and what `new --json` prints are such files too.

    Raises:
        WrongInput: a key or value is unknown, or the file cannot be read.
    """
    from headstart.knowledge.answers import check_answers

    pairs: dict[str, str] = {}
    for answer in answers:
        key, equals, value = answer.partition("=")
        if not equals:
            raise WrongInput(
                f"`{answer}` is no answer.",
                "Write it as KEY=VALUE: `--answer kind=shop`.",
            )
        if pairs.setdefault(key, value) != value:
            raise WrongInput(f"`{key}` is answered twice, differently.", "Keep one of the two.")
    return {**(_read(file) if file else {}), **check_answers(pairs.items())}


def _read(file: Path) -> dict[str, str]:
    from headstart.knowledge.answers import check_answers

    if file == Path():
        raise WrongInput("`--answers` needs the name of a file.", "`-` is standard input.")
    name = "Standard input" if file == STANDARD_INPUT else f"`{_shown(str(file))}`"
    try:
        content = _content(sys.stdin.buffer) if file == STANDARD_INPUT else _content_of(file)
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongInput(f"{name} is not a text in UTF-8.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name cannot be used"
        raise WrongInput(f"{name} cannot be read: {reason}.") from None
    if len(content) > LONGEST_FILE:
        raise WrongInput(f"{name} is too long to hold answers.")
    return check_answers(_pairs(_parsed(text, file, name), name))


def _content_of(file: Path) -> bytes:
    with file.open("rb") as opened:
        return _content(opened)


def _content(stream: BinaryIO) -> bytes:
    # Some files never end.
    return stream.read(LONGEST_FILE + 1)


def _parsed(text: str, file: Path, name: str) -> Any:
    import tomllib

    kinds: dict[str, Callable[[str], Any]] = {"JSON": _json, "TOML": tomllib.loads}
    # What the name says; without a name that says anything, whichever it is.
    named = file.suffix[1:].upper()
    kinds = {named: kinds[named]} if named in kinds else kinds
    problems = []
    for parse in kinds.values():
        try:
            return parse(text)
        except (ValueError, RecursionError) as error:
            problems.append(_shown(str(error), 100))
    # Only JSON begins so.
    problem = problems[0 if text.lstrip().startswith("{") else -1]
    raise WrongInput(
        f"{name} is not valid {' or '.join(kinds)}: {problem}.",
        'An answers file has one line for each answer: kind = "shop".',
    )


def _json(text: str) -> Any:
    import json

    def refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) < len(pairs):
            raise ValueError("the same key twice")
        return table

    return json.loads(text, object_pairs_hook=refuse_twice)


def _pairs(table: Any, name: str) -> Iterator[tuple[str, str]]:
    if not isinstance(table, Mapping):
        raise WrongInput(f"{name} is a list or a single value, not keys and values.")
    for key, value in _answers_within(table).items():
        if isinstance(value, bool):
            yield key, "yes" if value else "no"
        elif isinstance(value, str):
            yield key, value
        else:
            raise WrongInput(f"{name} gives `{_shown(key)}` an answer that is not a word.")


def _answers_within(table: Mapping[str, Any]) -> Mapping[str, Any]:
    """The table itself, or its `answers`, or those of its `project`."""
    for around in (table, table.get("project")):
        if isinstance(around, Mapping) and isinstance(around.get("answers"), Mapping):
            found: Mapping[str, Any] = around["answers"]
            return found
    return table


def _shown(text: str, longest: int = 40) -> str:
    plain = "".join(letter if letter.isprintable() else "?" for letter in text)
    return plain if len(plain) <= longest else f"{plain[:longest]}..."
