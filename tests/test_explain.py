"""`headstart explain`: every rule can be questioned, down to the words it rests on."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from headstart.commands.explain import RULES_FILE, explain
from headstart.errors import WrongInput
from headstart.knowledge import (
    disagreements,
    frameworks,
    gravities,
    levels,
    questions,
    rules,
    sources,
)
from headstart.knowledge.model import Disagreement, Rule

from .command import headstart
from .conftest import ROOT

DOCUMENT = {each.document[:3]: each for each in sources()}


def said(*words: str) -> str:
    ended = CliRunner().invoke(explain, words, catch_exceptions=False)
    assert ended.exit_code == 0, ended.output
    return ended.output


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("rule", [pytest.param(each, id=each.id) for each in rules()])
def test_a_rule_is_explained_in_full(rule: Rule) -> None:
    text = said(rule.id)
    assert all(len(line) <= 80 for line in text.splitlines())
    document = next(each for each in sources() if each.document == rule.document)
    assert text.startswith(f"{rule.id}\n")
    for part in (
        rule.because,
        frameworks()[rule.framework],
        document.title,
        document.document,
        rule.section,
        document.sections[rule.section],
        RULES_FILE,
        f'id = "{rule.id}"',
    ):
        assert flat(part) in flat(text), part
    known = {question.key: question for question in questions()}
    for key, values in rule.when.items():
        assert f"{key} = {' or '.join(values)} (" in flat(text)
        assert all(known[key].value(value).phrase in flat(text) for value in values)


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> tuple[Rule, Rule, Rule]:
    """Two rules that contradict each other, and a caution, instead of all others."""
    document = DOCUMENT["001"].document
    small = Rule(
        id="small-services",
        framework="flask",
        when={"kind": ("api", "microservice"), "size": ("small",)},
        because="Small services are what it is good for.",
        document=document,
        section="Flask: Pros",
        points=6,
    )
    fast = Rule(
        id="fast-services",
        framework="fastapi",
        when={"kind": ("api",)},
        because="Services have to be fast.",
        document=document,
        section="FastAPI: Pros",
        points=1,
    )
    heavy = Rule(
        id="heavy",
        framework="django",
        when={"size": ("small",)},
        because="It weighs too much.",
        document=document,
        section="Django: Cons",
        gravity=2,
    )
    services = Disagreement("services", "services", "kind", {"kind": ("api",)}, (small, fast))
    monkeypatch.setattr("headstart.knowledge.rules", lambda: (small, fast, heavy))
    monkeypatch.setattr("headstart.knowledge.disagreements", lambda: (services,))
    levels = {1: "said in passing", 6: "for two answers together"}
    monkeypatch.setattr("headstart.knowledge.levels", lambda: levels)
    monkeypatch.setattr("headstart.knowledge.gravities", lambda: {2: "it costs time"})
    return small, fast, heavy


def test_a_rule_is_explained_with_its_other_positions(three: tuple[Rule, ...]) -> None:
    assert (
        said("small-services")
        == """\
small-services
  Says        Small services are what it is good for.
  Framework   Flask
  When        kind = api or microservice (you build a REST API, or you build a
              microservice), and size = small (it stays small)
  Counts      6 points (for two answers together)
  Read in     Choosing between Django, Flask and FastAPI
              (001_5cfe5f720321b233.txt)
              under: Flask: Pros
              search for: Lightweight and Flexible:
  Disputed    The documents disagree on services. Also said there:
              FastAPI: Services have to be fast. (001, fast-services)
  Disagree?   Edit the row `id = "small-services"` in
              src/headstart/knowledge/rules.toml of headstart.
"""
    )


def test_a_caution_has_a_gravity_and_no_points(three: tuple[Rule, ...]) -> None:
    assert (
        said("heavy")
        == """\
heavy
  Says        It weighs too much.
  Framework   Django
  When        size = small (it stays small)
  Counts      no points: a caution of gravity 2 (it costs time)
  Read in     Choosing between Django, Flask and FastAPI
              (001_5cfe5f720321b233.txt)
              under: Django: Cons
              search for: Less Flexibility:
  Disagree?   Edit the row `id = "heavy"` in src/headstart/knowledge/rules.toml
              of headstart.
"""
    )


def test_without_a_rule_all_are_listed_by_framework(three: tuple[Rule, ...]) -> None:
    assert (
        said()
        == """\
Django
  but  heavy
       It weighs too much.

Flask
   +6  small-services
       Small services are what it is good for.

