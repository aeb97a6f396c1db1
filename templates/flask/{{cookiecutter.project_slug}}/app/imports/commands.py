"""`flask import-products FILE --owner EMAIL`: queue a file of products."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.accounts.services import find_user
from app.imports import files, work


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--owner", required=True, metavar="EMAIL")
@with_appcontext
def import_products(file: Path, owner: str) -> None:
    """Queue the products of a CSV file, which a worker imports then."""
    user = find_user(owner.strip().lower())
    if user is None:
        raise click.ClickException(f"There is no account with the address {owner}.")
    try:
        with file.open("rb") as opened:
            found = files.read(opened.read(files.LARGEST + 1))
    except OSError as error:
        reason = f"{file} cannot be read: {error.strerror}."
        raise click.ClickException(reason) from None
    except ValueError as error:
        raise click.ClickException(f"{file}: {error}") from None
    queued = work.queue(found, file.name, user)
    rows = f"{queued.rows_total} rows of {queued.filename}"
    click.echo(f"Import {queued.id} is queued, with {rows}.")
