"""The argument: on a screen, in full, as Markdown and as JSON."""

import json
import re
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headstart.advice import Advice, advise
from headstart.argument import argument, as_json, as_markdown, full_argument, plain
from headstart.argument.words import (
    changes,
    dispute,
    listed,
    next_ones,
    what_would_settle_it,
    why_not,
)
from headstart.knowledge import frameworks, questions, rules

ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        each.key: st.sampled_from([value.name for value in each.values]) for each in questions()
    },
)
OFTEN = settings(max_examples=60, deadline=None)


def ask(text: str) -> Advice:
    return advise(dict(pair.split("=") for pair in text.split()), rules())


def test_json_has_the_shape_of_the_contract() -> None:
    table = json.loads(json.dumps(as_json(ask("kind=content admin=yes experience=beginner"))))
    ours = {"answers", "strongest_against", "ask_next", "left_out"}
    assert table.keys() - ours == {
        "recommendation", "confidence", "ranking", "would_change", "disagreements", "features",
    }  # fmt: skip
    first = table["ranking"][0]
    assert first.keys() == {"framework", "points", "reasons", "cautions"}
    assert first["reasons"][0].keys() == {"rule", "because", "points", "answers", "source"}
    assert first["reasons"][0]["source"].keys() == {"document", "section"}
    assert first["cautions"][0].keys() == {"rule", "because", "source"}
    assert table["would_change"][0].keys() == {"answers", "recommendation"}
    assert table["disagreements"][0].keys() == {"question", "positions"}
    position = table["disagreements"][0]["positions"][0]
    assert position.keys() == {"framework", "rule", "because", "source"}
    assert sum(each["points"] for each in first["reasons"]) == first["points"]
    assert first["reasons"][0]["source"]["document"].endswith(".txt")
    assert table["strongest_against"] == first["cautions"][0]


@OFTEN
@given(ANSWERS, st.integers(17, 60))
def test_the_argument_fits_a_terminal_and_names_the_recommendation(
    answers: dict[str, str], height: int
) -> None:
    advice = advise(answers, rules())
    lines = plain(argument(advice, height)).splitlines()
    assert len(lines) <= height
    assert max(map(len, lines)) < 80
    if advice.recommendation:
        assert lines[0].startswith(frameworks()[advice.recommendation])
    if advice.recommendation and height >= 24:
        assert advice.ranking[0].reasons[0].rule.because in plain(argument(advice, height))


def test_the_argument_reads_like_this() -> None:
    assert (
        plain(argument(ask("kind=tool admin=yes")))
        == """\
Django fits best, but it is close.
This would settle most: Who decides how it is put together? (`control`)

  Django   14  ########################################
  Flask    10  #############################
  FastAPI   0

Why Django
  +6  Where back-office tools are wanted fast, Django's admin helps most.
      kind=tool, admin=yes (001)
  +4  Nothing beats the admin panel that Django makes from your data.
      admin=yes (001)
  +4  from 2 more

Against it: Internal tools are among what Flask is great for. (001)
Not Flask: it is 4 points behind. Flask has no admin panel; an extension has to
  be added. (001)

Flask, if you want to choose every part yourself, or if you need no admin
  panel.
FastAPI, if you build a REST API, or if you build a microservice.

Features: pages, admin.
"""
    )


def test_the_features_can_be_left_to_somebody_else() -> None:
    assert "Features" not in plain(argument(ask("kind=shop"), features=False))


@OFTEN
@given(ANSWERS)
def test_the_whole_argument_has_every_rule_by_name(answers: dict[str, str]) -> None:
    advice = advise(answers, rules())
    told = plain(full_argument(advice))
    flat = re.sub(r"\s+", " ", told)
    assert max(map(len, told.splitlines())) < 80
    for standing in advice.ranking:
        for rule in (*(each.rule for each in standing.reasons), *standing.cautions):
            assert f"{rule.section}; {rule.id})" in flat
            assert rule.because in flat
    for sentence in changes(advice.would_change):
        assert sentence in flat


@OFTEN
@given(ANSWERS)
def test_markdown_has_the_whole_argument_too(answers: dict[str, str]) -> None:
    advice = advise(answers, rules())
    record = as_markdown(advice, "headstart new")
    assert record.startswith("# Web framework: ")
    for standing in advice.ranking:
        for rule in (*(each.rule for each in standing.reasons), *standing.cautions):
            assert rule.because in record
    for block in record.split("\n\n"):
        if block.startswith("|"):
            assert len({line.count("|") for line in block.splitlines()}) == 1
    assert "headstart new\n```" in record


