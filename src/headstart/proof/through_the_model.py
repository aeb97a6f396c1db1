"""Through the model: ask it something, and see which one answers."""

from collections.abc import Callable

from headstart.proof.steps import Walk, expect
from headstart.proof.through_the_api import read_json, send

LAMP = "A lamp for the desk, with a warm light"


def model_answers(walk: Walk) -> str:
    """Ask for the category of a lamp."""
    said = read_json(expect(send(walk, "POST", "/api/predict", {"texts": [LAMP]}), 200))
    facts = read_json(expect(send(walk, "GET", "/api/model"), 200))
    category = said["predictions"][0]["category"]
    return f"`/api/predict` says “{category}”, by version {facts['version']}"


STEPS: tuple[Callable[[Walk], str], ...] = (model_answers,)
