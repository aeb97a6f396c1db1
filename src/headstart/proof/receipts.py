"""What the proof of life hands back: a receipt for each step, or why a step failed."""

from dataclasses import dataclass

from headstart.errors import NotAlive


@dataclass(frozen=True)
class Receipt:
    """One step that worked.

    Attributes:
        step: what was done, in a few words.
        says: what was seen.
        seconds: how long it took.
    """

    step: str
    says: str
    seconds: float


class StepFailed(NotAlive):
    """A step of the proof of life did not end as it should.

    Args:
        step: what was being done.
        expected: what should have come.
        came: what came instead.
        log: the last lines that the project's server wrote.
    """

    def __init__(self, step: str, expected: str, came: str, log: str = "") -> None:
        self.step = step
        self.expected = expected
        self.came = came
        self.log = log
        super().__init__(
            f"The project does not work: at `{step}`, {expected} was expected and {came} came.",
            f"The server's log ends with\n{log}" if log else "",
        )

    def with_log(self, log: str) -> "StepFailed":
        """Return the same failure, with the end of the server's log."""
        return StepFailed(self.step, self.expected, self.came, log)
