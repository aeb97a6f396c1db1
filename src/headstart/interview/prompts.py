"""What is shown for each step of the conversation, and what can be chosen there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from textwrap import fill

from headstart.argument import Fragment
from headstart.interview.choosing import features_of, problem_with
from headstart.interview.draft import Draft, State
from headstart.interview.planning import MOST_QUESTIONS
from headstart.interview.summary import summary, taken_by_default
from headstart.knowledge import features, frameworks, questions
from headstart.knowledge.model import is_askable

DEFAULT_NAME = "My project"
LABEL_WIDTH = 72

# What can be chosen besides a value. No value of a question begins with a colon.
SKIP, BACK, ENOUGH, CHANGE, CANCEL = ":skip", ":back", ":enough", ":change", ":cancel"
NAME, SUMMARY, FEATURES, WHOLE = ":name", ":summary", ":features", ":whole"

CheckName = Callable[[str], str | None]


@dataclass(frozen=True)
class Several:
    """That any number of the choices can be taken together.

    `ticked` are taken by Enter alone. `check` says what is wrong with those that
    are to be taken, or nothing.
    """

    ticked: tuple[str, ...]
    check: Callable[[tuple[str, ...]], str | None]


@dataclass(frozen=True)
class Prompt:
    """One thing to ask: a list of choices (value and label), or a line of text.

    `above` is shown before it. `default` is what Enter alone gives. `check` says
    what is wrong with a text, or nothing. With `several`, the choices are a list to
    tick, and what was ticked is replied as a tuple.
    """

    ask: str
    default: str
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    above: tuple[Fragment, ...] = ()
    check: CheckName | None = None
    several: Several | None = None


Reply = str | tuple[str, ...]
Asker = Callable[[Prompt], Reply]


def prompt_for(step: str, state: State, said: str | None, check_name: CheckName | None) -> Prompt:
    """What to ask in a step of the conversation.

    Args:
        step: `NAME`, `SUMMARY`, `CHANGE`, `FEATURES`, or the key of a question.
        state: where the conversation stands.
        said: what was replied when it was asked before, or nothing.
        check_name: says what is wrong with a project's name, or nothing.
    """
    draft = state.draft
    if step == NAME:
        default = said or draft.name or DEFAULT_NAME
        return Prompt("What is your project called?", default, check=check_name)
    if step == SUMMARY:
        return _summary(state)
    if step == FEATURES:
        return _features(draft)
    if step == CHANGE:
        choices = tuple(_changeable(draft))
        return Prompt("What do you want to change?", said or choices[0][0], choices)
    return _question(step, state, said)


def _question(key: str, state: State, said: str | None) -> Prompt:
    question = next(each for each in questions() if each.key == key)
    choices = [(SKIP, "I don't know yet")]
    choices += [(value.name, value.label) for value in question.values]
    if state.draft.answers and not state.changing:
        choices += [(ENOUGH, "Enough, what is the advice?")]
    default = state.draft.answers.get(key, said or SKIP)
    default = default if default in dict(choices) else SKIP
    keys = "" if state.asked else "; arrow keys and Enter"
    hint = f"({len(state.asked) + 1} of at most {MOST_QUESTIONS}{keys})"
    return Prompt(question.ask, default, tuple(choices), "" if state.changing else hint)


def _changeable(draft: Draft) -> Iterator[tuple[str, str]]:
    if draft.name is not None:
        yield NAME, f"{'name':<12}{draft.name}"
    for question in questions():
        value = draft.answers.get(question.key)
        if value or is_askable(question, draft.answers):
            yield question.key, f"{question.key:<12}{question.value(value).label if value else '-'}"


def _features(draft: Draft) -> Prompt:
    choices = tuple((each.name, _label(f"{each.title}: {each.adds}")) for each in features())
    return Prompt(
        "What shall it come with?",
        choices[0][0],
        choices,
        "(space ticks, Enter takes, left arrow goes back)",
        several=Several(features_of(draft), problem_with),
    )


def _label(text: str) -> str:
    return fill(text, LABEL_WIDTH, subsequent_indent=" " * 7, break_on_hyphens=False)


def _summary(state: State) -> Prompt:
    first, *others = taken_by_default(state.draft)
    choices = [(first, f"Build it with {frameworks()[first]}")]
    choices += [(each, f"Build it with {frameworks()[each]} instead") for each in others]
    choices += [(CHANGE, "Change the name or an answer"), (FEATURES, "Change the features")]
    choices += [] if state.whole else [(WHOLE, "Show the whole argument")]
    choices += [(CANCEL, "Cancel, make nothing")]
    return Prompt("Shall it be made?", first, tuple(choices), above=summary(state))
