"""Answers that come from outside: are they ones that can be given?

This is where `--answer KEY=VALUE` and answers files meet the vocabulary of
`questions.toml`.
"""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from headstart.errors import WrongInput
from headstart.knowledge import questions

LONGEST_ECHO = 40


def check_answers(pairs: Mapping[str, str] | Iterable[tuple[str, str]]) -> dict[str, str]:
    """The answers, when each key is a question and each value one of its values.

    Args:
        pairs: keys and values; of the same key twice, the later one counts.

    Raises:
        WrongInput: a key or a value is unknown; the hint names the nearest one.
    """
    known = {question.key: [each.name for each in question.values] for question in questions()}
    answers = {}
    for key, value in dict(pairs).items():
        if key not in known:
            raise WrongInput(
                f"There is no question called `{_echo(key)}`.", _nearest(key, list(known))
            )
        if value not in known[key]:
            raise WrongInput(
                f"`{_echo(value)}` is not an answer to `{key}`.", _nearest(value, known[key])
            )
        answers[key] = value
    return answers


def read_answers(path: Path) -> dict[str, str]:
    """The answers in a file of keys and values.

    Args:
        path: a JSON file when it is called `.json`, else a TOML file. `true` and
            `false` may stand for `yes` and `no`.

    Raises:
        WrongInput: it cannot be read, is neither, or has an unknown key or value.
    """
    import json

    name = _echo(str(path))
    kind = "JSON" if path.suffix.lower() == ".json" else "TOML"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise WrongInput(f"`{name}` is not a text file in UTF-8.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name cannot be used"
        raise WrongInput(f"`{name}` cannot be read: {reason}.") from None
    try:
        table = json.loads(text) if kind == "JSON" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise WrongInput(
            f"`{name}` is not valid {kind}: {_echo(str(error), 100)}.",
            'An answers file has one line for each answer: kind = "shop".',
        ) from None
    return check_answers(_pairs(table, name))


def _pairs(table: Any, name: str) -> Iterable[tuple[str, str]]:
    if not isinstance(table, Mapping):
        raise WrongInput(f"`{name}` is a list or a single value, not keys and values.")
    for key, value in table.items():
        if isinstance(value, bool):
            yield key, "yes" if value else "no"
        elif isinstance(value, str):
            yield key, value
        else:
            raise WrongInput(f"The answer to `{_echo(key)}` in `{name}` is not a word.")


def _nearest(word: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word.strip().lower()[:LONGEST_ECHO], known, n=1, cutoff=0.5)
    choices = ", ".join(f"`{name}`" for name in known)
    return f"Did you mean `{near[0]}`?" if near else f"Choose one of {choices}."


def _echo(text: str, longest: int = LONGEST_ECHO) -> str:
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    return shown if len(shown) <= longest else f"{shown[:longest]}..."
