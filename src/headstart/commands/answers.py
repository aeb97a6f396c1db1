"""The two ways to give answers without being asked: as options, and in a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


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
        help="Answers in TOML or JSON.",
    )
    return one(file(command))


def read_all_answers(answers: tuple[str, ...], file: Path | None) -> dict[str, str]:
    """Return the answers of a file and of the options, which win.

    Args:
        answers: `KEY=VALUE`, each.
        file: a TOML or JSON file, or nothing.

    Raises:
        WrongInput: a key or value is unknown, or the file cannot be read.
    """
    from headstart.errors import WrongInput
    from headstart.knowledge.answers import check_answers, read_answers

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
    return {**(read_answers(file) if file else {}), **check_answers(pairs.items())}
