"""From wishes to a project: which framework, which features, and how to say it again."""

import shlex

import pytest

from headstart.deciding import (
    answers_again,
    check_wishes,
    choose_framework,
    command_again,
    command_so_far,
    decide,
    quoted,
)
from headstart.errors import Interrupted, WrongInput
from headstart.interview import Draft
from headstart.knowledge.selection import choose_features
from headstart.project import Project


@pytest.mark.parametrize(
    ("decided", "answers", "framework", "says"),
    [
        (None, {"kind": "shop"}, "django", "Django: To sell online"),
        ("django", {"kind": "shop"}, "django", "Django: To sell online"),
        (
            "flask",
            {"kind": "shop"},
            "flask",
            "Flask, as you decided; your answers speak for Django.",
        ),
        ("fastapi", {}, "fastapi", "FastAPI, as you decided."),
        (None, {}, "django", "Django, for want of answers to go by."),
        (None, {"traffic": "low"}, "django", "Django, as your answers suit all three alike."),
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
        ([], ["pages"], "for anybody to use"),
    ],
)
def test_features_that_cannot_be_are_refused_with_a_hint(
    added: list[str], removed: list[str], told: str
) -> None:
    with pytest.raises(WrongInput, match=told) as refused:
        choose_features([], added, removed)
    assert refused.value.hint


def test_a_feature_without_what_it_needs_is_refused_with_two_ways_out() -> None:
    with pytest.raises(WrongInput) as refused:
        choose_features([], ["ml"], ["api"])
    assert refused.value.message == "`ml` needs `api`."
    assert refused.value.hint == "Leave out `--without api`, or add `--without ml`."
    assert choose_features(["ml"], [], ["api", "ml"]) == ("pages",)


def test_wishes_are_checked_together_with_the_answers_that_are_known() -> None:
    check_wishes(Draft("Shop", None, {"interface": "both"}, (), ("pages",)), {})
    with pytest.raises(WrongInput, match="`ml` needs `api`"):
        check_wishes(Draft("Shop", None, {"kind": "ml"}, (), ("api",)), {})


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


def test_a_name_that_looks_like_an_option_comes_last() -> None:
    usual = {"author": "", "email": ""}
    again = command_again(Project("-5 degrees", "flask"), usual)
    assert again == "headstart new --framework flask --yes -- '-5 degrees'"
    assert command_so_far(Draft("--help")) == "headstart new -- --help"


@pytest.mark.parametrize(
    ("draft", "options", "command"),
    [
        (Draft(), [], ""),
        (Draft(), ["--no-git"], "headstart new --no-git"),
        (Draft("Shop"), [], "headstart new Shop"),
        (
            Draft("Ann's Shop", "flask", {"kind": "shop", "size": "small"}, ("ci",), ("pages",)),
            ["--author", "Ann Smith", "--no-git"],
            'headstart new "Ann\'s Shop" --framework flask --answer kind=shop'
            " --answer size=small --with ci --without pages --author 'Ann Smith' --no-git",
        ),
    ],
)
def test_the_command_that_goes_on_has_all_that_was_said(
    draft: Draft, options: list[str], command: str
) -> None:
    assert command_so_far(draft, options) == command


def test_another_command_goes_on_with_its_answers() -> None:
    assert answers_again("advise", {}) == ""
    assert answers_again("advise", {"kind": "shop"}) == "headstart advise --answer kind=shop"


def test_an_interruption_says_how_to_go_on_where_something_was_said() -> None:
    assert Interrupted.exit_code == 130
    assert Interrupted().message == "Interrupted; nothing was left behind."
    assert Interrupted().hint == ""
    assert Interrupted("headstart new Shop").hint == "Go on from here: headstart new Shop"


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


def test_what_a_feature_brings_with_it_is_said_unless_it_was_asked_for() -> None:
    brings = "`admin` brings `pages` with it."
    says = decide(Draft("Shop", None, {"kind": "api", "admin": "yes"}), {}).says
    assert brings in says
    asked = {"kind": "api", "admin": "yes", "interface": "both"}
    assert brings not in decide(Draft("Shop", None, asked), {}).says
    assert brings not in decide(Draft("Shop", None, {"kind": "api"}), {}).says
