"""Does every row of the knowledge name only things that exist?

A row that does not is a mistake of ours, so it is a ValueError and not one of
the errors that are explained to a person.
"""

from collections.abc import Collection, Sequence

from headstart.knowledge.model import Condition, Question, Rule, Source


def check_names(what: str, names: Sequence[str]) -> None:
    """Refuse two rows of the same name.

    Raises:
        ValueError: a name is there twice.
    """
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"more than one {what} is called `{twice[0]}`")


def check_condition(where: str, condition: Condition, questions: Sequence[Question]) -> None:
    """Refuse a condition that is empty or on a key or value that nobody can answer.

    Raises:
        ValueError: it names an unknown key or value, or none at all.
    """
    known = {question.key: {value.name for value in question.values} for question in questions}
    if not condition:
        raise ValueError(f"{where} has a condition that is always met")
    for key, values in condition.items():
        if key not in known:
            raise ValueError(f"{where} names the unknown key `{key}`")
        unknown = sorted(set(values) - known[key])
        if unknown or not values:
            raise ValueError(f"{where} names an unknown value of `{key}`: {unknown}")


def check_rule(
    rule: Rule,
    frameworks: Collection[str],
    sources: Sequence[Source],
    questions: Sequence[Question],
) -> None:
    """Refuse a rule on an unknown framework, answer, document or section.

    Raises:
        ValueError: something that the rule names does not exist.
    """
    where = f"rule `{rule.id}`"
    if rule.framework not in frameworks:
        raise ValueError(f"{where} names the unknown framework `{rule.framework}`")
    check_condition(where, rule.when, questions)
    sections = {source.document: source.sections for source in sources}
    if rule.section not in sections[rule.document]:
        raise ValueError(f"{where} names the unknown section `{rule.section}`")


def check_weight(rule: Rule, levels: Collection[int], gravities: Collection[int]) -> None:
    """Refuse points that are none of the levels, and a gravity that is none of the degrees.

    Raises:
        ValueError: the weight of the rule is not explained anywhere.
    """
    if rule.is_caution and rule.gravity not in gravities:
        raise ValueError(f"rule `{rule.id}` has neither points nor a known gravity")
    if not rule.is_caution and (rule.points not in levels or rule.gravity):
        raise ValueError(f"rule `{rule.id}` has {rule.points} points, which is none of the levels")
