"""Advice: whom it recommends what, why, and whether what it says of itself is true."""

import ast
import random
import subprocess
import sys
import tomllib
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import headstart.advice
from headstart.advice import Advice, advise, leader, points
from headstart.argument import headline
from headstart.argument.words import what_would_settle_it
from headstart.knowledge import frameworks, questions, rules, sources
from headstart.knowledge.answers import check_answers
from headstart.knowledge.model import Rule, is_askable
from headstart.weighing import what_counts

Answers = dict[str, str]

PEOPLE = tomllib.loads(Path(__file__).with_name("people.toml").read_text("utf-8"))["person"]
CAUTIONS = [
    ("size=small", "django", "heavy-for-small"),
    ("kind=api", "django", "more-than-an-api-needs"),
    ("control=full", "django", "rigid-conventions"),
    ("size=large", "flask", "growth-needs-planning"),
    ("admin=yes", "flask", "admin-to-be-added"),
    ("database=simple", "flask", "database-module-needed"),
    ("interface=both", "fastapi", "not-full-stack"),
    ("experience=beginner", "fastapi", "hard-for-beginners"),
    ("admin=yes", "fastapi", "no-admin-panel"),
]


def read(text: str) -> Answers:
    return dict(pair.split("=") for pair in text.split())


def values(key: str) -> list[str]:
    return [value.name for each in questions() if each.key == key for value in each.values]


def ask(text: str) -> Advice:
    return advise(read(text), rules())


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        each.key: st.sampled_from([value.name for value in each.values]) for each in questions()
    },
)
OFTEN = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize("person", [pytest.param(each, id=each["who"]) for each in PEOPLE])
def test_people_hear_what_the_documents_say(person: dict[str, Any]) -> None:
    advice = advise(person["answers"], rules())
    assert advice.recommendation in person["expect"]
    if advice.recommendation == person["expect"][0]:
        found = {each.rule.document[:3] for each in advice.ranking[0].reasons}
        assert person["document"] in found


def test_the_people_are_many_different_ones_and_can_exist() -> None:
    assert len(PEOPLE) >= 60
    assert len({tuple(sorted(each["answers"].items())) for each in PEOPLE}) == len(PEOPLE)
    several = [each for each in PEOPLE if 5 <= len(each["answers"]) <= 8]
    assert len(several) >= 40
    assert {each["answers"].get("kind") for each in several} >= set(values("kind"))
    answered = {pair for each in PEOPLE for pair in each["answers"].items()}
    assert {key for key, _ in answered} == {each.key for each in questions()}
    known = {each.key: each for each in questions()}
    for each in PEOPLE:
        check_answers(each["answers"])
        assert "learning" not in each["answers"] or is_askable(known["learning"], each["answers"])


def test_every_document_speaks_for_somebody() -> None:
    assert {each["document"] for each in PEOPLE} == {each.document[:3] for each in sources()}


@pytest.mark.parametrize(("answers", "framework", "caution"), CAUTIONS)
def test_what_speaks_against_a_framework_is_said_and_takes_no_points(
    answers: str, framework: str, caution: str
) -> None:
    standing = next(each for each in ask(answers).ranking if each.framework == framework)
    assert caution in {each.id for each in standing.cautions}
    speaking = [each for each in rules() if not each.is_caution]
    assert points(read(answers), rules()) == points(read(answers), speaking)


def test_the_specific_answer_beats_the_general_one() -> None:
    assert ask("kind=shop size=small").recommendation == "django"
    assert ask("kind=ml size=large").recommendation == "fastapi"
    assert ask("kind=learning experience=beginner learning=apis").recommendation == "fastapi"
    assert ask("kind=api size=small deadline=quick").recommendation == "flask"
    assert ask("kind=api traffic=concurrent").recommendation == "fastapi"
    assert ask("kind=shop size=large deadline=quick").recommendation == "django"


def test_without_answers_it_cannot_know_and_says_what_to_answer_first() -> None:
    advice = ask("")
    assert advice.recommendation is None
    assert advice.confidence == "tie"
    assert advice.ask_next == "kind"
    assert [each.points for each in advice.ranking] == [0, 0, 0]
    assert {key for change in advice.would_change for key in change.answers} == {"kind"}
    assert "What are you building?" in what_would_settle_it(advice)


