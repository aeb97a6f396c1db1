"""What we know: is every row sound, and does every fact have its place in a document?"""

import re
from collections import Counter

import pytest

from headstart.errors import WrongInput
from headstart.knowledge import (
    Question,
    Rule,
    Value,
    disagreements,
    fallback,
    features,
    frameworks,
    gravities,
    levels,
    questions,
    rules,
    sources,
)
from headstart.knowledge.answers import check_answers
from headstart.knowledge.checking import check_condition, check_names, check_rule, check_weight
from headstart.knowledge.model import is_askable, is_met, settlement
from headstart.knowledge.selection import choose_features, preselected, with_settled

VOCABULARY = {
    "kind": "website content shop business education api microservice ml realtime tool prototype"
    " learning",
    "size": "small medium large",
    "interface": "pages api both",
    "admin": "yes no",
    "traffic": "low high concurrent",
    "realtime": "yes no",
    "experience": "beginner intermediate expert",
    "learning": "whole-stack fundamentals apis",
    "control": "conventions balanced full",
    "deadline": "quick weeks long-term",
    "docs": "yes no",
    "database": "none simple rich",
    "auth": "yes no",
    "background": "yes no",
    "i18n": "yes no",
}
FEATURES = ["pages", "api", "admin", "realtime", "tasks", "ml", "i18n", "docker", "ci"]


def question(key: str) -> Question:
    return next(each for each in questions() if each.key == key)


def rule(**changes: object) -> Rule:
    values: dict[str, object] = {
        "id": "a-rule",
        "framework": "flask",
        "when": {"size": ("small",)},
        "because": "It is so.",
        "document": sources()[0].document,
        "section": next(iter(sources()[0].sections)),
        "points": 1,
    }
    return Rule(**{**values, **changes})  # type: ignore[arg-type]


def test_the_questions_are_the_vocabulary_of_the_contract() -> None:
    assert {each.key: {value.name for value in each.values} for each in questions()} == {
        key: set(values.split()) for key, values in VOCABULARY.items()
    }


def test_every_choice_fits_on_one_line_of_a_terminal() -> None:
    for each in questions():
        assert each.ask.endswith("?")
        assert len(each.ask) <= 60, each.key
        for value in each.values:
            assert len(value.label) <= 60, (each.key, value.name)
            assert value.phrase == value.phrase.strip(" ."), (each.key, value.name)


def test_what_to_learn_is_asked_of_beginners_and_learning_projects_only() -> None:
    learning = question("learning")
    assert is_askable(learning, {"experience": "beginner"})
    assert is_askable(learning, {"kind": "learning"})
    assert not is_askable(learning, {"kind": "shop", "experience": "expert"})
    assert not is_askable(learning, {})


@pytest.mark.parametrize("kind", ["api", "microservice", "ml"])
def test_who_talks_to_an_api_is_settled(kind: str) -> None:
    assert settlement(question("interface"), {"kind": kind}) == "api"
    assert not is_askable(question("interface"), {"kind": kind})
    assert is_askable(question("interface"), {"kind": "shop"})


def test_what_was_answered_is_not_settled_otherwise() -> None:
    answers = {"kind": "api", "interface": "both"}
    assert with_settled(answers, questions())["interface"] == "both"
    assert with_settled({"interface": "pages"}, questions())["docs"] == "no"


def test_a_condition_is_met_by_any_value_of_every_key() -> None:
    condition = {"size": ("small", "medium"), "admin": ("yes",)}
    assert is_met(condition, {"size": "medium", "admin": "yes"})
    assert not is_met(condition, {"size": "large", "admin": "yes"})
    assert not is_met(condition, {"size": "small"})


def test_the_three_frameworks_are_known_and_each_has_reasons_and_cautions() -> None:
    assert dict(frameworks()) == {"django": "Django", "flask": "Flask", "fastapi": "FastAPI"}
    for framework in frameworks():
        own = [each for each in rules() if each.framework == framework]
        assert sum(not each.is_caution for each in own) >= 15, framework
        assert sum(each.is_caution for each in own) >= 4, framework


def test_every_document_is_used() -> None:
    assert {each.document for each in rules()} == {each.document for each in sources()}


@pytest.mark.parametrize("because", [pytest.param(each.because, id=each.id) for each in rules()])
def test_a_reason_is_one_short_sentence(because: str) -> None:
    assert len(because) <= 72
    assert because[0].isupper()
    assert because.endswith(".")
    assert because.count(". ") == 0


def test_a_rule_is_named_in_words() -> None:
    for each in rules():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", each.id), each.id


def test_every_list_and_every_scenario_of_the_documents_has_a_rule() -> None:
    covered = {(each.document[:3], each.section) for each in rules()}
    asked = re.compile(r"Ideal for|^When to Choose|^Choose .* If|Cons|\?$|best for")
    for source in sources():
        for section in source.sections:
            if asked.search(section) and not section.startswith(("Why use", "What Python")):
                assert (source.document[:3], section) in covered, section


def test_an_answer_that_counts_for_nothing_is_one_that_says_no_or_little() -> None:
    counting = {
        (key, value) for each in rules() for key, values in each.when.items() for value in values
    }
    silent = {(each.key, value.name) for each in questions() for value in each.values} - counting
    assert silent == {
        ("traffic", "low"),
        ("control", "balanced"),
        *((key, "no") for key in ("admin", "realtime", "docs", "background", "auth", "i18n")),
    }


