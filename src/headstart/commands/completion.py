"""`headstart completion`: what a shell needs to complete our commands."""

import click
from click.shell_completion import get_completion_class

VARIABLE = "_HEADSTART_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script for a shell.

    For example: `eval "$(headstart completion bash)"` in `~/.bashrc`.
    """
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"There is no completion for `{shell}`.")
    click.echo(found(context.find_root().command, {}, "headstart", VARIABLE).source())
