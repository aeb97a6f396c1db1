"""The command for whoever translates the site: `flask translate`."""

import click


@click.command()
@click.argument("languages", nargs=-1)
def translate(languages: tuple[str, ...]) -> None:
    """Collect the texts; say how many are not translated, in new LANGUAGES too."""
    # Servers have no use for it, and need not read it.
    from app.languages import catalogues

    for line in catalogues.translate(languages):
        click.echo(line)
