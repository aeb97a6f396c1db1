"""The interview: what is asked next and when it ends, and the terminal that asks it."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from headstart.advice import advise
from headstart.interview import (
    BACK,
    CANCEL,
    CHANGE,
    DEFAULT_NAME,
    ENOUGH,
    MOST_QUESTIONS,
    NAME,
    SKIP,
    Draft,
    Prompt,
    ask_for_advice,
    interview,
    next_question,
    terminal,
)
from headstart.knowledge import frameworks, questions, rules
from headstart.knowledge.model import is_askable

UP, DOWN, LEFT, ENTER, CONTROL_C, CONTROL_D = "\x1b[A", "\x1b[B", "\x1b[D", "\r", "\x03", "\x04"


def problem(name: str) -> str | None:
    return "No digits." if any(letter.isdigit() for letter in name) else None


def scripted(*replies: str | None) -> tuple[Callable[[Prompt], str], list[Prompt]]:
    """An asker that gives these replies (None: Enter alone), and what it was asked."""
    left, seen = list(replies), list[Prompt]()

    def ask(prompt: Prompt) -> str:
        seen.append(prompt)
        reply = left.pop(0)
        reply = prompt.default if reply is None else reply
        assert not prompt.choices or reply in dict(prompt.choices), (reply, prompt)
        return reply

    return ask, seen


def typed(keys: str, draft: Draft) -> Draft:
    with create_pipe_input() as source:
        source.send_text(keys)
        return interview(draft, check_name=problem, asker=terminal(source, DummyOutput()))


# What is asked next -------------------------------------------------------------


def test_what_is_being_built_is_asked_first() -> None:
    first = next_question(Draft())
    assert first is not None
    assert first.key == advise({}, rules()).ask_first == "kind"


def test_nothing_is_asked_when_the_framework_is_decided() -> None:
    assert next_question(Draft(framework="flask")) is None


def test_what_is_known_or_was_asked_is_not_asked_again() -> None:
    draft, asked = Draft(answers={"kind": "website", "size": "large"}), frozenset({"traffic"})
    while (question := next_question(draft, asked)) is not None:
        assert question.key not in {*draft.answers, *asked}
        asked |= {question.key}
    assert 3 < len(asked) <= MOST_QUESTIONS


def test_what_an_earlier_answer_settles_is_not_asked() -> None:
    draft, asked = Draft(answers={"kind": "api"}), frozenset[str]()
    while (question := next_question(draft, asked)) is not None:
        asked |= {question.key}
    assert "interface" not in asked


def test_whoever_does_not_know_much_is_asked_what_they_want_to_learn() -> None:
    second = next_question(Draft(answers={"kind": "shop"}), frozenset({"kind"}))
    assert second is not None
    assert second.key == "experience"
    third = next_question(Draft(answers={"kind": "shop", "experience": "beginner"}))
    assert third is not None
    assert third.key == "learning"


def test_a_learning_project_is_asked_what_it_is_to_teach() -> None:
    question = next_question(Draft(answers={"kind": "learning"}))
    assert question is not None
    assert question.key == "learning"


def test_a_question_that_can_no_longer_change_the_advice_is_dropped() -> None:
    answers = {
        "kind": "api", "traffic": "concurrent", "docs": "yes", "realtime": "yes",
        "interface": "api", "background": "yes", "size": "small", "control": "conventions",
        "deadline": "weeks",
    }  # fmt: skip
    assert next_question(Draft(answers=answers)) is None
    contested = {key: value for key, value in answers.items() if key in {"size", "kind"}}
    assert next_question(Draft(answers=contested)) is not None


def test_a_dropped_question_would_not_have_changed_the_advice() -> None:
    """Where the interview ends early, no single further answer that could be asked matters."""
    chance = random.Random(7)  # noqa: S311
    ended = 0
    for _ in range(200):
        draft = Draft(answers=some_answers(chance, chance.randint(4, 12)))
        if next_question(draft) is None:
            ended += 1
            now = advise(draft.answers, rules())
            for change in now.would_change:
                known = change.answers.keys() & draft.answers.keys()
                assert known or len(change.answers) > MOST_QUESTIONS
    assert ended > 3


def some_answers(chance: random.Random, number: int) -> dict[str, str]:
    answers: dict[str, str] = {}
    for question in chance.sample(questions(), number):
        if is_askable(question, answers):
            answers[question.key] = chance.choice(question.values).name
    return answers


# The conversation ---------------------------------------------------------------


@pytest.mark.parametrize("seed", range(300))
def test_no_way_through_has_more_than_eight_questions(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    seen: list[Prompt] = []

    def ask(prompt: Prompt) -> str:
        seen.append(prompt)
        known = [value for value, _ in prompt.choices if value not in (BACK, CHANGE, CANCEL)]
        return chance.choice(known) if known else "Ann"

    given = some_answers(chance, chance.choice([0, 0, 1, 3]))
    draft = interview(Draft(answers=given), check_name=problem, asker=ask)
    assert 2 <= len(seen) <= 8
    assert len({each.ask for each in seen}) == len(seen)
    assert draft.framework in frameworks()
    assert given.items() <= draft.answers.items()


@pytest.mark.parametrize("seed", range(100))
def test_wherever_one_goes_back_the_end_is_the_same(seed: int) -> None:
    """A walk with steps back returns what the same walk without them returns."""
    chance = random.Random(seed)  # noqa: S311
    chosen: dict[str, str] = {}

    def straight(prompt: Prompt) -> str:
        if prompt.ask not in chosen:
            known = [value for value, _ in prompt.choices if not value.startswith(":")]
            chosen[prompt.ask] = chance.choice([*known, SKIP]) if prompt.hint else prompt.default
        return chosen[prompt.ask]

    steps_back = 0

    def wandering(prompt: Prompt) -> str:
        nonlocal steps_back
        if BACK in dict(prompt.choices) and steps_back < 10 and chance.random() < 0.4:
            steps_back += 1
            return BACK
        return straight(prompt)

    first = interview(Draft(), check_name=problem, asker=straight)
    assert interview(Draft(), check_name=problem, asker=wandering) == first


def test_enter_alone_all_the_way_answers_nothing_and_takes_the_stated_defaults() -> None:
    ask, seen = scripted(*[None] * 8)
    draft = interview(Draft(), check_name=problem, asker=ask)
    assert draft == Draft(DEFAULT_NAME, "django", {})
    assert len(seen) == 8
    assert all(each.default == SKIP for each in seen[1:7])
    assert any("it is Django" in text for _, text in seen[7].above)


def test_what_is_known_is_not_asked() -> None:
    ask, seen = scripted(None)
    known = Draft("Ann's Shop", "flask", {"kind": "shop"}, ("ci",), ("pages",))
    assert interview(known, check_name=problem, asker=ask) == known
    shown = "".join(text for _, text in seen[0].above)
    assert "Ann's Shop" in shown
    assert "Flask, as you decided." in shown
    assert "Django fits best" in shown
    assert "Added: ci." in shown
    assert "Left out: pages." in shown


def test_the_summary_shows_the_advice_with_its_reasons_and_puts_it_first() -> None:
    ask, seen = scripted("ml", ENOUGH, None)
    draft = interview(Draft("Model"), check_name=problem, asker=ask)
    assert draft == Draft("Model", "fastapi", {"kind": "ml"})
    shown = "".join(text for _, text in seen[-1].above)
    assert "FastAPI fits best" in shown
    assert "the best bet" in shown
    assert seen[-1].choices[0][0] == seen[-1].default == "fastapi"


def test_another_framework_than_the_advised_one_can_be_taken() -> None:
    ask, _ = scripted("shop", ENOUGH, "flask")
    assert interview(Draft("Shop"), check_name=problem, asker=ask).framework == "flask"


def test_an_answer_can_be_changed_or_taken_back_at_the_end() -> None:
    ask, seen = scripted(
        "shop", ENOUGH, CHANGE, "kind", "ml", CHANGE, NAME, "Other", CHANGE, "kind", SKIP, None
    )
    draft = interview(Draft("Shop"), check_name=problem, asker=ask)
    assert draft == Draft("Other", "django", {})
    assert seen[4].default == "shop"
    assert "FastAPI fits best" in "".join(text for _, text in seen[5].above)


def test_a_step_back_shows_what_was_said() -> None:
    ask, seen = scripted("Ann", "shop", BACK, BACK, None, "api", ENOUGH, BACK, ENOUGH, None)
    draft = interview(Draft(), check_name=problem, asker=ask)
    assert draft == Draft("Ann", "fastapi", {"kind": "api"})
    assert [seen[3].default, seen[4].default, seen[5].default] == ["shop", "Ann", "shop"]
    assert seen[6].ask == seen[8].ask


def test_a_step_back_can_be_taken_everywhere_but_at_the_first_prompt() -> None:
    ask, seen = scripted(*[None] * 8)
    interview(Draft(), check_name=problem, asker=ask)
    assert [BACK in dict(each.choices) for each in seen] == [False, *[True] * 7]
    ask, seen = scripted(None, *[None] * 7)
    interview(Draft("Ann"), check_name=problem, asker=ask)
    assert BACK not in dict(seen[0].choices)


def test_cancelling_is_an_interruption() -> None:
    ask, _ = scripted("shop", ENOUGH, CANCEL)
    with pytest.raises(KeyboardInterrupt):
        interview(Draft("Ann"), check_name=problem, asker=ask)


def test_advice_alone_asks_for_no_name_and_shows_no_summary() -> None:
    ask, seen = scripted("tool", ENOUGH)
    known = Draft(answers={"size": "small"})
    done = ask_for_advice(known, asker=ask)
    assert done == Draft(answers={"size": "small", "kind": "tool"})
    assert len(seen) == 2


def test_the_features_that_were_asked_for_travel_along() -> None:
    draft = Draft("Ann", None, {}, ("ci",), ("pages",))
    ask, _ = scripted("shop", ENOUGH, None)
    done = interview(draft, check_name=problem, asker=ask)
    assert done == replace(draft, framework="django", answers={"kind": "shop"})


# The terminal -------------------------------------------------------------------


def test_answers_are_given_with_the_arrow_keys() -> None:
    keys = "Ann's Shop" + ENTER + DOWN * 3 + ENTER + UP * 2 + ENTER + ENTER
    assert typed(keys, Draft()) == Draft("Ann's Shop", "django", {"kind": "shop"})


def test_enter_alone_skips_every_question() -> None:
    assert typed(ENTER * 8, Draft()) == Draft(DEFAULT_NAME, "django", {})


def test_the_left_arrow_goes_back() -> None:
    keys = DOWN * 3 + ENTER + LEFT + DOWN + ENTER + UP * 2 + ENTER + ENTER
    assert typed(keys, Draft("Ann")).answers == {"kind": "business"}


def test_the_left_arrow_does_nothing_where_there_is_no_way_back() -> None:
    keys = LEFT + DOWN * 3 + ENTER + UP * 2 + ENTER + ENTER
    assert typed(keys, Draft("Ann")).answers == {"kind": "shop"}


def test_a_name_that_cannot_be_used_is_refused_until_it_is_mended() -> None:
    keys = "Ann1" + ENTER + "\x7f" + "e" + ENTER + ENTER
    assert typed(keys, Draft(framework="flask")) == Draft("Anne", "flask")


def test_a_default_name_that_cannot_be_used_is_refused_as_well() -> None:
    keys = ENTER + "Ann" + ENTER + ENTER
    with create_pipe_input() as source:
        source.send_text(keys)
        draft = interview(
            Draft(framework="flask"),
            check_name=lambda name: "It exists." if name == DEFAULT_NAME else None,
            asker=terminal(source, DummyOutput()),
        )
    assert draft.name == "Ann"


@pytest.mark.parametrize("before", range(8))
@pytest.mark.parametrize("key", [CONTROL_C, CONTROL_D + CONTROL_C])
def test_control_c_ends_it_at_every_question(before: int, key: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        typed(ENTER * before + key, Draft())


def test_the_end_of_the_input_ends_it_too() -> None:
    with pytest.raises(KeyboardInterrupt):
        typed(CONTROL_D, Draft())
