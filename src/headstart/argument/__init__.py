"""The advice, put into words for a person and as data for a program.

Nothing is printed here. `terminal` has the argument for a screen and in full,
`markdown` for a team's records, `data` for programs; `words` is what they share.
"""

from headstart.argument.data import as_json
from headstart.argument.markdown import as_markdown
from headstart.argument.terminal import Fragment, argument, full_argument, plain
from headstart.argument.words import headline, source

__all__ = [
    "Fragment",
    "argument",
    "as_json",
    "as_markdown",
    "full_argument",
    "headline",
    "plain",
    "source",
]
