"""Answers that come from outside: are they ones that can be given?

This is where `--answer KEY=VALUE` and answers files meet the vocabulary of
`questions.toml`. How they are read is the command line's business.
"""

from collections.abc import Iterable, Mapping

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


def _nearest(word: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word.strip().lower()[:LONGEST_ECHO], known, n=1, cutoff=0.5)
    choices = ", ".join(f"`{name}`" for name in known)
    return f"Did you mean `{near[0]}`?" if near else f"Choose one of {choices}."


def _echo(text: str, longest: int = LONGEST_ECHO) -> str:
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    return shown if len(shown) <= longest else f"{shown[:longest]}..."
