"""The interview: what is asked next and when it ends, and the terminal that asks it."""

import os
import pty
import random
import re
import select
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from headstart.advice import advise, leader, points
from headstart.argument import headline
from headstart.deciding import check_wishes
from headstart.interview import (
    BACK,
    CANCEL,
    CHANGE,
    DEFAULT_NAME,
    ENOUGH,
    FEATURES,
    MOST_QUESTIONS,
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
    next_question,
    terminal,
    why_stop,
)
from headstart.interview.choosing import features_of, with_chosen
from headstart.knowledge import Question, features, frameworks, questions, rules
from headstart.knowledge.model import is_askable
from headstart.knowledge.selection import choose_features, preselected

from .command import PROGRAM, environment

UP, DOWN, LEFT, ENTER, CONTROL_C, CONTROL_D = "\x1b[A", "\x1b[B", "\x1b[D", "\r", "\x03", "\x04"
SPACE = " "
SETTLED = {
    "kind": "content", "control": "conventions", "admin": "yes", "size": "large",
    "interface": "pages", "database": "rich", "deadline": "long-term",
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


# What is asked next -------------------------------------------------------------


def test_what_is_being_built_is_asked_first() -> None:
    first = next_question(Draft())
    assert first is not None
    assert first.key == "kind"


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


def test_a_beginner_is_asked_what_they_want_to_learn() -> None:
    for kind in questions()[0].values:
        draft, asked = Draft(answers={"kind": kind.name, "experience": "beginner"}), list[str]()
        while (question := next_question(draft, frozenset(asked))) is not None:
            asked.append(question.key)
        assert "learning" in asked[:2], kind.name


@pytest.mark.parametrize(
    ("kind", "decides"),
    [("tool", "admin"), ("prototype", "admin"), ("learning", "learning"), ("api", "size")],
)
def test_what_decides_comes_right_after_the_kind(kind: str, decides: str) -> None:
    question = next_question(Draft(answers={"kind": kind}))
    assert question is not None
    assert question.key == decides


@pytest.mark.parametrize("seed", range(2))
def test_the_questions_come_in_an_order_that_finds_the_leader_sooner(seed: int) -> None:
    """Six questions in our order name the leader of all answers oftener than the first six do."""
    chance, found, without = random.Random(seed), 0, 0  # noqa: S311
    for _ in range(60):
        person = some_answers(chance, len(questions()), questions())
        truth = leader(points(person, rules()))
        draft, asked = Draft(), frozenset[str]()
        while (question := next_question(draft, asked)) is not None:
            asked |= {question.key}
            heard = {key: person[key] for key in person if key in asked}
            draft = replace(draft, answers=heard)
        first = {key: person[key] for key in list(person)[:MOST_QUESTIONS]}
        found += leader(points(draft.answers, rules())) == truth
        without += leader(points(first, rules())) == truth
    assert found > without


def test_a_learning_project_is_asked_what_it_is_to_teach() -> None:
    question = next_question(Draft(answers={"kind": "learning"}))
    assert question is not None
    assert question.key == "learning"


# Why it stops -------------------------------------------------------------------


def test_it_stops_because_the_framework_is_decided() -> None:
    assert why_stop(Draft(framework="flask")) is Stop.DECIDED


def test_it_stops_after_six_questions() -> None:
    six = frozenset(question.key for question in questions()[:MOST_QUESTIONS])
    assert why_stop(Draft(), six) is Stop.ENOUGH_ASKED
    assert why_stop(Draft(), frozenset(list(six)[1:])) is None


def test_it_stops_when_nothing_else_would_change_the_advice() -> None:
    assert why_stop(Draft(answers=SETTLED)) is Stop.NOTHING_LEFT
    assert why_stop(Draft(answers={"kind": "api", "size": "small"})) is None


def test_it_stops_when_everything_was_asked_however_little_was_said() -> None:
    everything = frozenset(question.key for question in questions())
    assert why_stop(Draft(), everything) is Stop.NOTHING_LEFT


@pytest.mark.parametrize("seed", range(8))
def test_nothing_else_would_change_this_is_true(seed: int) -> None:
    """All single answers, and many ways to answer all that is left, lead to the same framework."""
    chance = random.Random(seed)  # noqa: S311
    promised = 0
    for _ in range(60):
        known = some_answers(chance, chance.randint(3, 13), questions())
        skipped = frozenset(
            question.key
            for question in chance.sample(questions(), chance.randint(0, 4))
            if question.key not in known
        )
        if why_stop(Draft(answers=known), skipped) is not Stop.NOTHING_LEFT:
            continue
        promised += 1
        now = leader(points(known, rules()))
        left = [each for each in questions() if each.key not in {*known, *skipped}]
        completions = [
            {**known, question.key: value.name}
            for question in left
            if is_askable(question, known)
            for value in question.values
        ]
        completions += [some_answers(chance, len(left), left, known) for _ in range(150)]
        assert {leader(points(each, rules())) for each in completions} <= {now}
        built = {preselected(each) for each in completions}
        assert built <= {preselected(known)}
    assert promised


@pytest.mark.usefixtures("_only_pages_and_ci")
def test_a_question_is_asked_for_the_sake_of_the_one_that_it_opens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only what beginners want to learn could change this, and only beginners are asked it."""
    shop, learning = (
        replace(rules()[0], framework=framework, when=when, points=points)
        for framework, when, points in (
            ("django", {"kind": ("shop",)}, 5),
            ("fastapi", {"learning": ("apis",)}, 8),
        )
    )
    monkeypatch.setattr("headstart.interview.planning.rules", lambda: (shop, learning))
    skipped = frozenset({"interface"})
    question = next_question(Draft(answers={"kind": "shop"}), skipped)
    assert question is not None
    assert question.key == "experience"
    expert = Draft(answers={"kind": "shop", "experience": "expert"})
    assert why_stop(expert, skipped) is Stop.NOTHING_LEFT


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


# The conversation ---------------------------------------------------------------


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


# The features -------------------------------------------------------------------


@pytest.fixture
def _all_available(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the templates had everything."""
    table = tuple(replace(each, available=True) for each in features())
    for module in ("knowledge.selection", "interview.choosing", "interview.planning"):
        monkeypatch.setattr(f"headstart.{module}.features", lambda: table)


@pytest.fixture
def _only_pages_and_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    table = tuple(replace(each, available=each.name in ("pages", "ci")) for each in features())
    for module in ("knowledge.selection", "interview.choosing", "interview.planning"):
        monkeypatch.setattr(f"headstart.{module}.features", lambda: table)


def told_of_features(draft: Draft) -> list[str]:
    ask, seen = scripted(None)
    interview(replace(draft, name="Ann", framework="flask"), check_name=problem, asker=ask)
    told = shown(seen[0]).partition("Features: ")[2].partition("No more was asked")[0]
    return told.replace("\n  ", " ").splitlines()


@pytest.mark.usefixtures("_all_available")
@pytest.mark.parametrize(
    ("draft", "told"),
    [
        (Draft(), ["pages (a project needs something to visit)."]),
        (
            Draft(answers={"interface": "pages"}, with_features=("ci",)),
            ["pages (only people use it), ci (added)."],
        ),
        (
            Draft(answers={"kind": "ml"}),
            ["api (you serve a machine-learning model), ml (you serve a machine-learning model)."],
        ),
        (
            Draft(answers={"kind": "ml", "interface": "pages", "i18n": "yes"}),
            [
                "pages (only people use it), api (ml needs it), ml (you serve a machine-learning "
                "model), i18n (it speaks several languages)."
            ],
        ),
        (
            Draft(answers={"interface": "both"}, without_features=("pages",)),
            ["api (both people and programs use it).", "Left out: pages."],
        ),
    ],
)
def test_the_summary_names_each_feature_and_why(draft: Draft, told: list[str]) -> None:
    assert told_of_features(draft) == told


@pytest.mark.usefixtures("_only_pages_and_ci")
def test_what_no_template_has_yet_is_named() -> None:
    assert told_of_features(Draft(answers={"kind": "ml", "i18n": "yes"})) == [
        "pages (a project needs something to visit).",
        "Asked for, but in no template yet: api, ml, i18n.",
    ]


def test_features_are_changed_in_a_list_with_what_they_add() -> None:
    ask, seen = scripted("shop", ENOUGH, FEATURES, ("pages", "ci"), None)
    draft = interview(Draft("Ann"), check_name=problem, asker=ask)
    assert draft == Draft("Ann", "django", {"kind": "shop"}, ("ci",))
    listed = seen[3]
    assert listed.several
    assert listed.several.ticked == preselected({"kind": "shop"})
    known = {each.name: each for each in features() if each.available}
    assert [value for value, _ in listed.choices] == list(known)
    for name, label in listed.choices:
        assert " ".join(label.split()) == f"{known[name].title}: {known[name].adds}"
        assert max(len(line) for line in label.splitlines()) + len(" > * ") < 80


@pytest.mark.usefixtures("_all_available")
def test_what_is_decided_by_hand_is_the_difference_to_what_the_answers_say() -> None:
    both = Draft(answers={"interface": "both", "admin": "yes"})
    assert features_of(both) == ("pages", "api", "admin")
    changed = with_chosen(both, ("api", "ci"))
    assert (changed.with_features, changed.without_features) == (("ci",), ("pages", "admin"))
    assert features_of(changed) == ("api", "ci")
    assert with_chosen(changed, ("pages", "api", "admin")) == both
    kept = Draft(answers={"interface": "both"}, without_features=("admin",))
    assert with_chosen(kept, features_of(kept)) == kept


@pytest.mark.usefixtures("_all_available")
def test_a_later_answer_keeps_what_was_decided_by_hand_and_infers_the_rest_again() -> None:
    ask, seen = scripted(
        "shop", ENOUGH, FEATURES, ("pages", "ci"), CHANGE, "admin", "yes",
        FEATURES, ("pages", "ci"), CHANGE, "i18n", "yes", None,
    )  # fmt: skip
    draft = interview(Draft("Ann"), check_name=problem, asker=ask)
    assert seen[8].several
    assert seen[8].several.ticked == ("pages", "admin", "ci")
    assert (draft.with_features, draft.without_features) == (("ci",), ("admin",))
    assert features_of(draft) == ("pages", "i18n", "ci")


@pytest.mark.usefixtures("_all_available")
def test_what_was_left_out_comes_back_when_an_answer_cannot_do_without_it() -> None:
    left_out = Draft("Ann", "flask", {"interface": "both"}, (), ("api",))
    ask, seen = scripted(CHANGE, "kind", "ml", None)
    draft = interview(left_out, check_name=problem, asker=ask)
    assert draft.without_features == ()
    assert features_of(draft) == ("pages", "api", "ml")
    assert "Left out" not in shown(seen[-1])
    ask, _ = scripted(CHANGE, "kind", "ml", CANCEL)
    with pytest.raises(Stopped) as stopped:
        interview(left_out, check_name=problem, asker=ask)
    assert stopped.value.draft.without_features == ()


@pytest.mark.usefixtures("_all_available")
@pytest.mark.parametrize(
    ("ticked", "told"),
    [
        (("pages", "ml"), "`ml` needs `api`."),
        ((), "Nothing would be left for anybody to use."),
        (("ci",), "Nothing would be left for anybody to use."),
        (("api", "ml"), None),
    ],
)
def test_what_cannot_be_left_out_is_said_under_the_list(
    ticked: tuple[str, ...], told: str | None
) -> None:
    ask, seen = scripted(FEATURES, BACK, None)
    interview(Draft("Ann", "flask"), check_name=problem, asker=ask)
    assert seen[1].several
    assert seen[1].several.check(ticked) == told


@pytest.mark.usefixtures("_all_available")
@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_ticked_and_answered_can_be_built(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    left = 12

    def ask(prompt: Prompt) -> Reply:
        nonlocal left
        left -= 1
        if prompt.several:
            names = [value for value, _ in prompt.choices]
            ticked = [name for name in names if chance.random() < 0.5]
            return tuple(ticked) if not prompt.several.check(tuple(ticked)) else BACK
        if left < 0 and prompt.ask == "Shall it be made?":
            return CANCEL if seed % 2 else prompt.default
        known = [value for value, _ in prompt.choices if value not in (CANCEL, WHOLE, NAME)]
        weights = [4 if value in (FEATURES, CHANGE) else 1 for value in known]
        return chance.choices(known, weights)[0]

    try:
        draft = interview(Draft("Ann"), check_name=problem, asker=ask)
    except Stopped as stopped:
        draft = stopped.draft
    check_wishes(draft, {})
    expected = choose_features(
        preselected(draft.answers), draft.with_features, draft.without_features
    )
    assert expected == features_of(draft)


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


def test_features_are_ticked_with_the_space_bar() -> None:
    to_the_features = DOWN * 4 + ENTER
    last = UP + SPACE + ENTER
    assert typed(to_the_features + last + ENTER, Draft("Ann", "flask")) == Draft(
        "Ann", "flask", {}, ([each.name for each in features() if each.available][-1],)
    )


def test_the_list_of_features_is_not_left_before_they_go_together() -> None:
    nothing_then_pages = SPACE + ENTER + SPACE + ENTER
    to_the_features = DOWN * 4 + ENTER
    assert typed(to_the_features + nothing_then_pages + ENTER, Draft("Ann", "flask")) == Draft(
        "Ann", "flask"
    )


def test_the_left_arrow_leaves_the_list_of_features_as_it_was() -> None:
    keys = DOWN * 4 + ENTER + UP + SPACE + LEFT + ENTER
    assert typed(keys, Draft("Ann", "flask")) == Draft("Ann", "flask")


@pytest.mark.parametrize("before", range(8))
@pytest.mark.parametrize("key", [CONTROL_C, CONTROL_D + CONTROL_C])
def test_control_c_ends_it_at_every_question(before: int, key: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        typed(ENTER * before + key, Draft())


def test_the_end_of_the_input_ends_it_too() -> None:
    with pytest.raises(KeyboardInterrupt):
        typed(CONTROL_D, Draft())


# In a terminal of its own ----------------------------------------------------------


def at_a_terminal(folder: Path, words: list[str], *keys: tuple[str, str]) -> tuple[int, str]:
    """Run headstart at a terminal: wait for a text, press keys. How it ended, what was shown."""
    ours, theirs = pty.openpty()
    variables = environment(TERM="xterm", COLUMNS="200", LINES="50", PROMPT_TOOLKIT_NO_CPR="1")
    run = subprocess.Popen(
        [PROGRAM, *words],
        cwd=folder,
        env=variables,
        # Its own session, so that Control-C becomes a signal as it does for a person.
        preexec_fn=lambda: os.login_tty(theirs),
    )
    os.close(theirs)
    told, left, until = "", list(keys), time.monotonic() + 60
    with run:
        while time.monotonic() < until:
            if left and left[0][0] in told:
                told = told.partition(left[0][0])[2]
                # A prompt is shown a moment before it takes keys.
                time.sleep(0.3)
                os.write(ours, left.pop(0)[1].encode())
            if select.select([ours], [], [], 0.1)[0]:
                try:
                    told += os.read(ours, 10_000).decode()
                except OSError:
                    break
        run.kill() if run.poll() is None and time.monotonic() >= until else None
    os.close(ours)
    return run.returncode, re.sub(r"\x1b\[[0-9;]*m", "", told).replace("\r\n", "\n")


GO_ON = "error: Interrupted; nothing was left behind.\nhint: Go on from here: "


def test_control_c_says_how_to_go_on_with_what_was_said(tmp_path: Path) -> None:
    code, told = at_a_terminal(
        tmp_path,
        ["new", "--no-git", "--author", "Ann Smith", "-o", "a b", "-a", "size=small"],
        ("project called", "Ann's Shop" + ENTER),
        ("building", DOWN * 3 + ENTER),
        ("2 of at most", CONTROL_C),
    )
    command = (
        'headstart new "Ann\'s Shop" --answer size=small --answer kind=shop'
        " --output-dir 'a b' --author 'Ann Smith' --no-git"
    )
    assert code == 130
    assert f"{GO_ON}{command}\n" in told


def test_control_c_before_anything_was_said_has_no_hint(tmp_path: Path) -> None:
    code, told = at_a_terminal(tmp_path, ["new"], ("project called", CONTROL_C))
    assert code == 130
    assert told.rstrip().endswith("Interrupted; nothing was left behind.")


def test_an_interruption_while_it_is_built_says_how_to_go_on_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    code, told = at_a_terminal(
        tmp_path,
        ["new", "Shop", "--framework", "flask", "--with", "ci", "--license", "MIT"],
        ("Shall it be made", ENTER),
        ("Writing the Flask project", CONTROL_C),
    )
    assert code == 130
    assert f"{GO_ON}headstart new Shop --framework flask --with ci --license MIT\n" in told
    assert list(tmp_path.iterdir()) == []
