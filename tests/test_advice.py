"""Advice: whom it recommends what, why, and whether what it says of itself is true."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import headstart.advice
from headstart.advice import Advice, advise, leader, points
from headstart.argument import argument, as_json, headline, plain
from headstart.knowledge import features, frameworks, questions, rules
from headstart.knowledge.model import Rule, is_askable

Answers = dict[str, str]

# Who asks (answers) -> what they should hear -> the rule and document that say so.
PEOPLE = [
    ("kind=website", "django", "complete-web-application", "003"),
    ("kind=content", "django", "content-management", "001"),
    ("kind=shop", "django", "online-shop", "003"),
    ("kind=shop size=small", "django", "online-shop", "003"),
    ("kind=shop traffic=high", "django", "traffic-spikes", "002"),
    ("kind=business", "django", "business-application", "003"),
    ("kind=business size=large", "django", "enterprise-platform", "000"),
    ("kind=education i18n=yes", "django", "several-languages", "002"),
    ("size=large database=rich", "django", "large-and-database-driven", "001"),
    ("control=conventions auth=yes", "django", "ready-made-accounts", "003"),
    ("kind=prototype admin=yes", "django", "prototype-with-admin", "001"),
    ("kind=tool admin=yes", "django", "back-office-tools", "001"),
    ("experience=beginner", "django", "most-beginners", "003"),
    (
        "kind=learning experience=beginner learning=whole-stack",
        "django",
        "learning-platform",
        "001",
    ),
    (
        "kind=learning experience=beginner learning=fundamentals",
        "flask",
        "beginner-friendly",
        "000",
    ),
    ("experience=beginner learning=apis", "fastapi", "learning-apis", "003"),
    ("kind=learning", "flask", "learning-projects", "003"),
    ("kind=prototype", "flask", "quick-mvp", "000"),
    ("kind=prototype deadline=quick", "flask", "hours-not-days", "001"),
    ("kind=tool", "flask", "internal-tools-too", "003"),
    ("kind=api size=small", "flask", "simple-rest-api", "001"),
    ("kind=website size=small deadline=quick", "flask", "small-and-quick", "001"),
    ("kind=microservice control=full", "flask", "microservices-your-way", "001"),
    ("experience=expert control=full", "flask", "full-control", "001"),
    ("kind=api", "fastapi", "building-apis", "003"),
    ("kind=api size=small traffic=high", "fastapi", "heavily-used-api", "003"),
    ("kind=api docs=yes", "fastapi", "interactive-documentation", "001"),
    ("kind=microservice", "fastapi", "microservices", "003"),
    ("kind=ml", "fastapi", "model-serving", "001"),
    ("kind=ml experience=beginner", "fastapi", "ai-systems", "000"),
    ("kind=realtime", "fastapi", "chat-and-devices", "001"),
    ("kind=website traffic=concurrent", "fastapi", "thousands-at-once", "001"),
    ("background=yes realtime=yes", "fastapi", "background-heavy", "001"),
]
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


def ask(text: str) -> Advice:
    return advise(read(text), rules())


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        each.key: st.sampled_from([value.name for value in each.values]) for each in questions()
    },
)
OFTEN = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize(("answers", "framework", "because", "document"), PEOPLE)
def test_people_hear_what_the_documents_say(
    answers: str, framework: str, because: str, document: str
) -> None:
    advice = ask(answers)
    found = {each.rule.id: each.rule.document for each in advice.ranking[0].reasons}
    assert advice.recommendation == framework
    assert found[because].startswith(document)


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


def test_without_answers_it_cannot_know_and_says_what_to_answer_first() -> None:
    advice = ask("")
    assert advice.recommendation is None
    assert advice.confidence == "tie"
    assert advice.ask_first == "kind"
    assert [each.points for each in advice.ranking] == [0, 0, 0]
    assert {key for change in advice.would_change for key in change.answers} == {"kind"}
    assert "What are you building?" in headline(advice)


def test_answers_that_say_nothing_are_told_apart_from_none() -> None:
    advice = ask("traffic=low")
    assert advice.recommendation is None
    assert advice.ask_first == "kind"
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
    [(5, 5, "tie"), (5, 4, "close"), (5, 3, "close"), (5, 2, "clear"), (20, 16, "close")],
)
def test_confidence_is_how_far_the_first_leads(first: int, second: int, confidence: str) -> None:
    assert advise({"size": "large"}, two_rules(first, second)).confidence == confidence


def test_no_framework_has_more_in_its_favour_than_its_rules() -> None:
    """Whoever swaps two frameworks in all rules swaps them in the advice, and nothing else."""
    swap = {"django": "fastapi", "fastapi": "django", "flask": "flask"}
    swapped = [
        Rule(each.id, swap[each.framework], each.when, each.because, each.document, each.section,
             each.points)
        for each in rules()
    ]  # fmt: skip
    for answers, *_ in PEOPLE:
        advice, other = ask(answers), advise(read(answers), swapped)
        assert advice.recommendation is not None
        assert other.recommendation == swap[advice.recommendation]
        assert other.confidence == advice.confidence


def test_the_code_of_the_advice_names_no_framework() -> None:
    source = Path(headstart.advice.__file__).read_text(encoding="utf-8")
    words = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    assert words.isdisjoint(frameworks())


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
def test_what_would_change_it_really_does_and_no_part_of_it_suffices(answers: Answers) -> None:
    advice = advise(answers, rules())
    for change in advice.would_change:
        assert change.recommendation != advice.recommendation
        changed = {**answers, **change.answers}
        assert changed != answers
        assert advise(changed, rules()).recommendation == change.recommendation
        for key in change.answers if len(change.answers) > 1 else ():
            less = {**answers, key: change.answers[key]}
            assert leader(points(less, rules())) != change.recommendation


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
@given(ANSWERS, st.sampled_from(rules()))
def test_more_evidence_never_lowers(answers: Answers, rule: Rule) -> None:
    more = {**{key: values[0] for key, values in rule.when.items()}, **answers}
    before, after = points(answers, rules()), points(more, rules())
    assert all(after[framework] >= before[framework] for framework in before)


@pytest.mark.parametrize(
    ("answers", "known", "question"),
    [
        ("experience=beginner", "beginners", "experience"),
        ("kind=microservice", "microservices", "kind"),
        ("kind=api", "rest-apis", "kind"),
        ("kind=prototype", "prototypes", "kind"),
        ("traffic=high", "high-traffic", "traffic"),
    ],
)
def test_a_disagreement_of_the_documents_is_shown(answers: str, known: str, question: str) -> None:
    shown = ask(answers).disagreements
    assert [(each.id, each.question) for each in shown] == [(known, question)]
    assert len({rule.framework for rule in shown[0].positions}) > 1


def test_features_that_are_not_available_are_named_and_not_dropped() -> None:
    available = {each.name for each in features() if each.available}
    advice = ask("kind=ml admin=yes interface=both")
    wanted = {"pages", "api", "admin", "ml"}
    assert set(advice.features) == wanted & available
    assert set(advice.unavailable) == wanted - available


def test_json_has_the_shape_of_the_contract() -> None:
    table = json.loads(json.dumps(as_json(ask("kind=content admin=yes experience=beginner"))))
    extra = {"unavailable"} & set(table)
    assert table.keys() - extra == {
        "recommendation", "confidence", "ranking", "would_change", "disagreements", "features",
    }  # fmt: skip
    first = table["ranking"][0]
    assert first.keys() == {"framework", "points", "reasons", "cautions"}
    assert first["reasons"][0].keys() == {"rule", "because", "points", "answers", "source"}
    assert first["reasons"][0]["source"].keys() == {"document", "section"}
    assert first["cautions"][0].keys() == {"rule", "because", "source"}
    assert table["would_change"][0].keys() == {"answers", "recommendation"}
    assert table["disagreements"][0].keys() == {"question", "positions"}
    assert table["disagreements"][0]["positions"][0].keys() == {"framework", "source"}
    assert sum(each["points"] for each in first["reasons"]) == first["points"]
    assert first["reasons"][0]["source"]["document"].endswith(".txt")


@OFTEN
@given(ANSWERS)
def test_the_argument_fits_a_terminal_and_names_the_recommendation(answers: Answers) -> None:
    advice = advise(answers, rules())
    lines = plain(argument(advice)).splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) < 80
    if advice.recommendation:
        assert lines[0].startswith(frameworks()[advice.recommendation])
        assert advice.ranking[0].reasons[0].rule.because in plain(argument(advice))


def test_the_argument_reads_like_this() -> None:
    assert (
        plain(argument(ask("kind=tool admin=yes")))
        == """\
Django fits best, but it is close.

  Django   13  ########################################
  Flask    10  ###############################
  FastAPI   0

Why Django
  +6  For back-office tools in little time, Django's admin does the work.
      001, Need a Built-in Admin Panel and Rapid Backend Dev?
  +4  Nothing beats the admin panel that Django makes from your data.
      001, Need a Built-in Admin Panel and Rapid Backend Dev?
  +3  Needing an admin panel is the first reason given to choose Django.
      003, Choose Django If...

Flask, if it stays small, or if you want to choose every part yourself.
FastAPI, if you build a REST API, or if you build a microservice.

Features: pages. Not available yet: admin.
"""
    )


def test_advice_loads_nothing_beyond_the_standard_library() -> None:
    code = (
        "import sys; from headstart.advice import advise; from headstart.knowledge import rules;"
        "import headstart.argument, headstart.interview; advise({'kind': 'ml'}, rules());"
        "print({name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names"
        " - {'headstart', '__main__'})"
    )
    ours = str(Path(headstart.advice.__file__).parents[1])
    run = [sys.executable, "-S", "-c", f"import sys; sys.path.insert(0, {ours!r}); {code}"]
    result = subprocess.run(run, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"
