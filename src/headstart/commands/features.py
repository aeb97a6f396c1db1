"""`headstart features`: what can be chosen, what it adds, what it implies."""

import dataclasses

import click

from headstart.commands.printing import print_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def features(as_json: bool) -> None:
    """List the features, what each adds and what each implies."""
    from headstart.knowledge import features as known

    if as_json:
        rows = [dataclasses.asdict(feature) for feature in known()]
        print_json(rows)
        return
    for feature in known():
        click.echo(f"{click.style(feature.name, bold=True)}  {feature.title}")
        click.echo(click.wrap_text(feature.adds, 78, "    ", "    "))
        if feature.implies:
            click.echo(f"    Brings with it: {', '.join(feature.implies)}.")
    click.echo()
    click.echo("Accounts are always there. Every feature exists for every framework.")