def test_answers_that_say_nothing_are_told_apart_from_none() -> None:
    advice = ask("traffic=low")
    assert advice.recommendation is None
    assert advice.ask_next == "kind"
    assert headline(advice) != headline(ask(""))


def two_rules(first: int, second: int) -> list[Rule]:
    def rule(framework: str, worth: int) -> Rule:
        source = ("000_ba89e2e2fef8e70c.txt", "Microframeworks")
        return Rule(f"for-{framework}", framework, {"size": ("large",)}, "So.", *source, worth)

    return [rule("flask", first), rule("fastapi", second)]


def test_a_tie_is_said_and_names_nobody() -> None:
    for known in (two_rules(3, 3), two_rules(3, 3)[::-1]):
        advice = advise({"size": "large"}, known)
        assert (advice.recommendation, advice.confidence) == (None, "tie")
        assert set(advice.tied) == {"flask", "fastapi"}
        assert headline(advice).startswith("Flask and FastAPI are equal")


@pytest.mark.parametrize(
    ("first", "second", "confidence"),
    [
        (5, 5, "tie"),
        (5, 4, "close"),
        (5, 3, "close"),
        (5, 2, "clear"),
        (20, 15, "close"),
        (4, 0, "close"),
    ],
)
def test_confidence_is_how_far_the_first_leads(first: int, second: int, confidence: str) -> None:
    assert advise({"size": "large"}, two_rules(first, second)).confidence == confidence


def test_no_framework_has_more_in_its_favour_than_its_rules() -> None:
    """Whoever swaps two frameworks in all rules swaps them in the advice, and nothing else."""
    swap = {"django": "fastapi", "fastapi": "django", "flask": "flask"}
    swapped = [
        Rule(each.id, swap[each.framework], each.when, each.because, each.document, each.section,
             each.points, each.gravity)
        for each in rules()
    ]  # fmt: skip
    for person in PEOPLE:
        advice, other = advise(person["answers"], rules()), advise(person["answers"], swapped)
        assert advice.recommendation is not None
        assert other.recommendation == swap[advice.recommendation]
        assert other.confidence == advice.confidence


@pytest.mark.parametrize("module", ["advice", "weighing", "changes"])
def test_the_code_of_the_advice_names_no_framework(module: str) -> None:
    path = Path(headstart.advice.__file__).with_name(f"{module}.py")
    source = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    assert {node.value for node in source if isinstance(node, ast.Constant)}.isdisjoint(
        frameworks()
    )


@OFTEN
@given(ANSWERS)
def test_points_add_up_and_reasons_rest_on_given_answers(answers: Answers) -> None:
    for standing in advise(answers, rules()).ranking:
        assert standing.points == sum(each.rule.points for each in standing.reasons)
        for reason in standing.reasons:
            assert reason.rule.framework == standing.framework
            assert reason.answers.items() <= answers.items()
            assert reason.answers.keys() == reason.rule.when.keys()


@OFTEN
@given(ANSWERS, st.randoms())
def test_the_order_of_answers_and_rules_does_not_matter(answers: Answers, random: object) -> None:
    items, known = list(answers.items()), list(rules())
    random.shuffle(items)  # type: ignore[attr-defined]
    random.shuffle(known)  # type: ignore[attr-defined]
    assert advise(dict(items), known) == advise(answers, rules())


@OFTEN
@given(ANSWERS)
def test_what_would_change_it_really_does_and_nothing_smaller_would(answers: Answers) -> None:
    advice = advise(answers, rules())
    known = {each.key: each for each in questions()}
    for change in advice.would_change:
        assert change.recommendation != advice.recommendation
        changed = {**answers, **change.answers}
        assert all(answers.get(key) != value for key, value in change.answers.items())
        assert advise(changed, rules()).recommendation == change.recommendation
        for fewer in range(1, len(change.answers)):
            for part in combinations(change.answers.items(), fewer):
                less = {**answers, **dict(part)}
                assert leader(points(less, rules())) != change.recommendation
        if len(change.answers) > 1:
            for key, value in ((each.key, value) for each in questions() for value in each.values):
                if key in answers or is_askable(known[key], answers):
                    single = {**answers, key: value.name}
                    assert leader(points(single, rules())) != change.recommendation


