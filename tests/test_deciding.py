"""From wishes to a project: which framework, which features, and how to say it again."""

import shlex

import pytest

from headstart.deciding import (
    check_wishes,
    choose_features,
    choose_framework,
    command_again,
    decide,
    quoted,
)
from headstart.errors import WrongInput
from headstart.interview import Draft
from headstart.project import Project


@pytest.mark.parametrize(
    ("decided", "answers", "framework", "says"),
    [
        (None, {"kind": "shop"}, "django", "Django: Online shops"),
        ("django", {"kind": "shop"}, "django", "Django: Online shops"),
        (
            "flask",
            {"kind": "shop"},
            "flask",
            "Flask, as you decided; your answers speak for Django.",
        ),
        ("fastapi", {}, "fastapi", "FastAPI, as you decided."),
        (None, {}, "django", "Django, for want of answers to go by."),
    ],
)
def test_the_framework_comes_with_a_sentence_that_says_why(
    decided: str | None, answers: dict[str, str], framework: str, says: str
) -> None:
    chosen, sentence = choose_framework(decided, answers)
    assert chosen == framework
    assert sentence.startswith(says)


def test_features_keep_the_tables_order_and_pages_are_there_when_nothing_else_is() -> None:
    assert choose_features([]) == ("pages",)
    assert choose_features([], added=["ci", "pages"]) == ("pages", "ci")
    assert choose_features(["ci"], removed=["ci"]) == ("pages",)


@pytest.mark.parametrize(
    ("added", "removed", "told"),
    [
        (["blockchain"], [], "no feature `blockchain`"),
        ([], ["blockchain"], "no feature `blockchain`"),
        (["ci"], ["ci"], "both wanted and unwanted"),
        ([], ["pages"], "a visitor could meet"),
    ],
)
def test_features_that_cannot_be_are_refused_with_a_hint(
    added: list[str], removed: list[str], told: str
) -> None:
    with pytest.raises(WrongInput, match=told) as refused:
        choose_features([], added, removed)
    assert refused.value.hint


def test_what_no_template_has_yet_is_said_unless_it_is_unwanted() -> None:
    answers = {"kind": "shop", "admin": "yes"}
    assert any("`admin`" in line for line in decide(Draft("Shop", None, answers), {}).says)


def test_the_command_says_only_what_is_not_usual() -> None:
    usual = {"author": "Ann", "email": "ann@example.com"}
    plain = Project("Shop", "django", author="Ann", email="ann@example.com")
    assert command_again(plain, usual) == "headstart new Shop --framework django --yes"
    other = Project(
        "Ann's Shop",
        "flask",
        ("pages", "ci"),
        "postgresql",
        author="Bob",
        license="MIT",
        python="3.12",
        answers={"kind": "tool"},
    )
    assert command_again(other, usual) == (
        'headstart new "Ann\'s Shop" --framework flask --answer kind=tool --with ci'
        " --database postgresql --author Bob --email '' --license MIT --python 3.12 --yes"
    )


@pytest.mark.parametrize("word", ["plain", "two words", "Ann's", "a'b\"c", "$HOME's", "`x`'", ""])
def test_a_quoted_word_is_the_same_to_a_shell(word: str) -> None:
    assert shlex.split(quoted(word)) == [word]


@pytest.mark.parametrize(
    ("draft", "details"),
    [
        (Draft("../x"), {}),
        (Draft(with_features=("blockchain",)), {}),
        (Draft(without_features=("pages",)), {}),
        (Draft(), {"python": "2.7", "author": None}),
    ],
)
def test_wrong_wishes_are_refused_before_anything_is_asked(
    draft: Draft, details: dict[str, str | None]
) -> None:
    with pytest.raises(WrongInput):
        check_wishes(draft, details)
    check_wishes(Draft(), {"author": None})
