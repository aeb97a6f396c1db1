"""The interview: what is asked next, and why it stops."""

import random
from dataclasses import replace

import pytest

from headstart.advice import leader, points
from headstart.interview import (
    MOST_QUESTIONS,
    Draft,
    Stop,
    next_question,
    why_stop,
)
from headstart.knowledge import questions, rules
from headstart.knowledge.model import is_askable
from headstart.knowledge.selection import preselected

from .interviewing import SETTLED, some_answers


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
        known = some_answers(chance, chance.randint(8, 14), questions())
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
    monkeypatch.setattr("headstart.interview.planning.features", lambda: ())
    skipped = frozenset({"interface"})
    question = next_question(Draft(answers={"kind": "shop"}), skipped)
    assert question is not None
    assert question.key == "experience"
    expert = Draft(answers={"kind": "shop", "experience": "expert"})
    assert why_stop(expert, skipped) is Stop.NOTHING_LEFT
