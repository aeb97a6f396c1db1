"""The interview: forward, back, and to the summary."""

import random
from dataclasses import replace

import pytest

from headstart.advice import advise
from headstart.argument import headline
from headstart.interview import (
    BACK,
    CANCEL,
    CHANGE,
    DEFAULT_NAME,
    ENOUGH,
    FEATURES,
    NAME,
    SKIP,
    WHOLE,
    Draft,
    Prompt,
    Reply,
    Stop,
    Stopped,
    ask_for_advice,
    interview,
)
from headstart.knowledge import frameworks, questions, rules

from .interviewing import (
    AT_THE_END,
    CONTROL_C,
    DOWN,
    ENTER,
    SETTLED,
    problem,
    scripted,
    shown,
    some_answers,
    typed,
)


@pytest.mark.parametrize("seed", range(60))
def test_no_way_through_has_more_than_eight_questions(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    seen: list[Prompt] = []

    def ask(prompt: Prompt) -> Reply:
        seen.append(prompt)
        known = [value for value, _ in prompt.choices if value not in AT_THE_END]
        return chance.choice(known) if known else "Ann"

    given = some_answers(chance, chance.choice([0, 0, 1, 3]), questions())
    draft = interview(Draft(answers=given), check_name=problem, asker=ask)
    assert 2 <= len(seen) <= 8
    assert len({each.ask for each in seen}) == len(seen)
    assert draft.framework in frameworks()
    assert given.items() <= draft.answers.items()


@pytest.mark.parametrize("seed", range(12))
def test_wherever_one_goes_back_the_end_is_the_same(seed: int) -> None:
    """A walk with steps back returns what the same walk without them returns."""
    chance = random.Random(seed)  # noqa: S311
    chosen: dict[str, str] = {}

    def straight(prompt: Prompt) -> Reply:
        if prompt.ask not in chosen:
            known = [value for value, _ in prompt.choices if not value.startswith(":")]
            chosen[prompt.ask] = chance.choice([*known, SKIP]) if prompt.hint else prompt.default
        return chosen[prompt.ask]

    steps_back = 0

    def wandering(prompt: Prompt) -> Reply:
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
    assert "it is Django" in shown(seen[7])


def test_what_is_known_is_not_asked() -> None:
    ask, seen = scripted(None)
    known = Draft("Ann's Shop", "flask", {"kind": "shop"}, ("ci",))
    assert interview(known, check_name=problem, asker=ask) == known
    assert shown(seen[0]).splitlines() == [
        "",
        "Ann's Shop",
        "Flask, as you decided.",
        headline(advise({"kind": "shop"}, rules())),
        "Features: pages (a project needs something to visit), ci (added).",
        "No more was asked, because the framework is decided.",
    ]


def test_the_summary_shows_the_advice_with_its_reasons_and_puts_it_first() -> None:
    ask, seen = scripted("ml", ENOUGH, None)
    draft = interview(Draft("Model"), check_name=problem, asker=ask)
    assert draft == Draft("Model", "fastapi", {"kind": "ml"})
    assert "FastAPI fits best" in shown(seen[-1])
    reason = advise({"kind": "ml"}, rules()).ranking[0].reasons[0].rule
    assert reason.because in shown(seen[-1])
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
    assert "FastAPI fits best" in shown(seen[5])


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


def test_whoever_cancels_or_interrupts_takes_along_what_they_said() -> None:
    ask, _ = scripted("shop", ENOUGH, FEATURES, ("pages", "ci"), CANCEL)
    with pytest.raises(Stopped) as cancelled:
        interview(Draft("Ann"), check_name=problem, asker=ask)
    assert cancelled.value.draft == Draft("Ann", None, {"kind": "shop"}, ("ci",))
    with pytest.raises(Stopped) as interrupted:
        typed("Ann" + ENTER + DOWN + ENTER + CONTROL_C, Draft())
    assert interrupted.value.draft == Draft("Ann", None, {"kind": "website"})
    assert isinstance(interrupted.value, KeyboardInterrupt)


@pytest.mark.parametrize(
    ("draft", "replies", "told"),
    [
        (Draft("Ann", "flask"), [], Stop.DECIDED.value),
        (Draft("Ann"), [SKIP] * 6, Stop.ENOUGH_ASKED.value),
        (Draft("Ann", None, SETTLED), [], Stop.NOTHING_LEFT.value),
        (Draft("Ann"), ["shop", ENOUGH], Stop.ENOUGH_SAID.value),
        (Draft("Ann", None, SETTLED), [CHANGE, "kind", "api"], "More answers could still change"),
    ],
)
def test_the_summary_says_why_nothing_more_is_asked(
    draft: Draft, replies: list[str], told: str
) -> None:
    ask, seen = scripted(*replies, None)
    interview(draft, check_name=problem, asker=ask)
    assert shown(seen[-1]).splitlines()[-1].startswith(told)


def test_the_whole_argument_is_shown_and_then_the_same_is_asked_again() -> None:
    ask, seen = scripted("api", "small", ENOUGH, WHOLE, CHANGE, BACK, CHANGE, "kind", SKIP, None)
    draft = interview(Draft("Ann"), check_name=problem, asker=ask)
    assert draft.answers == {"size": "small"}
    before, whole, back, after = seen[3], seen[4], seen[6], seen[9]
    for rule in advise({"kind": "api", "size": "small"}, rules()).ranking[0].reasons:
        assert rule.rule.because in " ".join(shown(whole).split())
    assert len(whole.above) > len(before.above)
    assert shown(whole).count("Features: ") == shown(before).count("Features: ") == 1
    assert [value for value, _ in before.choices if value != WHOLE] == [
        value for value, _ in whole.choices
    ]
    assert back == whole
    assert WHOLE in dict(after.choices)


def test_advice_alone_asks_for_no_name_and_shows_no_summary() -> None:
    ask, seen = scripted("tool", ENOUGH)
    known = Draft(answers={"size": "small"})
    done = ask_for_advice(known, asker=ask)
    assert done == Draft(answers={"size": "small", "kind": "tool"})
    assert len(seen) == 2


def test_the_features_that_were_asked_for_travel_along() -> None:
    draft = Draft("Ann", None, {}, ("ci",), ())
    ask, _ = scripted("shop", ENOUGH, None)
    done = interview(draft, check_name=problem, asker=ask)
    assert done == replace(draft, framework="django", answers={"kind": "shop"})
