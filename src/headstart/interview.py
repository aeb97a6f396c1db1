"""Asks a person the few questions that matter, and returns what was said.

Three parts that know little of each other: `next_question` decides, without any
terminal, what to ask next and when to stop; `interview` leads the conversation;
an asker shows one prompt and returns what was chosen. `terminal` makes the
asker that is used unless another one is given.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from headstart.advice import advise, leader, points
from headstart.argument import Fragment, argument, headline
from headstart.knowledge import Question, Rule, fallback, features, frameworks, questions, rules
from headstart.knowledge.model import Answers, is_askable

if TYPE_CHECKING:
    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

MOST_QUESTIONS = 6  # of advice; with the name and the summary that makes eight
DEFAULT_NAME = "My project"
SUMMARY_HEIGHT = 17

# What can be chosen besides a value. No value of a question begins with a colon.
SKIP, BACK, ENOUGH, CHANGE, CANCEL = ":skip", ":back", ":enough", ":change", ":cancel"
NAME, SUMMARY = ":name", ":summary"


@dataclass(frozen=True)
class Draft:
    """What is known so far of the project that a person wants."""

    name: str | None = None
    framework: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    with_features: tuple[str, ...] = ()
    without_features: tuple[str, ...] = ()


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
    check: Callable[[str], str | None] | None = None


Asker = Callable[[Prompt], str]


# Which question comes next ------------------------------------------------------


def next_question(draft: Draft, asked: AbstractSet[str] = frozenset()) -> Question | None:
    """The question that tells the frameworks apart best, given what is known.

    Args:
        draft: what is known so far.
        asked: the keys of what was asked before, whether it was answered or not.

    Returns:
        None when the framework is decided, enough was asked, or no question is
        left that could change the advice or pre-select a feature.
    """
    left = MOST_QUESTIONS - len(asked)
    if draft.framework or left <= 0:
        return None
    known = draft.answers
    unanswered = [each for each in questions() if each.key not in known and each.key not in asked]
    open_ones = [each for each in unanswered if is_askable(each, known)]
    useful = [
        each
        for each in open_ones
        if _selects_a_feature(each) or _can_change(each, open_ones, known, left)
    ]
    return max(useful, key=lambda each: _spread(each, known, unanswered), default=None)


def _spread(question: Question, answers: Answers, unanswered: list[Question]) -> float:
    """How far its answers drive the frameworks apart, on average.

    A question that is only asked because of an answer counts with that answer.
    """
    others = [each for each in unanswered if each is not question]
    total = 0.0
    for value in question.values:
        then = {**answers, question.key: value.name}
        gains = _gains(answers, then)
        apart: float = max(gains.values()) - min(gains.values())
        for opened in others:
            if not is_askable(opened, answers) and is_askable(opened, then):
                apart = max(apart, _spread(opened, then, others))
        total += apart
    return total / len(question.values)


def _gains(before: Answers, after: Answers) -> dict[str, int]:
    old, new = points(before, rules()), points(after, rules())
    return {framework: new[framework] - old[framework] for framework in new}


def _can_change(question: Question, open_ones: list[Question], known: Answers, left: int) -> bool:
    """Whether another framework could lead if this and the next answers favoured it."""
    total = points(known, rules())
    first = leader(total)
    if first is None:
        return any(_most_gained(question, framework, known) for framework in total)
    for framework in total.keys() - {first}:
        own = _most_gained(question, framework, known)
        others = sorted(
            (_most_gained(each, framework, known) for each in open_ones if each is not question),
            reverse=True,
        )
        if own and own + sum(others[: left - 1]) >= total[first] - total[framework]:
            return True
    return False


def _most_gained(question: Question, framework: str, known: Answers) -> int:
    """The most points that one answer could bring, were all others to help."""

    def could_count(rule: Rule, value: str) -> bool:
        return value in rule.when.get(question.key, ()) and all(
            known[key] in values for key, values in rule.when.items() if key in known
        )

    own = [rule for rule in rules() if rule.framework == framework]
    return max(
        sum(rule.points for rule in own if could_count(rule, value.name))
        for value in question.values
    )


def _selects_a_feature(question: Question) -> bool:
    return any(
        question.key in condition
        for feature in features()
        if feature.available
        for condition in feature.selected_by
    )


# The conversation ---------------------------------------------------------------


@dataclass(frozen=True)
class _State:
    """Where the conversation stands; going back is returning to an earlier one."""

    draft: Draft
    asked: frozenset[str] = frozenset()
    enough: bool = False
    changing: str = ""


def interview(
    draft: Draft, *, check_name: Callable[[str], str | None], asker: Asker | None = None
) -> Draft:
    """Ask for what is not known yet, show the advice, and return the finished draft.

    Args:
        draft: what is known; nothing of it is asked again.
        check_name: says what is wrong with a project's name, or nothing.
        asker: how to ask; the terminal, unless given.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed, or the summary was answered with "Cancel".
    """
    return _converse(draft, asker or terminal(), check_name)


def ask_for_advice(draft: Draft, *, asker: Asker | None = None) -> Draft:
    """Ask the questions of advice alone: no name, no summary.

    Args:
        draft: what is known; nothing of it is asked again.
        asker: how to ask; the terminal, unless given.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed.
    """
    return _converse(draft, asker or terminal(), None)


def _converse(draft: Draft, asker: Asker, check_name: Callable[[str], str | None] | None) -> Draft:
    history: list[_State] = []
    said: dict[str, str] = {}
    state = _State(draft)
    while True:
        step = _step(state, advice_only=check_name is None)
        if step == SUMMARY and check_name is None:
            return state.draft
        prompt = _prompt(step, state, said.get(step), check_name)
        if history and prompt.choices:
            prompt = replace(prompt, choices=(*prompt.choices, (BACK, "Back")))
        reply = asker(prompt)
        if reply == CANCEL:
            raise KeyboardInterrupt
        if reply == BACK:
            state = history.pop()
            continue
        if step == SUMMARY and reply != CHANGE:
            return replace(state.draft, framework=reply)
        history.append(state)
        said[step] = reply
        state = _after(step, reply, state)


def _step(state: _State, advice_only: bool) -> str:
    if state.changing:
        return state.changing
    if state.draft.name is None and not advice_only:
        return NAME
    question = None if state.enough else next_question(state.draft, state.asked)
    return question.key if question else SUMMARY


def _after(step: str, reply: str, state: _State) -> _State:
    """Where the conversation stands after the reply."""
    if step in (SUMMARY, CHANGE):
        return replace(state, changing=reply, enough=True)
    state = replace(state, changing="")
    if step == NAME:
        return replace(state, draft=replace(state.draft, name=reply))
    if reply == ENOUGH:
        return replace(state, enough=True)
    answers = {key: value for key, value in state.draft.answers.items() if key != step}
    if reply != SKIP:
        answers[step] = reply
    draft = replace(state.draft, answers=answers)
    return replace(state, draft=draft, asked=state.asked | {step})


# The prompts --------------------------------------------------------------------


def _prompt(
    step: str, state: _State, said: str | None, check_name: Callable[[str], str | None] | None
) -> Prompt:
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
        choices += ((ENOUGH, "No more questions, show me the advice"),)
    default = draft.answers.get(step) or said or SKIP
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
            above += [("", f"Unless you choose, it is {frameworks()[first]}.\n")]
    for said, names in (("Added", draft.with_features), ("Left out", draft.without_features)):
        above += [("dim", f"{said}: {', '.join(names)}.\n")] if names else []
    return Prompt("Shall it be made?", first, tuple(choices), above=(*above, ("", "\n")))


def _without_advice(tied: tuple[str, ...]) -> str:
    return fallback().framework if fallback().framework in tied else tied[0]


# The terminal -------------------------------------------------------------------

STYLES = {
    "title": "bold",
    "strong": "bold",
    "dim": "fg:ansibrightblack",
    "caution": "fg:ansiyellow",
    "qmark": "fg:ansigreen bold",
    "question": "bold",
    "answer": "fg:ansigreen",
    "pointer": "fg:ansigreen bold",
    "highlighted": "bold",
    "instruction": "fg:ansibrightblack",
    "selected": "",
}


def terminal(source: "Input | None" = None, output: "Output | None" = None) -> Asker:
    """An asker on the terminal: arrow keys and Enter, the left arrow to go back.

    Args:
        source: where keys come from; the terminal, unless given.
        output: where it is shown; stderr, unless given.
    """
    from prompt_toolkit.output import create_output

    where: dict[str, Any] = {"output": output or create_output(stdout=sys.stderr)}
    if source is not None:
        where["input"] = source

    def ask(prompt: Prompt) -> str:
        try:
            return _select(prompt, where) if prompt.choices else _text(prompt, where)
        except EOFError:
            raise KeyboardInterrupt from None

    return ask


def _select(prompt: Prompt, where: dict[str, Any]) -> str:
    import questionary
    from prompt_toolkit import print_formatted_text
    from prompt_toolkit.formatted_text import FormattedText

    style = questionary.Style(list(STYLES.items()))
    if prompt.above:
        above = FormattedText((style and f"class:{style}", text) for style, text in prompt.above)
        print_formatted_text(above, style=style, end="", output=where["output"])
    question = questionary.select(
        prompt.ask,
        choices=[questionary.Choice(label, value) for value, label in prompt.choices],
        default=prompt.default,
        pointer=">",
        instruction=prompt.hint or " ",
        style=style,
        **where,
    )
    if any(value == BACK for value, _ in prompt.choices):
        keys: Any = question.application.key_bindings
        keys.add("left")(lambda event: event.app.exit(result=BACK))
    return str(question.unsafe_ask())


def _text(prompt: Prompt, where: dict[str, Any]) -> str:
    import questionary

    def verdict(text: str) -> bool | str:
        problem = prompt.check(text.strip() or prompt.default) if prompt.check else None
        return problem or True

    question = questionary.text(
        prompt.ask,
        validate=verdict,
        placeholder=[("class:instruction", prompt.default)],
        style=questionary.Style(list(STYLES.items())),
        **where,
    )
    return str(question.unsafe_ask()).strip() or prompt.default