@OFTEN
@given(ANSWERS)
def test_changes_lead_to_other_frameworks_only(answers: Answers) -> None:
    advice = advise(answers, rules())
    others = frameworks().keys() - {advice.recommendation}
    assert {each.recommendation for each in advice.would_change} <= others


@OFTEN
@given(ANSWERS)
def test_what_would_change_it_was_answered_or_can_be_asked(answers: Answers) -> None:
    known = {each.key: each for each in questions()}
    for change in advise(answers, rules()).would_change:
        for key in change.answers:
            changed = {**answers, **change.answers}
            assert key in answers or is_askable(known[key], changed)


def test_pairs_are_only_named_where_no_single_answer_suffices() -> None:
    changes = ask("kind=api size=small deadline=quick control=full experience=expert").would_change
    sizes: dict[str, set[int]] = {}
    for change in changes:
        sizes.setdefault(change.recommendation, set()).add(len(change.answers))
    assert all(len(each) == 1 for each in sizes.values())
    assert {2} in sizes.values()


@OFTEN
@given(ANSWERS, st.sampled_from([each for each in rules() if not each.is_caution]))
def test_more_evidence_never_lowers(answers: Answers, rule: Rule) -> None:
    """Evidence is one more rule that counts, or an answer that one more rule counts for."""
    now = {**answers, **{key: values[0] for key, values in rule.when.items()}}
    others = [each for each in rules() if each != rule]
    without, with_it = points(now, others), points(now, rules())
    assert all(with_it[framework] >= without[framework] for framework in without)
    assert leader(with_it) == rule.framework or leader(with_it) in (leader(without), None)
    more = {**{key: values[0] for key, values in rule.when.items()}, **answers}
    # Unless it rules out a question that was answered: that answer counts no more.
    if what_counts(answers).keys() <= what_counts(more).keys():
        before, after = points(answers, rules()), points(more, rules())
        assert all(after[framework] >= before[framework] for framework in before)


@pytest.mark.parametrize("rule", [pytest.param(each, id=each.id) for each in rules()])
def test_every_rule_changes_what_somebody_hears(rule: Rule) -> None:
    """For some plausible answers it decides; or, if it is a caution, it is shown."""
    chance = random.Random(rule.id)  # noqa: S311
    others = [each for each in rules() if each != rule]
    for _ in range(3000):
        answers = {key: chance.choice(values) for key, values in rule.when.items()}
        asked = [each for each in questions() if each.key not in answers]
        for each in chance.sample(asked, chance.randint(0, 6)):
            if is_askable(each, answers):
                answers[each.key] = chance.choice(each.values).name
        first = leader(points(answers, rules()))
        if rule.is_caution and first == rule.framework:
            return
        if not rule.is_caution and first != leader(points(answers, others)):
            return
    pytest.fail(f"{rule.id} changes nothing")


@pytest.mark.parametrize(
    ("answers", "known", "question"),
    [
        ("experience=beginner", "beginners", "experience"),
        ("kind=microservice", "microservices", "kind"),
        ("kind=api", "rest-apis", "kind"),
        ("kind=prototype", "prototypes", "kind"),
        ("deadline=quick", "deadlines", "deadline"),
        ("traffic=high", "high-traffic", "traffic"),
    ],
)
def test_a_disagreement_of_the_documents_is_shown(answers: str, known: str, question: str) -> None:
    shown = ask(answers).disagreements
    assert [(each.id, each.question) for each in shown] == [(known, question)]
    assert len({rule.framework for rule in shown[0].positions}) > 1


def test_the_answers_select_the_features() -> None:
    assert ask("kind=ml admin=yes interface=both").features == ("pages", "api", "admin", "ml")


def test_advice_loads_nothing_beyond_the_standard_library() -> None:
    code = (
        "import sys; from headstart.advice import advise; from headstart.knowledge import rules;"
        "import headstart.argument, headstart.interview.planning; advise({'kind': 'ml'}, rules());"
        "print({name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names"
        " - {'headstart', '__main__'})"
    )
    ours = str(Path(headstart.advice.__file__).parents[1])
    run = [sys.executable, "-S", "-c", f"import sys; sys.path.insert(0, {ours!r}); {code}"]
    result = subprocess.run(run, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"
