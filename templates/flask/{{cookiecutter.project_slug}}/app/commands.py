"""Commands for whoever runs the site: `flask admin-user`, `flask check-deploy`."""

import click
from flask import current_app
from flask.cli import with_appcontext

from app.accounts.addresses import normalise
from app.accounts.models import User
from app.accounts.passwords import hash_password, why_refused
from app.accounts.services import find_user
from app.database import db
from app.settings import SITE_NAME, Settings


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
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if not 1 <= len(display_name.strip()) <= 80:
        raise click.ClickException("A display name has 1 to 80 characters.")
    if find_user(email):
        raise click.ClickException("There is an account with that address already.")
    reason = why_refused(password, email=email, site_name=SITE_NAME)
    if reason:
        raise click.ClickException(reason)
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
