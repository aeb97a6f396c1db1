"""Time whole commands side by side: in turn, several times, medians and ratios.

A machine's speed drifts; two commands that take turns drift together, so the
ratio of a pair holds where a time alone does not.
"""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Action = Callable[[], object]
Clock = Callable[[Action], float]


def command(words: Sequence[str], folder: Path | None = None, **more: str) -> Action:
    """Return an action that runs a command to its end, and fails if it does.

    Args:
        words: the command line.
        folder: where it runs; default, here.
        **more: environment variables over those of this process.
    """

    def run() -> None:
        subprocess.run(
            list(words),
            cwd=folder,
            env={**os.environ, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )

    return run


def seconds(action: Action) -> float:
    """Return how long an action takes, in seconds of wall time."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def median_of(times: int) -> Clock:
    """Return a clock for short actions: the median of so many in a row."""
    return lambda action: statistics.median(seconds(action) for _ in range(times))


def in_turn(
    actions: Mapping[str, Action],
    runs: int,
    before: Action = lambda: None,
    clock: Clock = seconds,
) -> dict[str, list[float]]:
    """Run every action in turn, once to warm up and then several times.

    Args:
        actions: what to time, by name.
        runs: how often each is timed.
        before: run before each action, not timed.
        clock: how long an action takes.

    Returns:
        The seconds of each action's runs, by name, in the order of the runs.
    """
    times: dict[str, list[float]] = {name: [] for name in actions}
    for number in range(runs + 1):
        for name, action in actions.items():
            before()
            took = clock(action)
            if number:
                times[name].append(took)
    return times


def report(times: Mapping[str, Sequence[float]], base: str, decimals: int = 0) -> None:
    """Print the median of each action, and its ratio to one of them, pair by pair.

    Args:
        times: the seconds of each action's runs, by name.
        base: the name of the action to compare with.
        decimals: of the milliseconds.
    """
    width = max(map(len, times))
    for name, own in times.items():
        ratios = [mine / other for mine, other in zip(own, times[base], strict=True)]
        print(
            f"{name:<{width}}  {statistics.median(own) * 1000:8.{decimals}f} ms"
            f"   {statistics.median(ratios):5.2f} times {base}"
            f"   ({min(ratios):.2f} to {max(ratios):.2f})"
        )