def test_markdown_reads_like_this() -> None:
    assert (
        as_markdown(ask("kind=tool"), "headstart new --framework flask")
        == """\
# Web framework: Flask

Flask fits best, by a clear lead. It rests on one answer. This would settle most: \
Do you need a ready-made admin panel for the data? (`admin`)

## What is to be built

| question | answer | as an option |
| --- | --- | --- |
| What are you building? | Tool: something for your own team | `kind=tool` |

## How they stand

| framework | points |
| --- | --- |
| Flask | 10 |
| Django | 0 |
| FastAPI | 0 |

## Why Flask

| points | reason | because of | source |
| --- | --- | --- | --- |
| 5 | Internal tools are among what Flask is great for. | `kind=tool` | \
001, Need a Small, Quick App or Simple REST API? |
| 5 | A company's own tools are on the list of what to choose Flask for. | `kind=tool` | \
003, When to Choose Flask |

## What would change it

- Django, if you need a ready-made admin panel, or if you build a complete website, \
or if you publish content, or if you build a shop, or if you build a business application, \
or if you build an educational platform.
- FastAPI, if thousands of requests arrive at once, or if you build a REST API, \
or if you build a microservice, or if you serve a machine-learning model, or if you build a chat or another live system.

## What the project comes with

Features: pages.

```
headstart new --framework flask
```

## The documents

- 001: Choosing between Django, Flask and FastAPI
- 003: Python Backend Frameworks: How to Choose the Right One
"""
    )


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ("", "First: What are you building? (`kind`)"),
        ("traffic=low", "This would settle most: What are you building? (`kind`)"),
        ("kind=shop", "It rests on one answer. No single further one would change it."),
        ("kind=shop size=large", ""),
    ],
)
def test_thin_evidence_is_said_with_the_question_that_would_settle_it(
    answers: str, says: str
) -> None:
    assert what_would_settle_it(ask(answers)) == says


@OFTEN
@given(ANSWERS)
def test_the_question_that_would_settle_it_is_open_and_does_settle(
    answers: Mapping[str, str],
) -> None:
    advice = advise(answers, rules())
    if advice.confidence == "tie" and advice.ask_next is None:
        assert what_would_settle_it(advice).startswith("No open question")
    if advice.ask_next:
        assert advice.ask_next not in answers
        asked = next(each for each in questions() if each.key == advice.ask_next)
        then = {
            advise({**answers, asked.key: value.name}, rules()).recommendation
            for value in asked.values
        }
        assert then - {advice.recommendation, None}


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (
            "kind=tool admin=yes",
            "Not Flask: it is 4 points behind. "
            "Flask has no admin panel; an extension has to be added.",
        ),
        ("kind=website", "Not Flask or FastAPI: nothing in the answers speaks for either."),
        (
            "kind=prototype size=medium",
            "Not Django or FastAPI: nothing in the answers speaks for either.",
        ),
        ("control=conventions control=full experience=beginner", None),
        # What is said against the first is not said for the next a second time.
        ("kind=microservice", "Not Flask: it is 5 points behind."),
    ],
)
def test_why_it_is_not_the_next_one(answers: str, says: str | None) -> None:
    advice = ask(answers)
    told, rule = why_not(advice, next_ones(advice))
    if says is not None:
        assert told == says
    if rule is not None:
        assert told.endswith(rule.because)
        assert rule != advice.strongest_against


def test_an_answer_to_what_is_not_asked_does_not_count_and_that_is_said() -> None:
    advice = ask("kind=shop experience=expert learning=apis")
    assert advice.recommendation == "django"
    assert advice.left_out == ("learning",)
    assert "`learning` does not count" in plain(argument(advice))
    assert as_json(advice)["left_out"] == ["learning"]
    assert ask("learning=apis").recommendation == "fastapi"
    assert ask("kind=learning learning=apis").left_out == ()


def test_names_are_listed_as_one_says_them() -> None:
    assert listed(["A"]) == "A"
    assert listed(["A", "B"]) == "A and B"
    assert listed(["A", "B", "C"]) == "A, B and C"


def test_a_disagreement_says_what_it_is_about() -> None:
    (found,) = ask("kind=api").disagreements
    assert dispute(found) == (
        "The documents disagree on REST APIs: Flask for simple ones (001 and 003); "
        "FastAPI for fast or busy ones (001 and 003)."
    )
