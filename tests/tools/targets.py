"""What a tool is pointed at: an address over TLS, and who the tool is there."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .front import Exchange, Front


@dataclass(frozen=True)
class Target:
    """A site that runs behind its proxy.

    Args:
        front: the proxy, which counts what comes.
        cookies: those of somebody who is logged in; none for a stranger.
        start: the path to begin with.
    """

    front: Front
    cookies: Mapping[str, str] = field(default_factory=dict)
    start: str = "/"

    @property
    def url(self) -> str:
        """The address to begin with."""
        return self.front.url + self.start

    @property
    def cookie(self) -> str:
        """The value of a `Cookie` header."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


def statuses(exchanges: list[Exchange], path: str = "/") -> Counter[int]:
    """Count answers by their statuses, to a path and all below it."""
    return Counter(e.status for e in exchanges if e.path.startswith(path))


def addresses(exchanges: list[Exchange]) -> set[tuple[str, str]]:
    """Return what was asked for, without the queries."""
    return {(e.method, urlsplit(e.path).path) for e in exchanges}