def test_each_disagreement_of_the_contract_shows_both_sides() -> None:
    sides = {
        each.id: {(rule.document[:3], rule.framework) for rule in each.positions}
        for each in disagreements()
    }
    assert sides == {
        "beginners": {
            ("000", "flask"),
            ("001", "django"),
            ("003", "django"),
            ("003", "fastapi"),
            ("003", "flask"),
        },
        "microservices": {("001", "flask"), ("001", "fastapi"), ("003", "fastapi")},
        "rest-apis": {
            ("001", "flask"),
            ("003", "flask"),
            ("001", "fastapi"),
            ("003", "fastapi"),
        },
        "prototypes": {("000", "flask"), ("001", "flask"), ("003", "flask"), ("001", "django")},
        "deadlines": {
            ("001", "flask"),
            ("002", "flask"),
            ("003", "django"),
            ("001", "django"),
            ("001", "fastapi"),
        },
        "learning-projects": {("003", "flask"), ("001", "django"), ("003", "fastapi")},
        "high-traffic": {("002", "django"), ("001", "fastapi"), ("003", "fastapi")},
    }


def test_the_fallback_has_a_source() -> None:
    sections = {each.document: each.sections for each in sources()}
    assert fallback().framework in frameworks()
    assert fallback().section in sections[fallback().document]


def test_a_rule_that_names_something_unknown_is_refused() -> None:
    check_rule(rule(), frameworks(), sources(), questions())
    mistakes: list[dict[str, object]] = [
        {"framework": "pyramid"},
        {"section": "Nowhere"},
        {"when": {"size": ("tiny",)}},
        {"when": {"colour": ("red",)}},
        {"when": {}},
    ]
    for wrong in mistakes:
        with pytest.raises(ValueError, match="`a-rule`"):
            check_rule(rule(**wrong), frameworks(), sources(), questions())


def test_a_weight_that_nobody_explained_is_refused() -> None:
    check_weight(rule(points=1), levels(), gravities())
    check_weight(rule(points=0, gravity=1), levels(), gravities())
    mistakes: list[dict[str, object]] = [
        {"points": -1},
        {"points": 7},
        {"points": 0},
        {"points": 0, "gravity": 4},
        {"points": 1, "gravity": 1},
    ]
    for wrong in mistakes:
        with pytest.raises(ValueError, match="`a-rule`"):
            check_weight(rule(**wrong), levels(), gravities())


def test_every_level_and_every_gravity_is_used() -> None:
    assert {each.points for each in rules()} - {0} == set(levels())
    assert {each.gravity for each in rules()} - {0} == set(gravities())


def test_two_rows_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="more than one rule is called `b`"):
        check_names("rule", ["a", "b", "b"])


def test_a_condition_without_values_is_refused() -> None:
    known = (Question("size", "How big?", (Value("small", "Small", "it is small"),)),)
    with pytest.raises(ValueError, match="unknown value"):
        check_condition("here", {"size": ()}, known)


def test_all_features_of_the_command_line_are_rows() -> None:
    assert [each.name for each in features()] == FEATURES
    names = set(FEATURES)
    assert all(names >= {*each.implies, *each.when_none_of} for each in features())


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        ({}, ["pages"]),
        ({"kind": "shop"}, ["pages"]),
        ({"interface": "pages"}, ["pages"]),
        ({"interface": "both"}, ["pages", "api"]),
        ({"interface": "api"}, ["api"]),
        ({"kind": "api"}, ["api"]),
        ({"kind": "api", "interface": "pages"}, ["pages"]),
        ({"kind": "ml"}, ["api", "ml"]),
        ({"kind": "ml", "interface": "pages"}, ["pages", "api", "ml"]),
        ({"kind": "realtime"}, ["pages", "realtime"]),
        ({"kind": "realtime", "realtime": "no"}, ["pages"]),
        ({"docs": "yes", "interface": "pages"}, ["pages", "api"]),
        (
            {"admin": "yes", "background": "yes", "i18n": "yes"},
            ["pages", "admin", "tasks", "i18n"],
        ),
    ],
)
def test_answers_preselect_features(answers: dict[str, str], wanted: list[str]) -> None:
    assert list(preselected(answers)) == wanted


def test_a_project_that_nobody_could_talk_to_gets_pages() -> None:
    assert choose_features([]) == ("pages",)
    assert choose_features(["api"]) == ("api",)


@pytest.mark.parametrize(
    ("pairs", "message", "hint"),
    [
        ({"knid": "shop"}, "There is no question called `knid`.", "Did you mean `kind`?"),
        ({"kind": "shpo"}, "`shpo` is not an answer to `kind`.", "Did you mean `shop`?"),
        ({"admin": "YES"}, "`YES` is not an answer to `admin`.", "Did you mean `yes`?"),
        ({"size": "42"}, "`42` is not an answer to `size`.", "Choose one of `small`, `medium`"),
        ({"kind": "\x1b[31m"}, "`?[31m` is not an answer to `kind`.", "Choose one of"),
        ({"kind": "x" * 999}, f"`{'x' * 40}...` is not an answer", "Choose one of"),
    ],
)
def test_an_unknown_answer_names_the_nearest(
    pairs: dict[str, str], message: str, hint: str
) -> None:
    with pytest.raises(WrongInput) as caught:
        check_answers(pairs)
    assert caught.value.message.startswith(message)
    assert caught.value.hint.startswith(hint)
    assert caught.value.exit_code == 2


def test_of_two_answers_to_one_question_the_later_counts() -> None:
    assert check_answers([("kind", "shop"), ("kind", "api")]) == {"kind": "api"}


def test_no_section_and_no_rule_is_there_twice() -> None:
    said = Counter((each.framework, tuple(each.when.items()), each.because) for each in rules())
    assert [each for each, times in said.items() if times > 1] == []
