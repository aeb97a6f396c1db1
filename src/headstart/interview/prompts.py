"""What is shown for each step of the conversation, and what can be chosen there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from headstart.advice import advise
from headstart.argument import Fragment, argument, headline
from headstart.interview.draft import Draft, State
from headstart.interview.planning import MOST_QUESTIONS
from headstart.knowledge import fallback, frameworks, questions, rules
from headstart.knowledge.model import is_askable

DEFAULT_NAME = "My project"
SUMMARY_HEIGHT = 17

# What can be chosen besides a value. No value of a question begins with a colon.
SKIP, BACK, ENOUGH, CHANGE, CANCEL = ":skip", ":back", ":enough", ":change", ":cancel"
NAME, SUMMARY = ":name", ":summary"

CheckName = Callable[[str], str | None]


@dataclass(frozen=True)
class Prompt:
    """One thing to ask: a list of choices (value and label), or a line of text.

    `above` is shown before it. `default` is what Enter alone gives. `check` says
    what is wrong with a text, or nothing.
    """

    ask: str
    default: str
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    above: tuple[Fragment, ...] = ()
    check: CheckName | None = None


Asker = Callable[[Prompt], str]


def prompt_for(step: str, state: State, said: str | None, check_name: CheckName | None) -> Prompt:
    """What to ask in a step of the conversation.

    Args:
        step: `NAME`, `SUMMARY`, `CHANGE`, or the key of a question.
        state: where the conversation stands.
        said: what was replied when it was asked before, or nothing.
        check_name: says what is wrong with a project's name, or nothing.
    """
    draft = state.draft
    if step == NAME:
        default = said or draft.name or DEFAULT_NAME
        return Prompt("What is your project called?", default, check=check_name)
    if step == SUMMARY:
        return _summary(draft)
    if step == CHANGE:
        choices = tuple(_changeable(draft))
        return Prompt("What do you want to change?", said or choices[0][0], choices)
    question = next(each for each in questions() if each.key == step)
    choices = ((SKIP, "I don't know yet"),)
    choices += tuple((value.name, value.label) for value in question.values)
    if draft.answers and not state.changing:
        choices += ((ENOUGH, "Enough, what is the advice?"),)
    default = draft.answers.get(step, said or SKIP)
    default = default if default in dict(choices) else SKIP
    keys = "" if state.asked else "; arrow keys and Enter"
    hint = f"({len(state.asked) + 1} of at most {MOST_QUESTIONS}{keys})"
    hint = "" if state.changing else hint
    return Prompt(question.ask, default, choices, hint)


def _changeable(draft: Draft) -> Iterator[tuple[str, str]]:
    if draft.name is not None:
        yield NAME, f"{'name':<12}{draft.name}"
    for question in questions():
        value = draft.answers.get(question.key)
        if value or is_askable(question, draft.answers):
            yield question.key, f"{question.key:<12}{question.value(value).label if value else '-'}"


def _summary(draft: Draft) -> Prompt:
    advice = advise(draft.answers, rules())
    first = draft.framework or advice.recommendation or _without_advice(advice.tied)
    order = [first, *(each.framework for each in advice.ranking if each.framework != first)]
    choices = [(order[0], f"Build it with {frameworks()[order[0]]}")]
    choices += [(each, f"No, with {frameworks()[each]}") for each in order[1:]]
    choices += [(CHANGE, "Change the name or an answer"), (CANCEL, "Cancel, make nothing")]
    above: list[Fragment] = [("title", f"\n{draft.name}\n")]
    if draft.framework:
        above += [("", f"{frameworks()[first]}, as you decided.\n")]
        above += [("dim", f"{headline(advice)}\n")] if draft.answers else []
    else:
        above += argument(advice, SUMMARY_HEIGHT)
        if not advice.recommendation:
            why = fallback().because if first == fallback().framework else "It is one of the best."
            above += [("", f"Unless you choose, it is {frameworks()[first]}. {why}\n")]
    for said, names in (("Added", draft.with_features), ("Left out", draft.without_features)):
        above += [("dim", f"{said}: {', '.join(names)}.\n")] if names else []
    return Prompt("Shall it be made?", first, tuple(choices), above=(*above, ("", "\n")))


def _without_advice(tied: tuple[str, ...]) -> str:
    return fallback().framework if fallback().framework in tied else tied[0]
