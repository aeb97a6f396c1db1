"""What is shown before the last question: the advice, the features, and why nothing more is asked."""

from collections.abc import Iterator
from shutil import get_terminal_size
from textwrap import wrap

from headstart.advice import Advice, advise
from headstart.argument import Fragment, argument, full_argument, headline
from headstart.interview.choosing import reasons, reconciled
from headstart.interview.draft import Draft, State
from headstart.interview.planning import Stop, why_stop
from headstart.knowledge import fallback, frameworks, rules

WIDTH = 79
OTHER_LINES = 14  # the title, the features, the reason to stop, and the choices
LEAST_HEIGHT = 15
MORE_COULD_BE_ASKED = "More answers could still change this."


def summary(state: State) -> tuple[Fragment, ...]:
    """What is known and advised when the questions are over.

    Args:
        state: where the conversation stands.
    """
    draft = state.draft
    lines: list[Fragment] = [("title", f"\n{draft.name}\n"), *_framework(state)]
    lines += _wrapped(_features(draft))
    lines += _wrapped([_stopped(state)])
    return tuple(lines)


def taken_by_default(draft: Draft) -> list[str]:
    """The frameworks, the one that is taken unless somebody chooses first.

    Args:
        draft: what is known.
    """
    advice = advise(draft.answers, rules())
    first = draft.framework or advice.recommendation or _of_the_tied(advice)
    return [first, *(each.framework for each in advice.ranking if each.framework != first)]


def _of_the_tied(advice: Advice) -> str:
    return fallback().framework if fallback().framework in advice.tied else advice.tied[0]


def _framework(state: State) -> Iterator[Fragment]:
    draft = state.draft
    advice = advise(draft.answers, rules())
    first = taken_by_default(draft)[0]
    if draft.framework:
        yield "", f"{frameworks()[first]}, as you decided.\n"
    if state.whole:
        yield from full_argument(advice, features=False)
    elif not draft.framework:
        height = max(LEAST_HEIGHT, get_terminal_size().lines - OTHER_LINES)
        yield from argument(advice, height, features=False)
    elif draft.answers:
        yield "dim", f"{headline(advice)}\n"
    if not (draft.framework or advice.recommendation):
        why = (
            fallback().because
            if first == fallback().framework
            else "It is one of those that fit equally well."
        )
        yield from _wrapped([f"Unless you choose, it is {frameworks()[first]}. {why}"], "")


def _features(draft: Draft) -> Iterator[str]:
    yield f"Features: {', '.join(f'{name} ({why})' for name, why in reasons(draft))}."
    if left_out := reconciled(draft).without_features:
        yield f"Left out: {', '.join(left_out)}."


def _stopped(state: State) -> str:
    if state.enough:
        return Stop.ENOUGH_SAID.value
    stop = why_stop(state.draft, state.asked)
    return stop.value if stop else MORE_COULD_BE_ASKED


def _wrapped(sentences: Iterator[str] | list[str], style: str = "dim") -> Iterator[Fragment]:
    for sentence in sentences:
        for line in wrap(sentence, WIDTH, subsequent_indent="  ", break_on_hyphens=False):
            yield style, f"{line}\n"
