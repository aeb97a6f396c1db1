"""`headstart`: all commands under one name."""

import click

from headstart import __version__
from headstart.commands.advise import advise
from headstart.commands.compare import compare
from headstart.commands.completion import completion
from headstart.commands.doctor import doctor
from headstart.commands.explain import explain
from headstart.commands.features import features
from headstart.commands.new import new


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def group() -> None:
    """From a few answers to a running Django, Flask or FastAPI project.

    `headstart new` asks what you are about to build, says which framework fits
    and why, and makes a project that runs at once.
    """


for command in (new, advise, compare, explain, features, doctor, completion):
    group.add_command(command)
