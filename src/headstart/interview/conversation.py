"""Leads the conversation: forward, back, and to the summary."""

from dataclasses import replace

from headstart.interview.choosing import reconciled, with_chosen
from headstart.interview.draft import Draft, State, Stopped
from headstart.interview.planning import next_question
from headstart.interview.prompts import (
    BACK,
    CANCEL,
    CHANGE,
    ENOUGH,
    FEATURES,
    NAME,
    SKIP,
    SUMMARY,
    WHOLE,
    Asker,
    CheckName,
    prompt_for,
)
from headstart.interview.terminal import terminal


def interview(draft: Draft, *, check_name: CheckName, asker: Asker | None = None) -> Draft:
    """Ask for what is not known yet, show the advice, and return the finished draft.

    Args:
        draft: what is known; nothing of it is asked again.
        check_name: says what is wrong with a project's name, or nothing.
        asker: how to ask; the terminal, unless given.

    Raises:
        Stopped: Ctrl-C was pressed, or the summary was answered with "Cancel".
    """
    return _converse(draft, asker or terminal(), check_name)


def ask_for_advice(draft: Draft, *, asker: Asker | None = None) -> Draft:
    """Ask the questions of advice alone: no name, no summary.

    Args:
        draft: what is known; nothing of it is asked again.
        asker: how to ask; the terminal, unless given.

    Raises:
        Stopped: Ctrl-C was pressed.
    """
    return _converse(draft, asker or terminal(), None)


def _converse(draft: Draft, asker: Asker, check_name: CheckName | None) -> Draft:
    history: list[State] = []
    said: dict[str, str] = {}
    state = State(draft)
    while True:
        step = _step(state, advice_only=check_name is None)
        if step == SUMMARY and check_name is None:
            return state.draft
        prompt = prompt_for(step, state, said.get(step), check_name)
        if history and prompt.choices and not prompt.several:
            prompt = replace(prompt, choices=(*prompt.choices, (BACK, "Back")))
        try:
            reply = asker(prompt)
        except KeyboardInterrupt:
            raise Stopped(reconciled(state.draft)) from None
        if reply == CANCEL:
            raise Stopped(reconciled(state.draft))
        if reply == BACK:
            state = history.pop()
        elif reply == WHOLE:
            state = replace(state, whole=True)
        elif isinstance(reply, tuple):
            history.append(state)
            state = replace(state, draft=with_chosen(state.draft, reply), changing="")
        elif step == SUMMARY and reply not in (CHANGE, FEATURES):
            return replace(reconciled(state.draft), framework=reply)
        else:
            history.append(state)
            said[step] = reply
            state = _after(step, reply, state)


def _step(state: State, advice_only: bool) -> str:
    if state.changing:
        return state.changing
    if state.draft.name is None and not advice_only:
        return NAME
    done = state.enough or state.summed_up
    question = None if done else next_question(state.draft, state.asked)
    return question.key if question else SUMMARY


def _after(step: str, reply: str, state: State) -> State:
    """Where the conversation stands after the reply."""
    if step in (SUMMARY, CHANGE):
        return replace(state, changing=reply, summed_up=True, whole=False)
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
