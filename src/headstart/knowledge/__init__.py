"""What headstart knows about the frameworks, and where it read it.

The facts are the TOML files in this folder; this module reads each of them
once, and refuses a row that names something that does not exist.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from headstart.knowledge.checking import check_condition, check_names, check_rule, check_weight
from headstart.knowledge.model import (
    Condition,
    Disagreement,
    Fallback,
    Feature,
    Question,
    Rule,
    Settlement,
    Source,
    Value,
)

__all__ = [
    "Disagreement",
    "Fallback",
    "Feature",
    "Question",
    "Rule",
    "Source",
    "Value",
    "disagreements",
    "fallback",
    "features",
    "frameworks",
    "gravities",
    "levels",
    "questions",
    "rules",
    "sources",
]

Row = dict[str, Any]


@cache
def questions() -> tuple[Question, ...]:
    """All questions, in the order in which those of equal weight are asked."""
    found = tuple(_question(row) for row in _table("questions")["question"])
    check_names("question", [question.key for question in found])
    for question in found:
        for condition in question.asked_when:
            check_condition(f"question `{question.key}`", condition, found)
        for settlement in question.settled_by:
            check_condition(f"question `{question.key}`", settlement.when, found)
            question.value(settlement.value)
    return found


@cache
def sources() -> tuple[Source, ...]:
    """The documents that the rules rest on."""
    return tuple(Source(**row) for row in _table("sources")["source"])


@cache
def frameworks() -> Mapping[str, str]:
    """The frameworks that can be advised: the name in commands, and the real one."""
    return dict(_table("rules")["frameworks"])


@cache
def rules() -> tuple[Rule, ...]:
    """All rules that speak for a framework, then all cautions."""
    table = _table("rules")
    found = tuple(_rule(row) for row in (*table["rule"], *table["caution"]))
    check_names("rule", [rule.id for rule in found])
    for rule in found:
        check_rule(rule, frameworks(), sources(), questions())
        check_weight(rule, levels(), gravities())
    return found


@cache
def levels() -> Mapping[int, str]:
    """The points that a rule can count, and what each number of them means."""
    return {int(points): says for points, says in _table("rules")["levels"].items()}


@cache
def gravities() -> Mapping[int, str]:
    """How grave a caution can be, the least first, and what each degree means."""
    return {int(gravity): says for gravity, says in _table("rules")["gravities"].items()}


@cache
def disagreements() -> tuple[Disagreement, ...]:
    """The questions on which the documents say different things."""
    known = {rule.id: rule for rule in rules()}
    return tuple(
        Disagreement(
            id=row["id"],
            title=row["title"],
            question=row["question"],
            when=_condition(row["when"]),
            positions=tuple(known[name] for name in row["positions"]),
            sides=dict(row["sides"]),
        )
        for row in _table("rules")["disagreement"]
    )


@cache
def fallback() -> Fallback:
    """The framework to begin with when nothing speaks for any of them."""
    return Fallback(**_with_document(_table("rules")["fallback"]))


@cache
def features() -> tuple[Feature, ...]:
    """All features of the projects."""
    found = tuple(_feature(row) for row in _table("features")["feature"])
    check_names("feature", [feature.name for feature in found])
    for feature in found:
        for condition in feature.selected_by:
            check_condition(f"feature `{feature.name}`", condition, questions())
    return found


@cache
def _table(name: str) -> Row:
    path = Path(__file__).with_name(f"{name}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _condition(row: Mapping[str, list[str]]) -> Condition:
    return {key: tuple(values) for key, values in row.items()}


def _question(row: Row) -> Question:
    values = tuple(Value(name, **texts) for name, texts in row["values"].items())
    settled = tuple(
        Settlement(_condition(each["when"]), each["value"]) for each in row.get("settled_by", ())
    )
    asked = tuple(_condition(each) for each in row.get("asked_when", ()))
    return Question(row["key"], row["ask"], values, asked, settled)


def _rule(row: Row) -> Rule:
    return Rule(**{**_with_document(row), "when": _condition(row["when"])})


def _with_document(row: Row) -> Row:
    number = row["document"]
    names = [each.document for each in sources() if each.document.startswith(f"{number}_")]
    if len(names) != 1:
        raise ValueError(f"no document or several begin with `{number}`")
    return {**row, "document": names[0]}


def _feature(row: Row) -> Feature:
    lists = {key: tuple(row.get(key, ())) for key in ("implies", "when_none_of")}
    selected = tuple(_condition(each) for each in row.get("selected_by", ()))
    return Feature(**{**row, **lists, "selected_by": selected})
