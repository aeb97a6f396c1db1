"""Compares how long two things take, on a machine that does other things too.

What makes a request slower is mostly somebody else's work, which comes on top. So of each
kind the quicker half counts; and how much chance is in that, the pairs say themselves, drawn
again and again (a bootstrap). A difference that is not well beyond chance is none, and a
round without one ends the matter: a real one shows in all of them.
"""

import os
import random
import statistics
from collections.abc import Callable, Sequence

from headstart.proof.page import Page

# One hash of a password takes some 20 ms, and what tells two answers apart is mostly one
# hash more or less. The tests of this module find 5 ms with so many pairs as there are here.
PAIRS = int(os.environ.get("TIMING_PAIRS", "16"))
# So many for one account: the next might get no more mails, or have to wait.
BLOCK = 4
ROUNDS = 4
# Nobody is told anything by less, and no framework promises it.
BOUND = 0.001
DRAWS = 200
BEYOND_CHANCE = 2.6

Pair = tuple[float, float]
Action = Callable[[], Page]


def difference(prepare: Callable[[], tuple[Action, Action]], pairs: int = PAIRS) -> float:
    """Return by how many seconds two requests differ for certain; 0 when that may be chance.

    Args:
        prepare: called for each block of pairs, returns the two requests to compare.
        pairs: how many pairs a round has.
    """
    smallest = float("inf")
    for number in range(ROUNDS):
        # In no order that something else on the machine could have too.
        draw = random.Random(number)  # noqa: S311
        measured = [
            pair for _ in range(0, pairs, BLOCK) for pair in _measure(*prepare(), BLOCK, draw)
        ]
        smallest = min(smallest, certain(measured))
        if smallest < BOUND:
            break
    return smallest


def _measure(one: Action, other: Action, count: int, draw: random.Random) -> list[Pair]:
    pairs: list[Pair] = []
    for _ in range(count):
        if draw.random() < 1 / 2:
            pairs.append((one().seconds, other().seconds))
        else:
            late = other().seconds
            pairs.append((one().seconds, late))
    return pairs


def certain(pairs: Sequence[Pair]) -> float:
    """Return how far two kinds of times are apart, less what may be chance."""
    draw = random.Random(0)  # noqa: S311
    drawn = [_apart(draw.choices(pairs, k=len(pairs))) for _ in range(DRAWS)]
    return max(0.0, abs(_apart(pairs)) - BEYOND_CHANCE * statistics.pstdev(drawn))


def _apart(pairs: Sequence[Pair]) -> float:
    one, other = (sorted(times)[: len(pairs) // 2] for times in zip(*pairs, strict=True))
    return statistics.fmean(one) - statistics.fmean(other)
