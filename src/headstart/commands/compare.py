"""`headstart compare`: the frameworks side by side."""

import shutil

import click

from headstart.commands.printing import print_json


@click.command()
@click.option("--features", "projects", is_flag=True, help="Compare what a project comes with.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print a table in Markdown.")
def compare(projects: bool, as_json: bool, as_markdown: bool) -> None:
    """Put the frameworks side by side, from the documents.

    Each statement is followed by the number of the document that makes it.
    """
    from headstart.commands.advise import STYLES
    from headstart.comparison import (
        documents_json,
        documents_table,
        projects_json,
        projects_table,
    )
    from headstart.errors import WrongInput
    from headstart.knowledge import frameworks
    from headstart.knowledge.comparison import aspects, parts
    from headstart.tables import markdown, terminal
    from headstart.template import read_template

    if as_json and as_markdown:
        raise WrongInput(
            "`--json` and `--markdown` cannot both be printed.", "Keep one of the two."
        )
    if projects:
        compared = parts(read_template(framework) for framework in frameworks())
        found, table = projects_json(compared), projects_table(compared)
    else:
        found, table = documents_json(aspects()), documents_table(aspects())
    if as_json:
        print_json(found)
    elif as_markdown:
        click.echo(markdown(table), nl=False)
    else:
        for style, text in terminal(table, shutil.get_terminal_size().columns):
            click.secho(text, nl=False, **STYLES.get(style, {}))
