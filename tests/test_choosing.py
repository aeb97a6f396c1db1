"""The interview: features, inferred from the answers and decided by hand."""

import random
from dataclasses import replace

import pytest

from headstart.deciding import check_wishes
from headstart.interview import (
    BACK,
    CANCEL,
    CHANGE,
    ENOUGH,
    FEATURES,
    NAME,
    WHOLE,
    Draft,
    Prompt,
    Reply,
    Stopped,
    interview,
)
from headstart.interview.choosing import features_of, with_chosen
from headstart.knowledge import features
from headstart.knowledge.selection import choose_features, preselected

from .interviewing import problem, scripted, shown


def told_of_features(draft: Draft) -> list[str]:
    ask, seen = scripted(None)
    interview(replace(draft, name="Ann", framework="flask"), check_name=problem, asker=ask)
    told = shown(seen[0]).partition("Features: ")[2].partition("No more was asked")[0]
    return told.replace("\n  ", " ").splitlines()


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


def test_features_are_changed_in_a_list_with_what_they_add() -> None:
    ask, seen = scripted("shop", ENOUGH, FEATURES, ("pages", "ci"), None)
    draft = interview(Draft("Ann"), check_name=problem, asker=ask)
    assert draft == Draft("Ann", "django", {"kind": "shop"}, ("ci",))
    listed = seen[3]
    assert listed.several
    assert listed.several.ticked == preselected({"kind": "shop"})
    known = {each.name: each for each in features()}
    assert [value for value, _ in listed.choices] == list(known)
    for name, label in listed.choices:
        assert " ".join(label.split()) == f"{known[name].title}: {known[name].adds}"
        assert max(len(line) for line in label.splitlines()) + len(" > * ") < 80


def test_what_is_decided_by_hand_is_the_difference_to_what_the_answers_say() -> None:
    both = Draft(answers={"interface": "both", "admin": "yes"})
    assert features_of(both) == ("pages", "api", "admin")
    changed = with_chosen(both, ("api", "ci"))
    assert (changed.with_features, changed.without_features) == (("ci",), ("pages", "admin"))
    assert features_of(changed) == ("api", "ci")
    assert with_chosen(changed, ("pages", "api", "admin")) == both
    kept = Draft(answers={"interface": "both"}, without_features=("admin",))
    assert with_chosen(kept, features_of(kept)) == kept


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