FastAPI
   +1  fast-services
       Services have to be fast.

`headstart explain RULE` says more about one of them.
"""
    )


def test_a_program_gets_a_rule_as_an_object(three: tuple[Rule, ...]) -> None:
    assert json.loads(said("small-services", "--json")) == {
        "rule": "small-services",
        "framework": "flask",
        "because": "Small services are what it is good for.",
        "caution": False,
        "points": 6,
        "gravity": 0,
        "level": "for two answers together",
        "when": {"kind": ["api", "microservice"], "size": ["small"]},
        "source": {
            "document": "001_5cfe5f720321b233.txt",
            "title": "Choosing between Django, Flask and FastAPI",
            "section": "Flask: Pros",
            "search_for": "Lightweight and Flexible:",
        },
        "disagreements": [
            {
                "id": "services",
                "title": "services",
                "other_positions": [
                    {
                        "rule": "fast-services",
                        "framework": "fastapi",
                        "because": "Services have to be fast.",
                        "caution": False,
                        "points": 1,
                        "gravity": 0,
                    }
                ],
            }
        ],
        "change": {"file": "src/headstart/knowledge/rules.toml", "id": "small-services"},
    }


def test_a_program_gets_the_list_of_all_rules(three: tuple[Rule, ...]) -> None:
    listed = json.loads(said("--json"))
    assert [row["rule"] for row in listed] == ["small-services", "fast-services", "heavy"]
    assert listed[2] == {
        "rule": "heavy",
        "framework": "django",
        "because": "It weighs too much.",
        "caution": True,
        "points": 0,
        "gravity": 2,
    }


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        ("small-servces", "There is no rule called `small-servces`.", "`small-services` or"),
        (" HEAVY", "There is no rule called ` HEAVY`.", "Did you mean `heavy`?"),
        ("zzzzzz", "There is no rule called `zzzzzz`.", "`headstart explain` lists all of them."),
        ("\x1b[2J", "There is no rule called `?[2J`.", "`headstart explain` lists"),
        ("z" * 999, f"There is no rule called `{'z' * 40}...`.", "`headstart explain` lists"),
        ("", "There is no rule called ``.", "`headstart explain` lists"),
    ],
)
def test_an_unknown_rule_names_the_nearest(
    three: tuple[Rule, ...], words: str, message: str, hint: str
) -> None:
    with pytest.raises(WrongInput) as caught:
        said(words)
    assert caught.value.message == message
    assert hint in caught.value.hint


def test_every_weight_is_put_into_words() -> None:
    for rule in rules():
        words = gravities()[rule.gravity] if rule.is_caution else levels()[rule.points]
        assert json.loads(said(rule.id, "--json"))["level"] == words
        assert f"({words})" in flat(said(rule.id))


def test_a_position_shows_the_others() -> None:
    for each in disagreements():
        for rule in each.positions:
            text = flat(said(rule.id))
            others = [other for other in each.positions if other != rule]
            assert f"disagree on {each.title}" in text
            assert all(f"{other.id})" in text for other in others)


def test_the_file_to_change_is_there_and_has_the_rule() -> None:
    text = (ROOT / RULES_FILE).read_text(encoding="utf-8")
    assert all(f'id = "{rule.id}"' in text for rule in rules())


def test_the_command_line_explains_lists_and_refuses(tmp_path: Path) -> None:
    rule = rules()[0]
    explained = headstart("explain", rule.id, folder=tmp_path)
    assert (explained.code, explained.out) == (0, said(rule.id))
    listed = headstart("explain", folder=tmp_path)
    assert (listed.code, listed.out) == (0, said())
    assert all(len(line) <= 80 for line in listed.out.splitlines())
    refused = headstart("explain", f"{rule.id}s", folder=tmp_path)
    assert (refused.code, refused.out) == (2, "")
    error, hint = refused.err.splitlines()
    assert error == f"error: There is no rule called `{rule.id}s`."
    assert hint.startswith(f"hint: Did you mean `{rule.id}`")


def test_a_shell_completes_the_rules(tmp_path: Path) -> None:
    begun = rules()[0].id[:3]
    more: dict[str, Any] = {
        "_HEADSTART_COMPLETE": "bash_complete",
        "COMP_WORDS": f"headstart explain {begun}",
        "COMP_CWORD": "2",
    }
    completed = headstart(folder=tmp_path, **more).out.split()
    assert completed == [f"plain,{rule.id}" for rule in rules() if rule.id.startswith(begun)]
