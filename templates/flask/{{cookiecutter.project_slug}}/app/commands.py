"""Commands for whoever runs the site: `flask admin-user`, `flask check-deploy`."""

import click
from flask import current_app
from flask.cli import with_appcontext

from app.accounts.addresses import normalise
from app.accounts.models import User
from app.accounts.passwords import hash_password
from app.accounts.rules import display_name as checked_name
from app.accounts.rules import new_password
from app.accounts.services import find_user
from app.database import db
from app.settings import Settings


@click.command()
@click.option("--email", prompt="E-mail address")
@click.option("--display-name", prompt="Display name")
@click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    envvar="ADMIN_USER_PASSWORD",
    help="Better asked for, or in the environment as ADMIN_USER_PASSWORD.",
)
@with_appcontext
def admin_user(email: str, display_name: str, password: str) -> None:
    """Make an account for somebody who may change everything."""
    try:
        email = normalise(email)
        display_name = checked_name(display_name)
        password = new_password(password, email=email)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if find_user(email):
        raise click.ClickException("There is an account with that address already.")
    db.session.add(
        User(
            email=email,
            display_name=display_name,
            password_hash=hash_password(password),
            is_staff=True,
        )
    )
    db.session.commit()
    click.echo(f"{email} can log in now.")


def complaints(settings: Settings) -> list[str]:
    """What is unsafe, though the server would start with it."""
    checks = {
        "DEBUG is on.": settings.debug,
        "SITE_URL does not begin with https://.": not settings.is_https,
        "ALLOWED_HOSTS has a wildcard.": any("*" in host for host in settings.hosts),
        "MAIL_URL writes mails to files.": (
            settings.mail_url.get_secret_value().startswith("file:")
        ),
    }
    return [complaint for complaint, is_so in checks.items() if is_so]


@click.command()
@with_appcontext
def check_deploy() -> None:
    """Fail if the settings would not do in production."""
    found = complaints(current_app.config["SETTINGS"])
    if found:
        raise click.ClickException("\n".join(found))
    click.echo("The settings will do in production.")
