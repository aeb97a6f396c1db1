"""Compares how long two things take, on a machine that does other things too."""

from collections.abc import Callable

from headstart.proof.page import Page

# One hash of a password takes some 20 ms; what tells two answers apart is one
# hash more or less. Half of that is noise that a busy machine may make.
BOUND = 0.010
PAIRS = 9
ROUNDS = 4

Action = Callable[[], Page]


def difference(prepare: Callable[[], tuple[Action, Action]]) -> float:
    """Return by how many seconds two requests differ, at least.

    The requests are made in turn, in pairs; of each kind the quick half counts,
    because what makes a request slower is mostly somebody else's work. A round
    that shows no difference ends the matter, a real one shows in all of them.

    Args:
        prepare: called for each round, returns the two requests to compare.
    """
    smallest = float("inf")
    for _ in range(ROUNDS):
        one, other = prepare()
        pairs = [(one().seconds, other().seconds) for _ in range(PAIRS)]
        quick = [sorted(times)[: PAIRS // 2 + 1] for times in zip(*pairs, strict=True)]
        middles = [times[len(times) // 2] for times in quick]
        smallest = min(smallest, abs(middles[0] - middles[1]))
        if smallest < BOUND:
            break
    return smallest
