"""A name is either refused in one sentence, or kept to the letter."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headstart.errors import WrongInput
from headstart.names import (
    LONGEST_NAME,
    check_name,
    distribution_name,
    name_problem,
    slug,
)

GOOD = [
    "Ann's Shop",
    'The "Best" Shop',
    "back\\slash",
    "{{ cookiecutter.email }} {% raw %}",
    "AC/DC",
    "متجر آن",
    "Магазин",
    "👩‍👩‍👧 family 😀",
    "class",
    "django",
    "$HOME `id` $(id)",
    "x" * LONGEST_NAME,
    "<b>bold</b> & 100 %",
]
BAD = [
    "",
    "   ",
    " shop",
    "shop ",
    "two\nlines",
    "tab\there",
    "nul\0",
    "half \ud83d",
    "line\u2028separator",
    "over\u202eride",
    "x" * (LONGEST_NAME + 1),
    "../x",
    "/elsewhere/x",
    "~/x",
    "..",
    "C:\\x\x07",
]


@pytest.mark.parametrize("name", GOOD)
def test_a_name_in_a_persons_words_is_kept(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("name", BAD)
def test_a_name_that_cannot_be_shown_or_is_a_path_is_refused_with_a_hint(
    name: str,
) -> None:
    with pytest.raises(WrongInput) as refused:
        check_name(name)
    assert refused.value.message.endswith(".")
    assert refused.value.hint


# The first call imports what makes folder names; a busy machine takes its time.
@settings(deadline=None)
@given(st.text())
def test_whatever_is_accepted_makes_a_safe_folder_name(name: str) -> None:
    if name_problem(name):
        return
    made = slug(name)
    assert made
    assert len(made) <= 60
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert made[0] != "-"
    assert made[-1] != "-"


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Ann's Shop", "anns-shop"),
        ("Ann’s Shop", "anns-shop"),
        ("😀", "project"),
        ("Магазин", "magazin"),
        ("CON", "con-project"),
        ("AC/DC", "ac-dc"),
        ("R&amp;D &#33;", "r-amp-d-33"),
    ],
)
def test_the_folder_reads_like_the_name(name: str, folder: str) -> None:
    assert slug(name) == folder


@pytest.mark.parametrize("package", ["django", "flask", "fastapi", "jinja2", "pytest"])
def test_a_distribution_is_not_called_like_a_package_that_it_needs(
    package: str,
) -> None:
    assert distribution_name(package) == f"{package}-project"
    assert distribution_name("anns-shop") == "anns-shop"
