"""What the tests of the interview have in common: replies that are written down before."""

import random
from collections.abc import Callable, Mapping, Sequence

from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from headstart.interview import (
    BACK,
    CANCEL,
    CHANGE,
    FEATURES,
    WHOLE,
    Draft,
    Prompt,
    Reply,
    interview,
    terminal,
)
from headstart.knowledge import Question
from headstart.knowledge.model import is_askable

UP, DOWN, LEFT, ENTER, CONTROL_C, CONTROL_D = "\x1b[A", "\x1b[B", "\x1b[D", "\r", "\x03", "\x04"
SPACE = " "
SETTLED = {
    "kind": "content", "control": "conventions", "admin": "yes", "size": "large",
    "interface": "pages", "database": "rich", "deadline": "long-term",
    "realtime": "no", "background": "no", "i18n": "no",
}  # fmt: skip
AT_THE_END = (BACK, CHANGE, CANCEL, FEATURES, WHOLE)


def problem(name: str) -> str | None:
    return "No digits." if any(letter.isdigit() for letter in name) else None


def scripted(*replies: Reply | None) -> tuple[Callable[[Prompt], Reply], list[Prompt]]:
    """An asker that gives these replies (None: Enter alone), and what it was asked."""
    left, seen = list(replies), list[Prompt]()

    def ask(prompt: Prompt) -> Reply:
        seen.append(prompt)
        reply = left.pop(0)
        if prompt.several and reply != BACK:
            reply = prompt.several.ticked if reply is None else reply
            assert isinstance(reply, tuple)
            assert set(reply) <= set(dict(prompt.choices))
            assert prompt.several.check(reply) is None
            return reply
        reply = prompt.default if reply is None else reply
        assert prompt.several or not prompt.choices or reply in dict(prompt.choices)
        return reply

    return ask, seen


def shown(prompt: Prompt) -> str:
    return "".join(text for _, text in prompt.above)


def typed(keys: str, draft: Draft) -> Draft:
    with create_pipe_input() as source:
        source.send_text(keys)
        return interview(draft, check_name=problem, asker=terminal(source, DummyOutput()))


def some_answers(
    chance: random.Random,
    number: int,
    among: Sequence[Question],
    known: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Answers to so many of the questions as they can come up, in any order."""
    answers = dict(known or {})
    left = chance.sample(list(among), number)
    while askable := [each for each in left if is_askable(each, answers)]:
        question = chance.choice(askable)
        left.remove(question)
        answers[question.key] = chance.choice(question.values).name
    return answers
