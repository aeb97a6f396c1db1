"""The walk through a running project: what one would try first, in that order."""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from http.client import HTTPException

from headstart.proof import through_live, through_pages, through_the_api, through_the_model
from headstart.proof.receipts import Receipt, StepFailed
from headstart.proof.steps import Site, Unexpected, Walk

# What there is to walk through, by the feature that brings it.
STEPS = {
    "pages": through_pages.STEPS,
    "api": through_the_api.STEPS,
    "ml": through_the_model.STEPS,
    "realtime": through_live.STEPS,
}


def prove(site: Site, features: Collection[str]) -> Iterator[Receipt]:
    """Walk through a site, step by step.

    Args:
        site: a running project.
        features: what the project has; some bring steps of their own.

    Yields:
        A receipt for each step, as soon as it is done.

    Raises:
        StepFailed: a step failed; those after it were not tried.
    """
    with closing(site.visitor()) as visitor:
        walk = Walk(site, visitor)
        for step in (step for name in STEPS if name in features for step in STEPS[name]):
            if receipt := _take(step, walk):
                yield receipt


def _take(step: Callable[[Walk], str], walk: Walk) -> Receipt | None:
    name = step.__name__.replace("_", " ").replace("api", "API")
    started = time.perf_counter()
    try:
        says = step(walk)
    except Unexpected as error:
        raise StepFailed(name, error.expected, error.came) from error
    except (OSError, HTTPException, LookupError, ValueError) as error:
        came = str(error) or type(error).__name__
        raise StepFailed(name, "an answer", came) from error
    return Receipt(name, says, time.perf_counter() - started) if says else None
