"""Proof of life: start a project, walk through it as a stranger would, say what was seen.

`prove_alive(project)` is all that the rest of headstart needs. The parts are of
use to whoever tests a running project: a `Browser`, a `Mailbox`, a `running`
server. Nothing here knows which framework the project is written in.
"""

from headstart.errors import NotAlive
from headstart.proof.alive import prove_alive
from headstart.proof.receipts import Receipt

__all__ = ["NotAlive", "Receipt", "prove_alive"]
