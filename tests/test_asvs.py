"""Every requirement of OWASP ASVS 5.0.0, Level 1, has an answer, and what answers it is there."""

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

CONTRACT = Path(__file__).parent / "contract"
# How many requirements of Level 1 each section has: 70 in all.
SECTIONS = {
    **{"1.2": 5, "1.3": 2, "1.5": 1, "2.1": 1, "2.2": 2, "2.3": 1},
    **{"3.2": 2, "3.3": 1, "3.4": 2, "3.5": 3, "4.1": 1, "4.4": 1, "5.2": 2, "5.3": 2},
    **{"6.1": 1, "6.2": 8, "6.3": 2, "6.4": 2, "7.2": 4, "7.4": 2, "8.1": 1, "8.2": 2, "8.3": 1},
    **{"9.1": 3, "9.2": 1, "10.4": 5, "11.3": 2, "11.4": 1, "12.1": 1, "12.2": 2, "13.4": 1},
    **{"14.2": 1, "14.3": 1, "15.1": 1, "15.2": 1, "15.3": 1},
}
MEMBERS = {"id", "says", "tests", "because", "also"}
Requirement = dict[str, Any]


def requirements() -> list[Requirement]:
    table = tomllib.loads((CONTRACT / "asvs.toml").read_text(encoding="utf-8"))
    assert table.keys() == {"requirement"}
    found: list[Requirement] = table["requirement"]
    return found


@cache
def names_in(file: Path) -> frozenset[str]:
    return frozenset(re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE))


def test_each_of_level_1_is_there_once() -> None:
    ids = [requirement["id"] for requirement in requirements()]
    assert len(ids) == 70
    assert ids == sorted(set(ids), key=lambda number: [int(part) for part in number.split(".")])
    assert Counter(number.rpartition(".")[0] for number in ids) == SECTIONS


@pytest.mark.parametrize("requirement", requirements(), ids=lambda one: one["id"])
def test_each_has_an_answer_that_is_there(requirement: Requirement) -> None:
    assert requirement.keys() <= MEMBERS
    assert requirement["says"].strip()
    named = requirement.get("tests", [])
    assert named or requirement["because"].strip()
    assert len(set(named)) == len(named)
    for test in named:
        file, _, name = test.partition("::")
        assert name in names_in((CONTRACT / file).resolve()), test
