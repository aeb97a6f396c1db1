"""Which features do the answers ask for, and which can go together?

What the answers pre-select, a person can choose otherwise.
"""

from collections.abc import Iterable

from headstart.errors import WrongInput
from headstart.knowledge import features, questions
from headstart.knowledge.model import Answers, Question, is_any_met, settlement


def asked_for_by(answers: Answers) -> set[str]:
    """The names of the features that the answers ask for, without what those imply."""
    complete = with_settled(answers, questions())
    return {each.name for each in features() if is_any_met(each.selected_by, complete)}


def with_settled(answers: Answers, known: Iterable[Question]) -> dict[str, str]:
    """The answers, and the values that they settle; what was answered stays."""
    complete = dict(answers)
    for question in known:
        value = settlement(question, complete)
        if value is not None:
            complete.setdefault(question.key, value)
    return complete


def preselected(answers: Answers) -> tuple[str, ...]:
    """The names of the features that the answers pre-select."""
    return choose_features(asked_for_by(answers))


def choose_features(
    preselected: Iterable[str], added: Iterable[str] = (), removed: Iterable[str] = ()
) -> tuple[str, ...]:
    """The features of a project, in the table's order.

    Args:
        preselected: what the answers asked for.
        added: what is wanted over that, with what it implies.
        removed: what is not wanted, whatever the answers say.

    Raises:
        WrongInput: a feature is unknown, both wanted and unwanted, or implied and
            unwanted, or nothing is left for anybody to use.
    """
    table = {feature.name: feature for feature in features()}
    added, removed = tuple(added), set(removed)
    for name in (*added, *removed):
        if name not in table:
            raise WrongInput(f"There is no feature `{name}`.", f"These exist: {', '.join(table)}.")
    if both := sorted(removed.intersection(added)):
        raise WrongInput(f"`{both[0]}` is both wanted and unwanted.", "Keep one of the two.")
    wanted = {name for name in preselected if name not in removed} | set(added)
    for name in sorted(wanted & set(table)):
        if needed := sorted(removed.intersection(table[name].implies)):
            raise WrongInput(
                f"`{name}` needs `{needed[0]}`.",
                f"Leave out `--without {needed[0]}`, or add `--without {name}`.",
            )
        wanted.update(table[name].implies)
    for name, feature in table.items():
        if feature.when_none_of and not wanted & set(feature.when_none_of):
            if name in removed:
                raise WrongInput(
                    "Nothing would be left for anybody to use.",
                    f"Leave out `--without {name}`.",
                )
            wanted.add(name)
    return tuple(name for name in table if name in wanted)
