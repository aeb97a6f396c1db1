"""Proof of life: start a project, walk through it as a stranger would, say what was seen.

`alive.prove_alive(project)` is all that the rest of headstart needs. The parts are of
use to whoever tests a running project: a `Browser`, a `Mailbox`, a `running`
server. Nothing here knows which framework the project is written in.
"""
