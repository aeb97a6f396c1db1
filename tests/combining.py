"""Which features can go together: all sets of them, and a few in which every two meet."""

import itertools
from functools import cache

from headstart.errors import WrongInput
from headstart.knowledge import features
from headstart.knowledge.selection import choose_features

Chosen = tuple[str, ...]


@cache
def combinations() -> tuple[Chosen, ...]:
    """All features that can go together, the fewest first."""
    names = [feature.name for feature in features()]
    sets = [some for size in range(len(names) + 1) for some in itertools.combinations(names, size)]
    return tuple(some for some in sets if _go_together(some, {*names} - {*some}))


def _go_together(chosen: Chosen, others: set[str]) -> bool:
    try:
        return choose_features((), chosen, others) == chosen
    except WrongInput:
        return False


@cache
def pairwise() -> tuple[Chosen, ...]:
    """A few of them: the smallest, the largest, and any two features with, without and apart.

    Each time the set that has most of what no other has yet.
    """
    smallest = [some for some in combinations() if len(some) == 1]
    chosen = [*smallest, combinations()[-1]]
    missing = set().union(*map(_pairs, combinations())).difference(*map(_pairs, chosen))
    while missing:
        best = max(combinations(), key=lambda some: len(_pairs(some) & missing))
        chosen.append(best)
        missing -= _pairs(best)
    return tuple(chosen)


def _pairs(chosen: Chosen) -> set[tuple[tuple[str, bool], ...]]:
    states = [(feature.name, feature.name in chosen) for feature in features()]
    return set(itertools.combinations(states, 2))
